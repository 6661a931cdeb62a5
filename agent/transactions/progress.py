"""How a transaction advances when its EVSE changes: pure rules, free of phases, hardware and OCPP version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agent.transactions.points import Condition, Points, start_is_due, stop_is_due
from agent.transactions.records import (
    Authorization,
    ChargingState,
    Ending,
    StopReason,
    Token,
    Transaction,
    Trigger,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a transaction can see of its EVSE."""

    conditions: frozenset[Condition]
    charging_state: ChargingState
    authorization: Authorization | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why the situation is looked at again.

    `reports_always`: the event is worth a report even if nothing else changed. `ends_always`: the transaction
    ends whatever the stop points are. `is_final_reading`: the meter was read after the power went off.
    `phases_used`: on how many phases the vehicle turned out to charge.
    """

    at: datetime
    trigger: Trigger
    reason: StopReason | None = None
    token: Token | None = None
    reports_always: bool = False
    ends_always: bool = False
    is_final_reading: bool = False
    phases_used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A transaction event that is due. The service adds samples and delivery; all else is settled here."""

    kind: Literal["Started", "Updated", "Ended"]
    trigger: Trigger
    at: datetime
    transaction_id: str
    seq_no: int
    charging_state: ChargingState
    token: Token | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    stopped_reason: StopReason | None = None
    phases_used: int | None = None


Advance = tuple[Transaction | None, Report | None]


def advance(
    transaction: Transaction | None,
    before: Situation,
    after: Situation,
    cause: Cause,
    points: Points,
    new_id: str,
) -> Advance:
    """Return the transaction after `cause` and the report that is due, if any.

    `new_id` becomes the transaction's id if one starts (E01.FR.08: unique on this station).
    """
    advanced, report = _advance(transaction, before, after, cause, points, new_id)
    is_powered = "PowerPathClosed" in after.conditions
    if advanced is not None and is_powered and advanced.powered_at is None:
        advanced = replace(advanced, powered_at=cause.at)
    return advanced, report


def _advance(
    transaction: Transaction | None,
    before: Situation,
    after: Situation,
    cause: Cause,
    points: Points,
    new_id: str,
) -> Advance:
    if transaction is None:
        if start_is_due(before.conditions, after.conditions, points):
            return _start(after, cause, new_id)
        return None, None
    if transaction.ending is not None:
        return _end(transaction, transaction.ending) if cause.is_final_reading else (transaction, None)
    is_over = cause.ends_always or _ends_for_want_of_a_cable(cause, points)
    if is_over or stop_is_due(before.conditions, after.conditions, points):
        return _await_final_reading(transaction, after, cause), None
    return _update(transaction, before, after, cause)


def _ends_for_want_of_a_cable(cause: Cause, points: Points) -> bool:
    """Return whether no cable came in time, and that is the end (E03.FR.05).

    If it is for the bay to end it, the driver's permission ends alone (E03.FR.15).
    """
    return cause.trigger == "EVConnectTimeout" and "ParkingBayOccupancy" not in points.stop


def _start(after: Situation, cause: Cause, new_id: str) -> Advance:
    driver = after.authorization
    transaction = Transaction(
        id=new_id,
        next_seq_no=1,
        started_at=cause.at,
        charging_state=after.charging_state,
        token=None if driver is None else driver.token,
        token_reported=driver is not None,
        remote_start_id=None if driver is None else driver.remote_start_id,
    )
    return transaction, Report(
        kind="Started",
        trigger=_trigger(driver, cause),
        at=cause.at,
        transaction_id=new_id,
        seq_no=0,
        charging_state=after.charging_state,
        token=transaction.token,
        remote_start_id=transaction.remote_start_id,
        reservation_id=None if driver is None else driver.reservation_id,
    )


def _update(transaction: Transaction, before: Situation, after: Situation, cause: Cause) -> Advance:
    driver = after.authorization
    newcomer = None if transaction.token_reported else driver
    lost_driver = before.authorization is not None and driver is None
    reason = cause.reason if lost_driver else _kept_reason(transaction, driver)
    charging_state = _shown(after, reason)
    changed = charging_state != transaction.charging_state
    if newcomer is None and not (lost_driver or changed or cause.reports_always):
        return transaction, None
    report = Report(
        kind="Updated",
        trigger=_trigger(newcomer, cause),
        at=cause.at,
        transaction_id=transaction.id,
        seq_no=transaction.next_seq_no,
        charging_state=charging_state,
        token=cause.token if newcomer is None else newcomer.token,
        remote_start_id=None if newcomer is None else newcomer.remote_start_id,
        reservation_id=None if newcomer is None else newcomer.reservation_id,
        phases_used=cause.phases_used,
    )
    return replace(
        transaction,
        phases_used=cause.phases_used or transaction.phases_used,
        next_seq_no=transaction.next_seq_no + 1,
        charging_state=charging_state,
        token=transaction.token if newcomer is None else transaction.token or newcomer.token,
        token_reported=driver is not None,
        remote_start_id=transaction.remote_start_id or report.remote_start_id,
        stop_reason=reason,
    ), report


def _shown(after: Situation, reason: StopReason | None) -> ChargingState:
    """Return the charging state to tell.

    Who was refused is offered nothing, even while the power goes off (C15.FR.03). A driver who stops is told
    of first, and the power path after that (E07).
    """
    is_refused = reason == "DeAuthorized" and after.authorization is None
    return "EVConnected" if is_refused and "EVConnected" in after.conditions else after.charging_state


def _kept_reason(transaction: Transaction, driver: Authorization | None) -> StopReason | None:
    """Return why the last driver's permission ended; it counts no more once a driver is here again."""
    return None if driver is not None else transaction.stop_reason


def _trigger(newcomer: Authorization | None, cause: Cause) -> Trigger:
    """Return the cause to tell; the event that first names a remote driver says so (F01.FR.19, F02.FR.21)."""
    is_remote = newcomer is not None and newcomer.remote_start_id is not None
    return "RemoteStart" if is_remote else cause.trigger


def _await_final_reading(transaction: Transaction, after: Situation, cause: Cause) -> Transaction:
    ending = Ending(trigger=cause.trigger, at=cause.at, token=cause.token, charging_state=_at_end(after))
    return replace(transaction, ending=ending, stop_reason=transaction.stop_reason or cause.reason)


def _at_end(after: Situation) -> ChargingState:
    """Return the charging state of an Ended event (TC_E_22).

    With the power path open, or in a pause that ends the transaction, a vehicle is merely connected.
    """
    is_open = "EVConnected" in after.conditions and "PowerPathClosed" not in after.conditions
    return "EVConnected" if is_open or after.charging_state == "SuspendedEV" else after.charging_state


def _end(transaction: Transaction, ending: Ending) -> Advance:
    return None, Report(
        kind="Ended",
        trigger=ending.trigger,
        at=ending.at,
        transaction_id=transaction.id,
        seq_no=transaction.next_seq_no,
        charging_state=ending.charging_state,
        token=ending.token,
        stopped_reason=transaction.stop_reason,
    )
