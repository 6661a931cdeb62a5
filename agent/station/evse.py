"""One EVSE as a table of phases and a pure step.

The phase says who is there: a cable, a driver's authorization, both or neither. Whether power is wanted,
which status the connector shows, the charging state and which transaction events are due all follow from it
and from what the hardware confirmed: they are computed, never stored twice.

`step` returns the state after an event and the report that the event causes. It performs nothing: the service
commits state and report together, and only then touches the hardware, so that a power cut at any instruction
finds either the state before or the state after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Literal

from agent.station.causes import cause_of
from agent.station.events import (
    Authorized,
    Bolt,
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
    Speech,
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
from agent.transactions.points import Condition, Points
from agent.transactions.progress import Report, Situation, advance
from agent.transactions.records import (
    Authorization,
    ChargingState,
    Transaction,
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
    """All there is to know of an EVSE; stored on every change.

    `power_is_on`: the charge controller last confirmed that it offers energy. `vehicle_had_turn`: since power
    was offered the vehicle has drawn energy, or has let its time pass. `is_held`: energy is withheld because
    the backend does not accept the driver (E05.FR.02). `is_limited`: charging limits leave nothing to offer.
    `is_detached`: the vehicle went away from a transaction that waits for it (E10). `tolerated_to_mwh`: the
    count up to which energy goes on to a driver whom the backend does not accept (E05.FR.03).
    `has_finished`: a driver has left the cable that is plugged in, or the vehicle in the bay. `is_closed`:
    the operator took it out of service; who charges may finish (G03.FR.05). `is_reserved`: it is kept for who
    has a reservation. `kept_for`: whose cable stays locked in although the vehicle left (E09.FR.03), or its
    driver was not accepted (E05.FR.11). `has_vehicle`: one stands in the bay, as its sensor says.
    `is_signed`: the meter has signed what the transaction begins with. `reached`: the limit of the
    transaction that lets no more energy flow (E16.FR.05). `speech`: what the vehicle says over ISO 15118.
    """

    phase: Phase = Phase.IDLE
    pilot: Pilot = Pilot.A
    authorization: Authorization | None = None
    fault: str | None = None
    power_is_on: bool = False
    vehicle_had_turn: bool = False
    is_held: bool = False
    tolerated_to_mwh: int | None = None
    is_limited: bool = False
    is_detached: bool = False
    has_finished: bool = False
    is_closed: bool = False
    is_reserved: bool = False
    bolt: Bolt = "none"
    speech: Speech = "silent"
    kept_for: Authorization | None = None
    has_vehicle: bool = False
    is_signed: bool = False
    reached: LimitKind | None = None
    transaction: Transaction | None = None

    @property
    def wants_power(self) -> bool:
        """Whether the charge controller is to offer energy; a vehicle that speaks must have asked for it.

        On direct current the way is made ready before.
        """
        return self.could_charge and not self.is_limited and self.speech in _LETS_FLOW

    @property
    def could_charge(self) -> bool:
        """Whether energy would be offered if charging limits allow it; none flows through a loose plug."""
        is_secure = self.bolt in ("none", "held")
        may_go_on = self.fault is None and not self.is_held and self.reached is None
        return self.phase is Phase.POWERED and may_go_on and is_secure

    @property
    def wants_bolt(self) -> bool:
        """Whether the plug is to be held: while a driver charges, or has left a cable to come back for."""
        return self.phase is Phase.POWERED or self.is_detached or self.kept_for is not None

    @property
    def is_in_use(self) -> bool:
        """Whether somebody charges here, or is about to."""
        return self.transaction is not None or self.authorization is not None

    @property
    def is_ending(self) -> bool:
        """Whether a transaction has stopped here that waits for its final reading."""
        return self.transaction is not None and self.transaction.ending is not None

    @property
    def status(self) -> ConnectorStatus:
        """The connector's status (G01): a cable occupies it, a driver alone does not.

        Whoever uses a reservation ends it; the connector is Available then until the cable comes (H03).
        """
        if self.fault is not None:
            return "Faulted"
        if self.is_closed and (not self.is_in_use or self.is_left):
            return "Unavailable"
        if self.is_reserved and not self._is_somebodys:
            return "Reserved"
        return "Occupied" if self.has_cable else "Available"

    @property
    def is_left(self) -> bool:
        """Whether only a transaction's last reading is still waited for: cable and driver have gone."""
        return self.is_ending and self.authorization is None and not self.has_cable

    @property
    def has_cable(self) -> bool:
        """Whether a cable is plugged in, at a vehicle or left behind by one."""
        is_plugged = self.phase in (Phase.CABLE_ONLY, Phase.POWERED)
        return is_plugged or self.is_detached or self.kept_for is not None

    @property
    def _is_somebodys(self) -> bool:
        """Whether a driver has begun here; a cable alone leaves a reserved connector Reserved (G01.FR.09)."""
        has_begun = self.transaction is not None and self.transaction.token is not None
        return self.authorization is not None or has_begun or self.kept_for is not None

    @property
    def charging_state(self) -> ChargingState:
        """ChargingStateEnumType. Charging is said only while the controller confirms that power is on."""
        if self.phase in (Phase.IDLE, Phase.DRIVER_ONLY):
            return "Idle"
        if self.phase is Phase.POWERED and not self.wants_power:
            is_locking = self.bolt == "open" and not self.vehicle_had_turn
            if self.could_charge and not self.is_limited:
                return self._state_by_speech
            return "EVConnected" if is_locking else "SuspendedEVSE"
        if self.fault is not None or not self.power_is_on:
            was_on = self.phase is Phase.POWERED and self.vehicle_had_turn
            return "SuspendedEVSE" if was_on else "EVConnected"
        if self.speech == "prepares":
            return self._state_by_speech
        if self.pilot in _ASKS_FOR_ENERGY:
            return "Charging"
        return "SuspendedEV" if self.vehicle_had_turn else "EVConnected"

    @property
    def _state_by_speech(self) -> ChargingState:
        """The charging state where only the vehicle's word is missing."""
        return "SuspendedEV" if self.vehicle_had_turn or self.speech == "paused" else "EVConnected"

    @property
    def situation(self) -> Situation:
        """What a transaction can see of this EVSE: out of service, nothing that could start one."""
        conditions = _CONDITIONS[self.phase]
        if self.is_closed and not self.is_in_use:
            conditions = frozenset()
        if self.speech == "over":
            conditions -= _POWER_PATH
        if self.phase is Phase.POWERED and self.charging_state == "Charging":
            conditions |= _ENERGY_TRANSFER
        if self.has_vehicle and (self.is_in_use or not self.is_closed):
            conditions |= _BAY
        if self.is_signed:
            conditions |= _SIGNED
        return Situation(
            conditions=conditions, charging_state=self.charging_state, authorization=self.authorization
        )


_ASKS_FOR_ENERGY = (Pilot.C, Pilot.D)
_LETS_FLOW: Final[tuple[Speech, ...]] = ("silent", "prepares", "asks")
_POWER_PATH: frozenset[Condition] = frozenset({"PowerPathClosed"})
_ENERGY_TRANSFER: frozenset[Condition] = frozenset({"EnergyTransfer"})
_BAY: frozenset[Condition] = frozenset({"ParkingBayOccupancy"})
_SIGNED: frozenset[Condition] = frozenset({"DataSigned"})
_CONDITIONS: dict[Phase, frozenset[Condition]] = {
    Phase.IDLE: frozenset(),
    Phase.DRIVER_ONLY: frozenset({"Authorized"}),
    Phase.CABLE_ONLY: frozenset({"EVConnected"}),
    Phase.POWERED: frozenset({"EVConnected", "Authorized", "PowerPathClosed"}),
}


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
    (Phase.DRIVER_ONLY, Held): Phase.DRIVER_ONLY,
    (Phase.DRIVER_ONLY, Terminated): Phase.IDLE,
    (Phase.CABLE_ONLY, Authorized): Phase.POWERED,
    (Phase.CABLE_ONLY, PilotChanged): Phase.CABLE_ONLY,
    (Phase.CABLE_ONLY, Unplugged): Phase.IDLE,
    (Phase.CABLE_ONLY, Detached): Phase.IDLE,
    (Phase.CABLE_ONLY, Terminated): Phase.CABLE_ONLY,
    (Phase.POWERED, PilotChanged): Phase.POWERED,
    (Phase.POWERED, TurnPassed): Phase.POWERED,
    (Phase.POWERED, Held): Phase.POWERED,
    (Phase.POWERED, Withdrawn): Phase.CABLE_ONLY,
    (Phase.POWERED, Unplugged): Phase.IDLE,
    (Phase.POWERED, Detached): Phase.DRIVER_ONLY,
    (Phase.POWERED, Terminated): Phase.CABLE_ONLY,
    (Phase.POWERED, DataSigned): Phase.POWERED,
    **{
        (phase, event): phase
        for phase in Phase
        for event in (
            FaultFound,
            FaultCleared,
            PowerReported,
            LimitChanged,
            SampleDue,
            CostDue,
            FinalReadingTaken,
            ServiceChanged,
            ReservationChanged,
            BoltReported,
            SpeechChanged,
            CableReleased,
            TransactionLimited,
            LimitReached,
            Resumed,
            PlugUnlocked,
            PhasesCounted,
            VehicleArrived,
            VehicleDeparted,
        )
    },
}


def step(state: EvseState, event: Event, points: Points, new_id: str) -> tuple[EvseState, Report | None]:
    """Return the state after `event` and the report it causes.

    `new_id` becomes the transaction's id if this event starts one.

    Raises:
        IllegalTransition: If the event has no meaning in this phase, or a driver is authorized for whom
            `may_authorize` is false. Nothing has changed then.
    """
    key = (state.phase, type(event))
    if key not in NEXT:
        raise IllegalTransition(state, event)
    if isinstance(event, Authorized) and not may_authorize(state, event.authorization):
        raise IllegalTransition(state, event)
    phase = Phase.CABLE_ONLY if _takes_the_driver(state, event, points) else NEXT[key]
    after = _settle(state, event, phase)
    transaction, report = advance(
        after.transaction, state.situation, after.situation, cause_of(event), points, new_id
    )
    if transaction is not None and transaction.ending is not None and after.phase is Phase.DRIVER_ONLY:
        after = replace(
            after,
            phase=Phase.IDLE,
            authorization=None,
            is_held=False,
            tolerated_to_mwh=None,
            is_detached=False,
        )
    is_open = transaction is not None and transaction.ending is None
    after = replace(after, transaction=transaction, is_signed=after.is_signed and is_open)
    return replace(after, reached=after.reached if is_open else None), report


def _takes_the_driver(state: EvseState, event: Event, points: Points) -> bool:
    """Return whether the bay is said to be empty, and that ends a transaction of a vehicle plugged in there.

    Its driver's permission ends with it: no energy is to flow without a transaction.
    """
    is_stop = isinstance(event, VehicleDeparted) and "ParkingBayOccupancy" in points.stop
    return is_stop and state.phase is Phase.POWERED and state.transaction is not None


def may_authorize(state: EvseState, driver: Authorization) -> bool:
    """Return whether a driver may be authorized here now, if the phase allows it.

    Not during a fault, nor while a transaction waits for its end, nor a second driver on the first one's
    transaction (C01.FR.23, F01.FR.24), nor with another driver's cable in the socket. A new one not out of
    service, nor without a reservation where there is one for somebody else.
    """
    if state.fault is not None or (state.kept_for is not None and not _is_of(state.kept_for, driver)):
        return False
    transaction = state.transaction
    if transaction is not None and transaction.ending is not None:
        return False
    if transaction is not None and transaction.token is not None:
        return transaction.token.is_same_as(driver.token)
    return not state.is_closed and (not state.is_reserved or driver.reservation_id is not None)


def _is_of(owner: Authorization, driver: Authorization) -> bool:
    return owner.admits(driver.token, driver.group_id)


def _settle(state: EvseState, event: Event, phase: Phase) -> EvseState:
    """Return the state with the facts that the event carries, before any transaction is looked at."""
    match event:
        case PluggedIn(pilot=pilot) | PilotChanged(pilot=pilot):
            state = replace(state, pilot=pilot)
        case Unplugged(keeps_cable=keeps_cable):
            owner = state.authorization or state.kept_for
            state = replace(state, pilot=Pilot.A, kept_for=owner if keeps_cable else None)
        case Detached():
            state = replace(state, pilot=Pilot.A)
        case Authorized(authorization=authorization):
            state = replace(state, authorization=authorization, vehicle_had_turn=False, kept_for=None)
        case TransactionLimited() | LimitReached():
            state = _bounded(state, event)
        case TurnPassed():
            state = replace(state, vehicle_had_turn=True)
        case Withdrawn(trigger="Deauthorized") if state.bolt != "none" and state.wants_bolt:
            state = replace(state, kept_for=state.authorization)
        case Held() | Resumed():
            state = _withheld(state, event)
        case CableReleased():
            state = replace(state, kept_for=None)
        case _:
            state = _learnt(state, event)
    finishes = state.phase is Phase.POWERED
    return _fit(replace(state, phase=phase), detaches=isinstance(event, Detached), finishes=finishes)


def _learnt(state: EvseState, event: Event) -> EvseState:
    """Return the state with what hardware, limits and the operator say of themselves."""
    match event:
        case FaultFound(fault=fault):
            return replace(state, fault=fault)
        case FaultCleared():
            return replace(state, fault=None)
        case PowerReported() | BoltReported() | SpeechChanged():
            return _reported(state, event)
        case LimitChanged(is_limited=is_limited):
            return replace(state, is_limited=is_limited)
        case ServiceChanged(is_closed=is_closed):
            return replace(state, is_closed=is_closed)
        case ReservationChanged(is_reserved=is_reserved):
            return replace(state, is_reserved=is_reserved)
        case VehicleArrived() | VehicleDeparted():
            return replace(state, has_vehicle=isinstance(event, VehicleArrived))
        case DataSigned():
            return replace(state, is_signed=True)
        case _:
            return state


def _reported(state: EvseState, event: PowerReported | BoltReported | SpeechChanged) -> EvseState:
    """Return the state with what controller, bolt or vehicle say of themselves."""
    match event:
        case PowerReported(is_on=is_on):
            return replace(state, power_is_on=is_on)
        case BoltReported(bolt=bolt):
            return replace(state, bolt=bolt)
        case SpeechChanged(speech=speech):
            return replace(state, speech=speech)


def _fit(state: EvseState, *, detaches: bool, finishes: bool) -> EvseState:
    """Drop what the phase no longer holds, and take note of a vehicle that draws."""
    driver_is_here = state.phase in (Phase.DRIVER_ONLY, Phase.POWERED)
    vehicle_is_here = state.phase in (Phase.CABLE_ONLY, Phase.POWERED)
    is_left = state.phase is Phase.CABLE_ONLY or (state.phase is Phase.IDLE and state.has_vehicle)
    state = replace(
        state,
        authorization=state.authorization if driver_is_here else None,
        is_held=state.is_held and driver_is_here,
        tolerated_to_mwh=state.tolerated_to_mwh if driver_is_here else None,
        is_detached=state.phase is Phase.DRIVER_ONLY and (state.is_detached or detaches),
        vehicle_had_turn=state.vehicle_had_turn and vehicle_is_here,
        has_finished=is_left and (state.has_finished or finishes),
    )
    return replace(state, vehicle_had_turn=True) if state.charging_state == "Charging" else state


def _withheld(state: EvseState, event: Held | Resumed) -> EvseState:
    """Return the state with energy held back, if that is what the event says."""
    if isinstance(event, Held):
        return replace(state, is_held=event.to_mwh is None, tolerated_to_mwh=event.to_mwh)
    return state if event.with_energy else replace(state, is_held=True)


def _bounded(state: EvseState, event: TransactionLimited | LimitReached) -> EvseState:
    """Return the state with a limit of its transaction that somebody has set, or that is reached."""
    transaction = state.transaction
    if isinstance(event, LimitReached):
        return replace(state, reached=event.kind)
    if transaction is None:
        return state
    if event.by == "driver":
        limit = transaction.driver_limit.changed_by(event.limit)
        return replace(state, transaction=replace(transaction, driver_limit=limit))
    limit = transaction.backend_limit.changed_by(event.limit)
    return replace(state, transaction=replace(transaction, backend_limit=limit))
