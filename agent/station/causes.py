"""What an event at an EVSE is told as, and why a transaction stops with it. Pure."""

from __future__ import annotations

from agent.station.events import (
    Authorized,
    BoltReported,
    CableReleased,
    CostDue,
    DataSigned,
    Detached,
    Event,
    FaultCleared,
    FaultFound,
    FinalReadingTaken,
    Held,
    LimitChanged,
    LimitReached,
    PhasesCounted,
    PilotChanged,
    PluggedIn,
    PlugUnlocked,
    PowerReported,
    ReservationChanged,
    Resumed,
    SampleDue,
    ServiceChanged,
    SpeechChanged,
    Terminated,
    TransactionLimited,
    TurnPassed,
    Unplugged,
    VehicleArrived,
    VehicleDeparted,
    Withdrawn,
)
from agent.transactions.limits import LimitKind
from agent.transactions.progress import Cause
from agent.transactions.records import StopReason, Trigger

_TRIGGERS: dict[type[Event], Trigger] = {
    PluggedIn: "CablePluggedIn",
    Unplugged: "EVCommunicationLost",
    Detached: "EVCommunicationLost",
    PilotChanged: "ChargingStateChanged",
    FaultFound: "AbnormalCondition",
    FaultCleared: "ChargingStateChanged",
    PowerReported: "ChargingStateChanged",
    LimitChanged: "ChargingRateChanged",
    TurnPassed: "ChargingStateChanged",
    Held: "ChargingStateChanged",
    FinalReadingTaken: "ChargingStateChanged",
    ServiceChanged: "CablePluggedIn",
    ReservationChanged: "ChargingStateChanged",
    BoltReported: "ChargingStateChanged",
    SpeechChanged: "ChargingStateChanged",
    CableReleased: "ChargingStateChanged",
    PlugUnlocked: "UnlockCommand",
    VehicleArrived: "EVDetected",
    VehicleDeparted: "EVDeparted",
    DataSigned: "SignedDataReceived",
    TransactionLimited: "LimitSet",
    Resumed: "TxResumed",
}
"""What an event is told as. A vehicle that waited out of service counts as plugged in when service begins."""

_REASONS: dict[type[Event], StopReason] = {
    Unplugged: "EVDisconnected",
    Detached: "EVDisconnected",
    PilotChanged: "StoppedByEV",
    FaultFound: "Other",
    PowerReported: "Other",
    LimitChanged: "Other",
    Held: "DeAuthorized",
    BoltReported: "Other",
    SpeechChanged: "StoppedByEV",
    VehicleDeparted: "EVDisconnected",
}
"""Why a transaction stops if the event passes a stop point (E06.FR.08)."""

_SPENT: dict[LimitKind | None, tuple[Trigger, StopReason | None]] = {
    None: ("ChargingStateChanged", None),
    "cost": ("CostLimitReached", "LocalOutOfCredit"),
    "energy": ("EnergyLimitReached", "EnergyLimitReached"),
    "soc": ("SoCLimitReached", "SOCLimitReached"),
    "time": ("TimeLimitReached", "TimeLimitReached"),
}
"""What a limit that is reached is told as, and why a transaction stops whose stop point is its energy."""

_ALWAYS_TOLD = (FaultFound, PlugUnlocked, Resumed, TransactionLimited, VehicleArrived, VehicleDeparted)
"""What a running transaction is told of even if it changes nothing else (E02.FR.17)."""


def cause_of(event: Event) -> Cause:
    """Return what a running transaction is told of an event."""
    match event:
        case LimitReached(kind=spent):
            trigger, reason = _SPENT[spent]
            return Cause(at=event.at, trigger=trigger, reason=reason, reports_always=spent is not None)
        case Withdrawn():
            return Cause(at=event.at, trigger=event.trigger, reason=event.reason, token=event.token)
        case Terminated():
            return Cause(at=event.at, trigger=event.trigger, reason=event.reason, ends_always=True)
        case SampleDue() | CostDue():
            return Cause(at=event.at, trigger=event.trigger, reports_always=True)
        case Authorized():
            return Cause(at=event.at, trigger=event.trigger)
        case PhasesCounted(phases_used=count):
            return Cause(at=event.at, trigger="ChargingRateChanged", phases_used=count, reports_always=True)
        case FinalReadingTaken():
            return Cause(at=event.at, trigger=_TRIGGERS[FinalReadingTaken], is_final_reading=True)
        case _:
            kind = type(event)
            return Cause(
                at=event.at,
                trigger=_TRIGGERS[kind],
                reason=_REASONS.get(kind),
                reports_always=kind in _ALWAYS_TOLD or _is_significant(event),
            )


def _is_significant(event: Event) -> bool:
    return isinstance(event, LimitChanged) and event.is_significant
