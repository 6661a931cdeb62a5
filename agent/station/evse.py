"""One EVSE as a table of phases and a pure step.

The phase says who is there: a cable, a driver's authorization, both or neither. Whether power is offered,
which status the connector shows and which transaction events are due all follow from it: they are computed,
never stored twice.

`step` returns the state after an event and the report that the event causes. It performs nothing: the service
commits state and report together, and only then touches the hardware, so that a power cut at any instruction
finds either the state before or the state after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal

from agent.transactions.points import Condition, Points
from agent.transactions.progress import Cause, Report, Situation, advance
from agent.transactions.records import (
    Authorization,
    ChargingState,
    StopReason,
    Token,
    Transaction,
    Trigger,
)
from drivers.readings import Pilot

ConnectorStatus = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]


class Phase(Enum):
    """Who is there."""

    IDLE = "idle"
    DRIVER_ONLY = "driver-only"
    CABLE_ONLY = "cable-only"
    POWERED = "powered"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvseState:
    """All there is to know of an EVSE; stored on every change."""

    phase: Phase = Phase.IDLE
    pilot: Pilot = Pilot.A
    authorization: Authorization | None = None
    fault: str | None = None
    transaction: Transaction | None = None

    @property
    def wants_power(self) -> bool:
        """Whether the charge controller is to offer energy."""
        return self.phase is Phase.POWERED and self.fault is None

    @property
    def status(self) -> ConnectorStatus:
        """The connector's status (G01, ConnectorStatusEnumType)."""
        if self.fault is not None:
            return "Faulted"
        return "Available" if self.phase is Phase.IDLE and self.transaction is None else "Occupied"

    @property
    def charging_state(self) -> ChargingState:
        """ChargingStateEnumType as the phase and the pilot imply it."""
        if self.phase in (Phase.IDLE, Phase.DRIVER_ONLY):
            return "Idle"
        if self.phase is Phase.CABLE_ONLY:
            return "EVConnected"
        if self.fault is not None:
            return "SuspendedEVSE"
        if self.pilot in (Pilot.C, Pilot.D):
            return "Charging"
        has_charged = self.transaction is not None and self.transaction.has_charged
        return "SuspendedEV" if has_charged else "EVConnected"

    @property
    def situation(self) -> Situation:
        """What a transaction can see of this EVSE."""
        return Situation(
            conditions=_CONDITIONS[self.phase]
            | (_ENERGY_TRANSFER if self.charging_state == "Charging" else frozenset()),
            charging_state=self.charging_state,
            authorization=self.authorization,
        )


_ENERGY_TRANSFER: frozenset[Condition] = frozenset({"EnergyTransfer"})
_CONDITIONS: dict[Phase, frozenset[Condition]] = {
    Phase.IDLE: frozenset(),
    Phase.DRIVER_ONLY: frozenset({"Authorized"}),
    Phase.CABLE_ONLY: frozenset({"EVConnected"}),
    Phase.POWERED: frozenset({"EVConnected", "Authorized", "PowerPathClosed"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the EVSE at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PluggedIn(Event):
    """The pilot went from no vehicle to a vehicle."""

    pilot: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplugged(Event):
    """The vehicle is gone, and with it the driver's authorization (E09)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached(Event):
    """The vehicle is gone, and may come back: StopTxOnEVSideDisconnect is false (E10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotChanged(Event):
    """The vehicle asks for energy, or no longer does."""

    pilot: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized(Event):
    """A driver may charge here."""

    authorization: Authorization
    trigger: Literal["Authorized", "RemoteStart"] = "Authorized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The permission to charge ended: by card, by the backend, or because no cable came."""

    trigger: Trigger
    reason: StopReason
    token: Token | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(Event):
    """Whatever goes on here ends now, whatever the stop points are: reset (B12)."""

    trigger: Trigger
    reason: StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFound(Event):
    """The EVSE cannot charge safely, or cannot measure."""

    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCleared(Event):
    """The EVSE works again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDue(Event):
    """A meter sample of a running transaction is due, or the backend asked for a report (F06)."""

    trigger: Literal["MeterValueClock", "MeterValuePeriodic", "Trigger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalReadingTaken(Event):
    """The meter was read after the power went off, or could not be read in time."""


class IllegalTransition(Exception):
    """The event has no meaning in this phase; nothing changed."""

    def __init__(self, state: EvseState, event: Event) -> None:
        super().__init__(f"{type(event).__name__} has no meaning while the EVSE is {state.phase.value}")
        self.state = state
        self.event = event


NEXT: dict[tuple[Phase, type[Event]], Phase] = {
    (Phase.IDLE, PluggedIn): Phase.CABLE_ONLY,
    (Phase.IDLE, Authorized): Phase.DRIVER_ONLY,
    (Phase.IDLE, Terminated): Phase.IDLE,
    (Phase.DRIVER_ONLY, PluggedIn): Phase.POWERED,
    (Phase.DRIVER_ONLY, Withdrawn): Phase.IDLE,
    (Phase.DRIVER_ONLY, Terminated): Phase.IDLE,
    (Phase.CABLE_ONLY, Authorized): Phase.POWERED,
    (Phase.CABLE_ONLY, PilotChanged): Phase.CABLE_ONLY,
    (Phase.CABLE_ONLY, Unplugged): Phase.IDLE,
    (Phase.CABLE_ONLY, Detached): Phase.IDLE,
    (Phase.CABLE_ONLY, Terminated): Phase.CABLE_ONLY,
    (Phase.POWERED, PilotChanged): Phase.POWERED,
    (Phase.POWERED, Withdrawn): Phase.CABLE_ONLY,
    (Phase.POWERED, Unplugged): Phase.IDLE,
    (Phase.POWERED, Detached): Phase.DRIVER_ONLY,
    (Phase.POWERED, Terminated): Phase.CABLE_ONLY,
    **{
        (phase, event): phase
        for phase in Phase
        for event in (FaultFound, FaultCleared, SampleDue, FinalReadingTaken)
    },
}


def step(state: EvseState, event: Event, points: Points, new_id: str) -> tuple[EvseState, Report | None]:
    """Return the state after `event` and the report it causes.

    `new_id` becomes the transaction's id if this event starts one.

    Raises:
        IllegalTransition: If the event has no meaning in this phase, or a driver is authorized while the
            previous transaction still ends or a fault stands. Nothing has changed then.
    """
    key = (state.phase, type(event))
    if key not in NEXT or (isinstance(event, Authorized) and not _may_authorize(state)):
        raise IllegalTransition(state, event)
    after = _settle(state, event, NEXT[key])
    transaction, report = advance(
        state.transaction, state.situation, after.situation, _cause(event), points, new_id
    )
    return replace(after, transaction=transaction), report


def _may_authorize(state: EvseState) -> bool:
    return state.fault is None and (state.transaction is None or state.transaction.ending is None)


def _settle(state: EvseState, event: Event, phase: Phase) -> EvseState:
    """Return the state with the facts that the event carries, before any transaction is looked at."""
    match event:
        case PluggedIn(pilot=pilot) | PilotChanged(pilot=pilot):
            state = replace(state, pilot=pilot)
        case Unplugged() | Detached():
            state = replace(state, pilot=Pilot.A)
        case Authorized(authorization=authorization):
            state = replace(state, authorization=authorization)
        case FaultFound(fault=fault):
            state = replace(state, fault=fault)
        case FaultCleared():
            state = replace(state, fault=None)
        case _:
            pass
    driver_is_here = phase in (Phase.DRIVER_ONLY, Phase.POWERED)
    return replace(state, phase=phase, authorization=state.authorization if driver_is_here else None)


_TRIGGERS: dict[type[Event], Trigger] = {
    PluggedIn: "CablePluggedIn",
    Unplugged: "EVCommunicationLost",
    Detached: "EVCommunicationLost",
    PilotChanged: "ChargingStateChanged",
    FaultFound: "AbnormalCondition",
    FaultCleared: "ChargingStateChanged",
    FinalReadingTaken: "ChargingStateChanged",
}


def _cause(event: Event) -> Cause:
    match event:
        case Withdrawn():
            return Cause(at=event.at, trigger=event.trigger, reason=event.reason, token=event.token)
        case Terminated():
            return Cause(at=event.at, trigger=event.trigger, reason=event.reason, ends_always=True)
        case SampleDue():
            return Cause(at=event.at, trigger=event.trigger, reports_always=True)
        case Authorized():
            return Cause(at=event.at, trigger=event.trigger)
        case Unplugged():
            return Cause(at=event.at, trigger=_TRIGGERS[Unplugged], reason="EVDisconnected")
        case FinalReadingTaken():
            return Cause(at=event.at, trigger=_TRIGGERS[FinalReadingTaken], is_final_reading=True)
        case _:
            return Cause(at=event.at, trigger=_TRIGGERS[type(event)])
