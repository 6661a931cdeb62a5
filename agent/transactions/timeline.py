"""What becomes of recorded times when the clock is set: pure, see docs/adr/0016.

`behind` of a transaction is how far its own time lies behind the station's: a transaction that the backend
has begun to hear of goes on in the time in which it began, so that its durations stay true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from agent.tariffs.bill import moved
from agent.tariffs.details import shifted
from agent.transactions.records import Sample, Transaction, TransactionEvent


def shifted_event(event: TransactionEvent, step: timedelta) -> TransactionEvent:
    """Return an event with all its times moved."""
    samples = tuple(shifted_sample(sample, step) for sample in event.samples)
    cost = None if event.cost is None else shifted(event.cost, step)
    return replace(event, at=event.at + step, samples=samples, cost=cost)


def shifted_sample(sample: Sample, step: timedelta) -> Sample:
    """Return a sample with its time moved."""
    return replace(sample, at=sample.at + step)


def shifted_transaction(transaction: Transaction, beginning: timedelta, present: timedelta) -> Transaction:
    """Return a running transaction with the times of its beginning and its later ones moved."""
    begin, register, ending = transaction.begin, transaction.register, transaction.ending
    powered_at, bill = transaction.powered_at, transaction.bill
    return replace(
        transaction,
        started_at=transaction.started_at + beginning,
        begin=None if begin is None else shifted_sample(begin, beginning),
        register=None if register is None else replace(register, at=register.at + present),
        powered_at=None if powered_at is None else powered_at + present,
        ending=None if ending is None else replace(ending, at=ending.at + present),
        bill=None if bill is None else moved(bill, present),
    )


def in_its_own_time(event: TransactionEvent, transaction: Transaction | None) -> TransactionEvent:
    """Return an event in the time in which the backend knows its transaction; the beginning is in it."""
    if transaction is None or not transaction.behind:
        return event
    samples = tuple(
        sample if sample == transaction.begin else shifted_sample(sample, -transaction.behind)
        for sample in event.samples
    )
    cost = None if event.cost is None else shifted(event.cost, -transaction.behind)
    return replace(event, at=event.at - transaction.behind, samples=samples, cost=cost)
