from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain, combinations, product
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from agent.station.evse import NEXT, EvseState, IllegalTransition, Phase, step
from agent.transactions.limits import TxLimit
from agent.transactions.points import CONDITIONS, Condition, Points
from agent.transactions.progress import Report
from agent.transactions.records import Authorization, Token, TokenType
from drivers.readings import Pilot

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CARD = Token(id="CARD", type="ISO14443")
OTHER = Token(id="OTHER", type="ISO14443")
DRIVER = Authorization(token=CARD, granted_at=T0)
REMOTE = Authorization(token=Token(id="APP", type="Central"), granted_at=T0, remote_start_id=7)

EXAMPLES: tuple[Event, ...] = (
    PluggedIn(at=T0, pilot=Pilot.B),
    Unplugged(at=T0),
    Detached(at=T0),
    PilotChanged(at=T0, pilot=Pilot.C),
    Authorized(at=T0, authorization=DRIVER),
    Withdrawn(at=T0, trigger="StopAuthorized", reason="Local", token=CARD),
    Held(at=T0),
    PowerReported(at=T0, is_on=True),
    LimitChanged(at=T0, is_limited=True, is_significant=True),
    TurnPassed(at=T0),
    Terminated(at=T0, trigger="ResetCommand", reason="ImmediateReset"),
    FaultFound(at=T0, fault="broken"),
    FaultCleared(at=T0),
    SampleDue(at=T0, trigger="MeterValuePeriodic"),
    CostDue(at=T0, trigger="RunningCost"),
    FinalReadingTaken(at=T0),
    ServiceChanged(at=T0, is_closed=True),
    ReservationChanged(at=T0, is_reserved=True),
    BoltReported(at=T0, bolt="held"),
    SpeechChanged(at=T0, speech="speaks"),
    CableReleased(at=T0),
    PlugUnlocked(at=T0),
    PhasesCounted(at=T0, phases_used=3),
    VehicleArrived(at=T0),
    VehicleDeparted(at=T0),
    DataSigned(at=T0),
    TransactionLimited(at=T0, limit=TxLimit(energy_wh=Decimal(9)), by="driver"),
    LimitReached(at=T0, kind="energy"),
    Resumed(at=T0, with_energy=False),
)
IN_PHASE = {
    Phase.IDLE: EvseState(),
    Phase.DRIVER_ONLY: EvseState(phase=Phase.DRIVER_ONLY, authorization=DRIVER),
    Phase.CABLE_ONLY: EvseState(phase=Phase.CABLE_ONLY, pilot=Pilot.B),
    Phase.POWERED: EvseState(phase=Phase.POWERED, pilot=Pilot.B, authorization=DRIVER),
}
EV_CONNECTED = Points(start=frozenset({"EVConnected"}), stop=frozenset({"EVConnected"}))


def run(*events: Event, points: Points | None = None, state: EvseState | None = None) -> Run:
    return Run(points or Points(), state or EvseState()).then(*events)


class Run:
    """An EVSE and what it reported, ending transactions as the service does."""

    def __init__(self, points: Points, state: EvseState) -> None:
        self.points = points
        self.state = state
        self.reports: list[Report] = []

    def then(self, *events: Event) -> Run:
        for event in events:
            self._step(event)
            transaction = self.state.transaction
            if transaction is not None and transaction.ending is not None:
                self._step(FinalReadingTaken(at=event.at))
        return self

    @property
    def last(self) -> Report:
        return self.reports[-1]

    @property
    def story(self) -> list[tuple[str, str, str]]:
        return [(report.kind, report.trigger, report.charging_state) for report in self.reports]

    def _step(self, event: Event) -> None:
        self.state, report = step(self.state, event, self.points, f"tx-{len(self.reports)}")
        if report is not None:
            self.reports.append(report)


PLUG = PluggedIn(at=T0, pilot=Pilot.B)
TAP = Authorized(at=T0, authorization=DRIVER)
ON = PowerReported(at=T0, is_on=True)
OFF = PowerReported(at=T0, is_on=False)
ASKS = PilotChanged(at=T0, pilot=Pilot.C)
PAUSES = PilotChanged(at=T0, pilot=Pilot.B)
STOP = Withdrawn(at=T0, trigger="StopAuthorized", reason="Local", token=CARD)


# the table


def test_every_kind_of_event_has_an_example_here() -> None:
    assert {type(event) for event in EXAMPLES} == {kind for _, kind in NEXT}


@pytest.mark.parametrize(("phase", "event"), list(product(Phase, EXAMPLES)), ids=str)
def test_an_event_is_in_the_table_or_changes_nothing(phase: Phase, event: Event) -> None:
    state = IN_PHASE[phase]
    if (phase, type(event)) in NEXT:
        after, _ = step(state, event, Points(), "tx")
        assert after.phase is NEXT[phase, type(event)]
        return
    with pytest.raises(IllegalTransition) as refused:
        step(state, event, Points(), "tx")
    assert refused.value.state is state
    assert phase.value in str(refused.value)


def test_plugging_in_twice_is_illegal() -> None:
    with pytest.raises(IllegalTransition):
        run(PLUG, PLUG)


# power


def test_power_needs_a_cable_a_driver_and_no_fault() -> None:
    """C01.FR.01: energy is offered only after authorization."""
    assert [run(*events).state.wants_power for events in ([PLUG], [TAP], [PLUG, TAP], [TAP, PLUG])] == [
        False,
        False,
        True,
        True,
    ]
    assert not run(PLUG, TAP, FaultFound(at=T0, fault="broken")).state.wants_power


def test_a_driver_who_is_not_accepted_is_held_without_energy_but_the_transaction_goes_on() -> None:
    """E05.FR.02: StopTxOnInvalidId is false."""
    told = run(PLUG, TAP, ON, ASKS, Held(at=T0))
    assert not told.state.wants_power
    assert told.story[-1] == ("Updated", "ChargingStateChanged", "SuspendedEVSE")
    assert told.then(STOP).last.stopped_reason == "Local"
    assert not told.state.is_held


def test_or_goes_on_with_energy_up_to_a_count() -> None:
    """E05.FR.03: MaxEnergyOnInvalidId; nothing of it is left for the next driver."""
    told = run(PLUG, TAP, ON, ASKS)
    tolerated = told.then(Held(at=T0, to_mwh=7))
    assert tolerated.state.wants_power
    assert tolerated.state.tolerated_to_mwh == 7
    assert tolerated.story == told.story
    assert tolerated.then(Held(at=T0)).state.tolerated_to_mwh is None
    assert tolerated.then(STOP).state.tolerated_to_mwh is None


# charging states


def test_an_ordinary_session() -> None:
    """E02, E07: cable first, stopped by the same card."""
    told = run(PLUG, TAP, ON, ASKS, STOP)
    assert told.story == [
        ("Started", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
        ("Ended", "StopAuthorized", "EVConnected"),
    ]
    assert [report.seq_no for report in told.reports] == [0, 1, 2]
    assert [report.token for report in told.reports] == [CARD, None, CARD]
    assert told.last.stopped_reason == "Local"


def test_charging_is_not_said_before_the_controller_confirmed_power() -> None:
    told = run(PluggedIn(at=T0, pilot=Pilot.C), TAP)
    assert told.story == [("Started", "Authorized", "EVConnected")]
    assert told.then(ON).story[-1] == ("Updated", "ChargingStateChanged", "Charging")


def test_a_vehicle_that_leaves_the_power_alone_is_suspended_by_itself() -> None:
    """TC_E_38_CS: EV not ready."""
    told = run(TAP, PLUG, ON, TurnPassed(at=T0))
    assert told.story == [
        ("Started", "CablePluggedIn", "EVConnected"),
        ("Updated", "ChargingStateChanged", "SuspendedEV"),
    ]


def test_a_pause_of_the_vehicle_is_suspended_ev() -> None:
    """E01.FR.19."""
    assert run(PLUG, TAP, ON, ASKS, PAUSES).story[-1][2] == "SuspendedEV"


def test_a_fault_suspends_and_charging_goes_on_when_power_is_back() -> None:
    told = run(PLUG, TAP, ON, ASKS, FaultFound(at=T0, fault="broken"), OFF, FaultCleared(at=T0), ON)
    assert told.story[2:] == [
        ("Updated", "AbnormalCondition", "SuspendedEVSE"),
        ("Updated", "ChargingStateChanged", "Charging"),
    ]


def test_a_fault_is_reported_although_the_charging_state_stays() -> None:
    """E02.FR.17: AbnormalCondition is a trigger of its own."""
    told = run(PLUG, FaultFound(at=T0, fault="broken"), points=EV_CONNECTED)
    assert told.story[-1] == ("Updated", "AbnormalCondition", "EVConnected")


def test_ending_authorization_and_opening_the_power_path_are_two_events() -> None:
    """E07 with TxStopPoint EVConnected; TC_B_22's EVConnectedPostSession."""
    told = run(PLUG, TAP, ON, ASKS, STOP, OFF, Unplugged(at=T0), points=EV_CONNECTED)
    assert told.story[-3:] == [
        ("Updated", "StopAuthorized", "Charging"),
        ("Updated", "ChargingStateChanged", "EVConnected"),
        ("Ended", "EVCommunicationLost", "Idle"),
    ]
    assert told.last.stopped_reason == "Local"


# start and stop points


def test_remote_start_is_the_trigger_of_the_first_event_that_names_the_driver() -> None:
    """F02.FR.21, F01.FR.25: also when a cable starts the transaction."""
    remote = Authorized(at=T0, authorization=REMOTE, trigger="RemoteStart")
    told = run(remote, PLUG)
    assert (told.last.trigger, told.last.remote_start_id, told.last.token) == ("RemoteStart", 7, REMOTE.token)
    told = run(PLUG, remote, points=EV_CONNECTED)
    assert [(report.trigger, report.remote_start_id) for report in told.reports] == [
        ("CablePluggedIn", None),
        ("RemoteStart", 7),
    ]


def test_the_next_driver_never_charges_without_a_transaction() -> None:
    """E01.FR.02: the cable stayed when the last transaction ended."""
    points = Points(start=frozenset({"EVConnected"}), stop=frozenset({"Authorized"}))
    told = run(PLUG, TAP, STOP, points=points)
    assert told.state.transaction is None
    told.then(Authorized(at=T0, authorization=replace(DRIVER, token=OTHER)))
    assert told.last.kind == "Started"
    assert told.last.token == OTHER


def test_with_energy_transfer_as_stop_point_a_pause_ends_the_transaction_and_a_new_one_follows() -> None:
    """E06.FR.07; TC_E_22_CS: StoppedByEV."""
    points = Points(start=frozenset({"Authorized"}), stop=frozenset({"EnergyTransfer"}))
    told = run(PLUG, TAP, ON, ASKS, PAUSES, points=points)
    assert told.story[-1] == ("Ended", "ChargingStateChanged", "EVConnected")
    assert told.last.stopped_reason == "StoppedByEV"
    told.then(ASKS)
    assert (told.last.kind, told.last.token) == ("Started", CARD)


def test_a_fault_that_passes_a_stop_point_ends_the_transaction_as_such() -> None:
    """E06.FR.16: AbnormalCondition."""
    points = Points(stop=frozenset({"EnergyTransfer"}))
    told = run(PLUG, TAP, ON, ASKS, FaultFound(at=T0, fault="broken"), points=points)
    assert told.story[-1][:2] == ("Ended", "AbnormalCondition")
    assert told.last.stopped_reason == "Other"


def test_a_reason_of_a_pause_does_not_outlive_it() -> None:
    assert run(PLUG, TAP, ON, ASKS, PAUSES, ASKS, STOP).last.stopped_reason == "Local"


def test_a_fault_before_any_driver_is_not_why_the_transaction_stops() -> None:
    told = run(PLUG, FaultFound(at=T0, fault="x"), FaultCleared(at=T0), Unplugged(at=T0), points=EV_CONNECTED)
    assert told.last.stopped_reason == "EVDisconnected"


def test_unplugging_ends_whatever_the_stop_points_are() -> None:
    """E09.FR.01."""
    told = run(PLUG, TAP, Unplugged(at=T0), points=Points(stop=frozenset({"EnergyTransfer"})))
    assert told.story[-1] == ("Ended", "EVCommunicationLost", "Idle")
    assert told.last.stopped_reason == "EVDisconnected"


def test_a_detached_vehicle_may_come_back_to_its_transaction() -> None:
    """E10."""
    points = Points(stop=frozenset({"Authorized"}))
    told = run(PLUG, TAP, ON, ASKS, Detached(at=T0), points=points)
    assert told.story[-1] == ("Updated", "EVCommunicationLost", "Idle")
    assert told.state.is_detached
    told.then(PLUG)
    assert told.story[-1] == ("Updated", "CablePluggedIn", "EVConnected")
    assert not told.state.is_detached


def test_a_driver_whose_transaction_a_detached_vehicle_ended_pays_for_nobody_else() -> None:
    """E06.FR.02 and C01: the permission ends with the transaction."""
    told = run(PLUG, TAP, ON, ASKS, Detached(at=T0))
    assert told.last.kind == "Ended"
    assert told.last.stopped_reason == "EVDisconnected"
    assert (told.state.phase, told.state.authorization) == (Phase.IDLE, None)


def test_a_second_driver_may_not_take_over_the_first_ones_transaction() -> None:
    """C01.FR.23, F01.FR.24; the first driver may come back."""
    told = run(PLUG, TAP, STOP, points=EV_CONNECTED)
    with pytest.raises(IllegalTransition):
        told.then(Authorized(at=T0, authorization=replace(DRIVER, token=OTHER)))
    told.then(TAP)
    assert (told.last.kind, told.last.trigger, told.last.token) == ("Updated", "Authorized", CARD)


def test_nobody_is_authorized_during_a_fault_or_while_a_transaction_ends() -> None:
    with pytest.raises(IllegalTransition):
        run(PLUG, FaultFound(at=T0, fault="broken"), TAP)
    ending, _ = step(run(PLUG, TAP).state, STOP, Points(), "")
    with pytest.raises(IllegalTransition):
        step(ending, TAP, Points(), "")


def test_a_reset_ends_a_transaction_as_the_standard_says() -> None:
    """TC_B_22_CS: ResetCommand, ImmediateReset, EVConnected, no token."""
    told = run(PLUG, TAP, ON, ASKS, Terminated(at=T0, trigger="ResetCommand", reason="ImmediateReset"))
    assert told.story[-1] == ("Ended", "ResetCommand", "EVConnected")
    assert (told.last.stopped_reason, told.last.token) == ("ImmediateReset", None)


# connector status


def test_connector_status() -> None:
    """G01: a driver alone does not occupy it (E03)."""
    assert run().state.status == "Available"
    assert run(TAP).state.status == "Available"
    assert run(TAP, PLUG).state.status == "Occupied"
    assert run(PLUG).state.status == "Occupied"
    assert run(PLUG, Unplugged(at=T0)).state.status == "Available"
    assert run(FaultFound(at=T0, fault="broken")).state.status == "Faulted"


# the bay


ARRIVES, DEPARTS = VehicleArrived(at=T0), VehicleDeparted(at=T0)
LATE = Withdrawn(at=T0, trigger="EVConnectTimeout", reason="Timeout")


def bay(start: Condition, stop: Condition) -> Points:
    return Points(start=frozenset({start}), stop=frozenset({stop}))


def test_a_transaction_from_arrival_to_departure() -> None:
    """E01.FR.01, E06.FR.01, E07: the card ends the energy, the unplugged cable nothing, the empty bay all."""
    points = bay("ParkingBayOccupancy", "ParkingBayOccupancy")
    told = run(ARRIVES, PLUG, TAP, ON, ASKS, STOP, OFF, PAUSES, Unplugged(at=T0), DEPARTS, points=points)
    assert told.story[0] == ("Started", "EVDetected", "Idle")
    assert ("Updated", "StopAuthorized", "Charging") in told.story
    assert told.story[-2:] == [("Updated", "EVCommunicationLost", "Idle"), ("Ended", "EVDeparted", "Idle")]
    assert told.last.stopped_reason == "Local"


def test_no_cable_comes_while_the_vehicle_stays() -> None:
    """E03.FR.05, E03.FR.15: the bay ends the transaction if that is a stop point, else the time."""
    ends = run(ARRIVES, TAP, LATE, points=bay("ParkingBayOccupancy", "EVConnected"))
    assert (ends.story[-1], ends.last.stopped_reason) == (("Ended", "EVConnectTimeout", "Idle"), "Timeout")
    waits = run(ARRIVES, TAP, LATE, points=bay("Authorized", "ParkingBayOccupancy"))
    assert waits.story[-1] == ("Updated", "EVConnectTimeout", "Idle")
    assert waits.state.authorization is None
    assert waits.then(DEPARTS).story[-1] == ("Ended", "EVDeparted", "Idle")


def test_who_only_parks_does_not_leave_a_transaction_behind() -> None:
    told = run(ARRIVES, DEPARTS, points=bay("ParkingBayOccupancy", "EVConnected"))
    assert told.story == [("Started", "EVDetected", "Idle"), ("Ended", "EVDeparted", "Idle")]
    assert told.last.stopped_reason == "EVDisconnected"


def test_an_empty_bay_with_a_vehicle_plugged_in_takes_the_driver_with_the_transaction() -> None:
    """No energy flows that is nobody's, even if it is the sensor that fails."""
    told = run(ARRIVES, PLUG, TAP, ON, ASKS, DEPARTS, points=bay("PowerPathClosed", "ParkingBayOccupancy"))
    assert told.story[-1] == ("Ended", "EVDeparted", "EVConnected")
    assert (told.state.authorization, told.state.wants_power) == (None, False)


def test_a_bay_that_is_no_point_is_told_all_the_same() -> None:
    """E02.FR.17."""
    told = run(TAP, ARRIVES, PLUG, points=bay("Authorized", "EVConnected"))
    assert [trigger for _, trigger, _ in told.story] == ["Authorized", "EVDetected", "CablePluggedIn"]


def test_a_vehicle_that_stays_after_its_transaction_has_finished() -> None:
    told = run(ARRIVES, PLUG, TAP, STOP, Unplugged(at=T0))
    assert (told.state.has_finished, told.state.status) == (True, "Available")
    assert not told.then(DEPARTS).state.has_finished


def test_an_evse_out_of_service_starts_nothing_by_parking() -> None:
    closed = run(
        ServiceChanged(at=T0, is_closed=True), ARRIVES, points=bay("ParkingBayOccupancy", "Authorized")
    )
    assert closed.reports == []
    opened = closed.then(ServiceChanged(at=T0, is_closed=False))
    assert [kind for kind, _, _ in opened.story] == ["Started"]


def test_a_signed_count_begins_a_transaction() -> None:
    """E01.FR.04: nothing before it does."""
    points = bay("DataSigned", "EVConnected")
    told = run(PLUG, TAP, points=points)
    assert told.reports == []
    told.then(DataSigned(at=T0))
    assert told.story == [("Started", "SignedDataReceived", "EVConnected")]
    assert told.last.token == CARD
    told.then(STOP, Unplugged(at=T0))
    assert (told.state.transaction, told.state.is_signed) == (None, False)


def test_what_is_closed_meanwhile_is_unavailable_as_soon_as_the_vehicle_has_left() -> None:
    """G01.FR.05: not when the last reading has been taken."""
    told = run(PLUG, TAP, ServiceChanged(at=T0, is_closed=True))
    assert told.state.status == "Occupied"
    left, _ = step(told.state, Unplugged(at=T0), Points(), "")
    assert left.transaction is not None
    assert left.status == "Unavailable"


# any sequence


def subsets() -> Iterator[frozenset[Condition]]:
    sizes = range(1, len(CONDITIONS) + 1)
    yield from (frozenset(found) for found in chain.from_iterable(combinations(CONDITIONS, n) for n in sizes))


pilots = st.sampled_from([Pilot.B, Pilot.C, Pilot.D])
tokens = st.builds(Token, id=st.sampled_from(["A", "a", "B"]), type=st.sampled_from(get_args(TokenType)[2:4]))
authorizations = st.builds(
    Authorization,
    token=tokens,
    granted_at=st.just(T0),
    group_id=st.sampled_from([None, "G"]),
    remote_start_id=st.sampled_from([None, 1]),
    reservation_id=st.sampled_from([None, 5]),
)
EVENTS: dict[type[Event], st.SearchStrategy[Event]] = {
    PluggedIn: st.builds(PluggedIn, at=st.just(T0), pilot=pilots),
    Unplugged: st.builds(Unplugged, at=st.just(T0), keeps_cable=st.booleans()),
    Detached: st.just(Detached(at=T0)),
    PilotChanged: st.builds(PilotChanged, at=st.just(T0), pilot=pilots),
    Authorized: st.builds(Authorized, at=st.just(T0), authorization=authorizations),
    Withdrawn: st.builds(
        Withdrawn,
        at=st.just(T0),
        trigger=st.sampled_from(["StopAuthorized", "RemoteStop", "EVConnectTimeout", "Deauthorized"]),
        reason=st.sampled_from(["Local", "Remote", "Timeout"]),
    ),
    Held: st.just(Held(at=T0)),
    PowerReported: st.builds(PowerReported, at=st.just(T0), is_on=st.booleans()),
    TurnPassed: st.just(TurnPassed(at=T0)),
    Terminated: st.just(Terminated(at=T0, trigger="ResetCommand", reason="ImmediateReset")),
    FaultFound: st.builds(FaultFound, at=st.just(T0), fault=st.sampled_from(["x", "y"])),
    FaultCleared: st.just(FaultCleared(at=T0)),
    SampleDue: st.just(SampleDue(at=T0, trigger="MeterValuePeriodic")),
    CostDue: st.just(CostDue(at=T0, trigger="RunningCost")),
    ServiceChanged: st.builds(ServiceChanged, at=st.just(T0), is_closed=st.booleans()),
    ReservationChanged: st.builds(ReservationChanged, at=st.just(T0), is_reserved=st.booleans()),
    BoltReported: st.builds(
        BoltReported, at=st.just(T0), bolt=st.sampled_from(["none", "open", "held", "failed"])
    ),
    CableReleased: st.just(CableReleased(at=T0)),
    PlugUnlocked: st.just(PlugUnlocked(at=T0)),
    PhasesCounted: st.builds(PhasesCounted, at=st.just(T0), phases_used=st.integers(1, 3)),
}
"""All but FinalReadingTaken, which comes when a transaction ends and at no other time."""
points_of_any_kind = st.builds(
    Points, start=st.sampled_from(list(subsets())), stop=st.sampled_from(list(subsets()))
)


@settings(max_examples=150, deadline=None)
@given(points=points_of_any_kind, data=st.data())
def test_whatever_happens_the_rules_hold(points: Points, data: st.DataObject) -> None:
    """Walks the table: mostly events that are in it, so that the walks get far."""
    told = run(points=points)
    for second in range(data.draw(st.integers(1, 30))):
        before = told.state
        has_meaning = [kind for phase, kind in NEXT if phase is before.phase and kind in EVENTS]
        kind = data.draw(st.sampled_from(has_meaning) | st.sampled_from(list(EVENTS)))
        event = replace(data.draw(EVENTS[kind]), at=T0 + timedelta(seconds=second))
        try:
            told.then(event)
        except IllegalTransition:
            assert told.state is before
        check_state(told.state)
        check_admission(before, told.state)
    check_reports(told.reports)


def check_state(state: EvseState) -> None:
    if state.wants_power:
        assert state.authorization is not None
        assert state.phase is Phase.POWERED
        assert state.pilot in (Pilot.B, Pilot.C, Pilot.D)
        assert state.fault is None
        assert state.bolt in ("none", "held"), "the plug is held"
    if state.phase is Phase.IDLE:
        assert state.transaction is None, "nobody is there, so nothing runs"
    if state.phase is Phase.POWERED and state.charging_state == "Charging":
        assert state.transaction is not None, "energy flows for somebody"
    assert (state.authorization is not None) == (state.phase in (Phase.DRIVER_ONLY, Phase.POWERED))
    assert msgspec.json.decode(msgspec.json.encode(state), type=EvseState) == state


def check_admission(before: EvseState, after: EvseState) -> None:
    """Nobody new is let in where the operator, a reservation or somebody's cable says no."""
    driver = after.authorization
    if driver is None or driver is before.authorization:
        return
    transaction = before.transaction
    if transaction is None or transaction.token is None:
        assert not before.is_closed
        assert not before.is_reserved or driver.reservation_id is not None
    assert before.kept_for is None or before.kept_for.admits(driver.token, driver.group_id)


def check_reports(reports: list[Report]) -> None:
    by_transaction: dict[str, list[Report]] = {}
    for report in reports:
        by_transaction.setdefault(report.transaction_id, []).append(report)
    for told in by_transaction.values():
        assert [report.seq_no for report in told] == list(range(len(told)))
        assert [report.kind for report in told[:1]] == ["Started"]
        assert all(report.kind == "Updated" for report in told[1:-1])
        ended = [report for report in told if report.kind == "Ended"]
        assert ended in ([], told[-1:])
        assert all(report.stopped_reason is not None for report in ended), "E06.FR.08"


# limits


def test_a_limit_that_leaves_nothing_suspends_and_its_end_goes_on() -> None:
    """K01: a limit of 0 A is no power, and no end of the transaction."""
    charging = replace(IN_PHASE[Phase.POWERED], pilot=Pilot.C, power_is_on=True)
    charging, _ = step(charging, ON, Points(), "tx")
    assert charging.charging_state == "Charging"
    limited = LimitChanged(at=T0, is_limited=True, is_significant=True)
    stopped, _ = step(charging, limited, Points(), "")
    assert not stopped.wants_power
    assert stopped.could_charge
    assert stopped.charging_state == "SuspendedEVSE"
    resumed, _ = step(stopped, LimitChanged(at=T0, is_limited=False, is_significant=True), Points(), "")
    assert resumed.wants_power


@pytest.mark.parametrize("is_significant", [True, False])
def test_a_running_transaction_reports_a_significant_change_only(is_significant: bool) -> None:
    running, _ = step(IN_PHASE[Phase.CABLE_ONLY], TAP, Points(), "tx")
    assert running.transaction is not None
    event = LimitChanged(at=T0, is_limited=False, is_significant=is_significant)
    _, report = step(running, event, Points(), "")
    assert (report is not None) == is_significant
    assert report is None or report.trigger == "ChargingRateChanged"


# out of service, reserved, locked


CLOSED = ServiceChanged(at=T0, is_closed=True)
OPENED = ServiceChanged(at=T0, is_closed=False)
KEPT = ReservationChanged(at=T0, is_reserved=True)
HELD = BoltReported(at=T0, bolt="held")
LOOSE = BoltReported(at=T0, bolt="open")
BROKEN = BoltReported(at=T0, bolt="failed")


def test_out_of_service_nobody_starts_but_who_charges_may_finish() -> None:
    """G03.FR.05: the transaction goes on, and the EVSE is Unavailable after it."""
    with pytest.raises(IllegalTransition):
        run(PLUG, CLOSED, TAP)
    told = run(PLUG, TAP, ON, ASKS, CLOSED)
    assert (told.state.wants_power, told.state.status) == (True, "Occupied")
    assert told.then(STOP).state.status == "Unavailable"
    assert told.then(Unplugged(at=T0), OPENED).state.status == "Available"


def test_a_vehicle_that_comes_out_of_service_starts_nothing_until_service_begins() -> None:
    told = run(CLOSED, PLUG, points=EV_CONNECTED)
    assert (told.reports, told.state.status) == ([], "Unavailable")
    told.then(OPENED)
    assert told.story == [("Started", "CablePluggedIn", "EVConnected")]


def test_a_reserved_evse_is_for_who_reserved_it() -> None:
    """H03.FR.01: the event that names the driver tells the reservation."""
    assert run(KEPT).state.status == "Reserved"
    told = run(KEPT)
    with pytest.raises(IllegalTransition):
        told.then(TAP)
    told.then(Authorized(at=T0, authorization=replace(DRIVER, reservation_id=5)), PLUG)
    assert told.state.status == "Occupied"
    assert told.last.reservation_id == 5
    late = run(PLUG, KEPT, points=EV_CONNECTED)
    late.then(Authorized(at=T0, authorization=replace(DRIVER, reservation_id=5)))
    assert [report.reservation_id for report in late.reports] == [None, 5]


def test_the_driver_of_a_running_transaction_needs_no_reservation_to_come_back() -> None:
    told = run(PLUG, TAP, STOP, points=EV_CONNECTED)
    assert told.state.authorization is None
    assert told.then(KEPT, TAP).state.authorization is not None


def seen(told: Run) -> tuple[bool, str]:
    return told.state.wants_power, told.state.charging_state


def test_no_energy_flows_through_a_plug_that_is_not_held() -> None:
    """G05.FR.01."""
    told = run(LOOSE, PLUG, TAP)
    assert told.state.wants_bolt
    assert [seen(told), seen(told.then(BROKEN))] == [(False, "EVConnected"), (False, "SuspendedEVSE")]
    assert told.then(HELD).state.wants_power
    assert seen(told.then(ON, ASKS, LOOSE)) == (False, "SuspendedEVSE")
    assert not told.then(STOP).state.wants_bolt


def test_a_cable_is_kept_for_its_driver() -> None:
    """E09.FR.03: UnlockOnEVSideDisconnect is false."""
    told = run(HELD, PLUG, TAP, ON, ASKS, Unplugged(at=T0, keeps_cable=True))
    assert told.last.stopped_reason == "EVDisconnected"
    assert (told.state.wants_bolt, told.state.status) == (True, "Occupied")
    with pytest.raises(IllegalTransition):
        told.then(Authorized(at=T0, authorization=Authorization(token=OTHER, granted_at=T0)))
    assert run(CableReleased(at=T0), state=told.state).state.status == "Available"
    assert told.then(TAP).state.kept_for is None


def test_a_cable_stays_locked_when_its_driver_is_not_accepted() -> None:
    """E05.FR.11: until that driver comes; where there is no bolt, nothing can be kept."""
    no = Withdrawn(at=T0, trigger="Deauthorized", reason="DeAuthorized")
    told = run(HELD, PLUG, TAP, ON, ASKS, no)
    assert (told.state.wants_power, told.state.wants_bolt) == (False, True)
    with pytest.raises(IllegalTransition):
        told.then(Authorized(at=T0, authorization=Authorization(token=OTHER, granted_at=T0)))
    assert not run(CableReleased(at=T0), state=told.state).state.wants_bolt
    assert not run(Unplugged(at=T0), state=told.state).state.wants_bolt
    assert run(PLUG, TAP, ON, ASKS, no).state.kept_for is None
    assert run(HELD, TAP, no).state.kept_for is None, "no cable came yet"


def test_a_plug_that_the_backend_unlocked_is_told_if_a_transaction_waits() -> None:
    """E02.FR.17: UnlockCommand."""
    assert run(PLUG, PlugUnlocked(at=T0)).reports == []
    told = run(PLUG, PlugUnlocked(at=T0), points=EV_CONNECTED)
    assert told.story[-1] == ("Updated", "UnlockCommand", "EVConnected")


def test_a_cable_is_held_while_its_vehicle_is_away() -> None:
    """E10.FR.01: StopTxOnEVSideDisconnect is false."""
    by_card_only = Points(stop=frozenset({"Authorized"}))
    assert run(HELD, PLUG, TAP, Detached(at=T0), points=by_card_only).state.wants_bolt
    assert not run(HELD, PLUG, TAP, Unplugged(at=T0)).state.wants_bolt


# what the vehicle says


AWAITED = SpeechChanged(at=T0, speech="awaited")
SPEAKS = SpeechChanged(at=T0, speech="speaks")
WANTS = SpeechChanged(at=T0, speech="asks")
OVER = SpeechChanged(at=T0, speech="over")
PAUSED = SpeechChanged(at=T0, speech="paused")


def test_no_power_before_a_vehicle_that_speaks_asks_for_it() -> None:
    told = run(AWAITED, PLUG, TAP, PilotChanged(at=T0, pilot=Pilot.C))
    assert [seen(told), seen(told.then(SPEAKS))] == [(False, "EVConnected")] * 2
    assert told.state.could_charge, "its limits are asked for before it does"
    assert seen(told.then(WANTS, ON)) == (True, "Charging")
    assert seen(told.then(SPEAKS)) == (False, "SuspendedEV")


def test_a_vehicle_that_is_silent_for_too_long_charges_by_the_pilot() -> None:
    told = run(AWAITED, PLUG, TAP)
    assert not told.state.wants_power
    assert told.then(SpeechChanged(at=T0, speech="silent")).state.wants_power


def test_a_pause_goes_on_with_the_transaction() -> None:
    told = run(AWAITED, PLUG, TAP, WANTS, ON, ASKS, PAUSED)
    assert (seen(told), told.last.kind, told.last.charging_state) == (
        (False, "SuspendedEV"),
        "Updated",
        "SuspendedEV",
    )
    assert told.then(SPEAKS, WANTS).state.wants_power


@pytest.mark.parametrize(
    ("stop", "ends"), [("PowerPathClosed", True), ("EnergyTransfer", True), ("EVConnected", False)]
)
def test_a_vehicle_that_has_done_ends_what_the_power_path_is_the_end_of(stop: Condition, ends: bool) -> None:
    told = run(AWAITED, PLUG, TAP, WANTS, ON, ASKS, OVER, points=Points(stop=frozenset({stop})))
    assert (told.last.kind, told.last.stopped_reason) == (
        ("Ended", "StoppedByEV") if ends else ("Updated", None)
    )
