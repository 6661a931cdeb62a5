from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.transactions.points import Condition, Points
from agent.transactions.progress import Cause, Situation, advance
from agent.transactions.records import Authorization, ChargingState, Token, Transaction

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CARD = Token(id="CARD", type="ISO14443")
DRIVER = Authorization(token=CARD, granted_at=T0)
POINTS = Points()
NOBODY = Situation(conditions=frozenset(), charging_state="Idle")
RUNNING = Transaction(
    id="tx",
    next_seq_no=3,
    started_at=T0,
    charging_state="Charging",
    token=CARD,
    token_reported=True,
    powered_at=T0,
)


def situation(
    state: ChargingState, *conditions: Condition, driver: Authorization | None = DRIVER
) -> Situation:
    return Situation(conditions=frozenset(conditions), charging_state=state, authorization=driver)


READY = situation("EVConnected", "EVConnected", "Authorized", "PowerPathClosed")
CHARGING = situation("Charging", "EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer")
STAYED = situation("EVConnected", "EVConnected", driver=None)


def test_the_first_report_of_a_transaction() -> None:
    """E01.FR.07, E01.FR.10: sequence numbers begin with 0, and the driver is named."""
    transaction, report = advance(None, NOBODY, READY, Cause(at=T0, trigger="Authorized"), POINTS, "new")
    assert transaction is not None
    assert report is not None
    assert (report.kind, report.seq_no, report.token, report.transaction_id) == ("Started", 0, CARD, "new")
    assert (transaction.next_seq_no, transaction.token, transaction.token_reported) == (1, CARD, True)


def test_nothing_worth_telling_is_not_told() -> None:
    cause = Cause(at=T0, trigger="ChargingStateChanged")
    assert advance(RUNNING, CHARGING, CHARGING, cause, POINTS, "") == (RUNNING, None)
    assert advance(None, NOBODY, NOBODY, cause, POINTS, "") == (None, None)


def test_when_the_power_path_was_closed_first_is_kept() -> None:
    """Relative charging profiles count from there, however long the cable was there before."""
    later = T0 + timedelta(minutes=5)
    plugged = situation("EVConnected", "EVConnected", driver=None)
    points = Points(start=frozenset({"EVConnected"}))
    begun, _ = advance(None, NOBODY, plugged, Cause(at=T0, trigger="CablePluggedIn"), points, "new")
    assert begun is not None
    assert begun.powered_at is None
    ready, _ = advance(begun, plugged, READY, Cause(at=later, trigger="Authorized"), points, "")
    assert ready is not None
    assert (ready.started_at, ready.powered_at) == (T0, later)
    stopped, _ = advance(ready, READY, STAYED, Cause(at=later, trigger="StopAuthorized"), points, "")
    assert stopped is not None
    again, _ = advance(
        stopped, STAYED, READY, Cause(at=later + timedelta(minutes=1), trigger="Authorized"), points, ""
    )
    assert again is not None
    assert again.powered_at == later


def test_a_sample_is_always_told() -> None:
    """J02.FR.11."""
    cause = Cause(at=T0, trigger="MeterValuePeriodic", reports_always=True)
    transaction, report = advance(RUNNING, CHARGING, CHARGING, cause, POINTS, "")
    assert transaction is not None
    assert report is not None
    assert (report.kind, report.seq_no, transaction.next_seq_no) == ("Updated", 3, 4)


def test_a_transaction_whose_stop_point_is_passed_waits_for_the_meter_and_then_ends() -> None:
    """E06.FR.11: the Ended event carries the reading from after the power went off."""
    stop = Cause(at=T0, trigger="StopAuthorized", reason="Local", token=CARD)
    ending, report = advance(RUNNING, CHARGING, STAYED, stop, POINTS, "")
    assert report is None
    assert ending is not None
    assert ending.ending is not None
    assert ending.ending.charging_state == "EVConnected"
    final = Cause(at=T0.replace(second=9), trigger="ChargingStateChanged", is_final_reading=True)
    after, report = advance(ending, STAYED, STAYED, final, POINTS, "")
    assert after is None
    assert report is not None
    assert (report.kind, report.trigger, report.at, report.seq_no) == ("Ended", "StopAuthorized", T0, 3)
    assert (report.stopped_reason, report.token) == ("Local", CARD)


def test_nothing_changes_a_transaction_that_waits_for_the_meter() -> None:
    stop = Cause(at=T0, trigger="StopAuthorized", reason="Local")
    ending, _ = advance(RUNNING, CHARGING, STAYED, stop, POINTS, "")
    fault = Cause(at=T0, trigger="AbnormalCondition", reports_always=True)
    assert advance(ending, STAYED, STAYED, fault, POINTS, "") == (ending, None)
    reset = Cause(at=T0, trigger="ResetCommand", reason="ImmediateReset", ends_always=True)
    assert advance(ending, STAYED, STAYED, reset, POINTS, "") == (ending, None)


def test_a_reset_ends_whatever_the_stop_points_are() -> None:
    """B12.FR.04."""
    reset = Cause(at=T0, trigger="ResetCommand", reason="ImmediateReset", ends_always=True)
    ending, _ = advance(RUNNING, CHARGING, CHARGING, reset, Points(stop=frozenset()), "")
    assert ending is not None
    assert ending.stop_reason == "ImmediateReset"


def test_the_reason_is_that_of_the_driver_who_left() -> None:
    """F03: stopped remotely, unplugged later; E07's figure for TxStopPoint EVConnected."""
    points = Points(stop=frozenset({"EVConnected"}))
    remote = Cause(at=T0, trigger="RemoteStop", reason="Remote")
    stopped, report = advance(RUNNING, CHARGING, STAYED, remote, points, "")
    assert stopped is not None
    assert report is not None
    assert (report.kind, report.trigger) == ("Updated", "RemoteStop")
    gone = Cause(at=T0, trigger="EVCommunicationLost", reason="EVDisconnected")
    ending, _ = advance(stopped, STAYED, NOBODY, gone, points, "")
    assert ending is not None
    assert ending.stop_reason == "Remote"


def test_a_driver_who_comes_back_is_named_again_and_the_old_reason_is_forgotten() -> None:
    stopped = replace(RUNNING, token_reported=False, stop_reason="Local", charging_state="EVConnected")
    transaction, report = advance(stopped, STAYED, READY, Cause(at=T0, trigger="Authorized"), POINTS, "")
    assert transaction is not None
    assert report is not None
    assert (report.token, transaction.stop_reason, transaction.token_reported) == (CARD, None, True)


def test_a_remote_driver_is_named_with_the_id_of_the_remote_start() -> None:
    """F01.FR.19, F01.FR.25."""
    app = replace(DRIVER, token=Token(id="APP", type="Central"), remote_start_id=7)
    plugged = Cause(at=T0, trigger="CablePluggedIn")
    transaction, report = advance(None, NOBODY, replace(READY, authorization=app), plugged, POINTS, "new")
    assert transaction is not None
    assert report is not None
    assert (report.trigger, report.remote_start_id, transaction.remote_start_id) == ("RemoteStart", 7, 7)
