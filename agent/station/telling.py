"""What an EVSE tells of its transaction, as an event for whoever delivers it."""

from __future__ import annotations

from agent.station.identity import EvseIdentity
from agent.transactions.progress import Report
from agent.transactions.records import Sample, Transaction, TransactionEvent
from agent.transactions.timeline import in_its_own_time


def message_of(
    report: Report,
    transaction: Transaction | None,
    identity: EvseIdentity,
    samples: tuple[Sample, ...],
    *,
    is_offline: bool,
    cable_limit_a: int | None,
) -> TransactionEvent:
    """Return the transaction event of a report, in the transaction's own time."""
    message = TransactionEvent(
        kind=report.kind,
        trigger=report.trigger,
        at=report.at,
        transaction_id=report.transaction_id,
        seq_no=report.seq_no,
        evse_id=identity.evse_id,
        connector_id=identity.connector_id,
        offline=is_offline,
        charging_state=report.charging_state,
        token=report.token,
        remote_start_id=report.remote_start_id,
        reservation_id=report.reservation_id,
        stopped_reason=report.stopped_reason,
        cable_limit_a=cable_limit_a if report.kind == "Started" else None,
        phases_used=report.phases_used,
        samples=samples,
        limit=transaction.limit if report.trigger == "LimitSet" and transaction is not None else None,
    )
    return in_its_own_time(message, transaction)
