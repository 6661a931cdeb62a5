"""Which events an outbox that grew too large can do without: a pure rule, see docs/adr/0015.

Samples go before other updates; a start, an end, or an event that names a driver never goes. What goes is
spread evenly: of all events that may go, always the one between the closest neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from agent.transactions.records import TransactionEvent

Weight = Literal["sample", "update", "fixed"]
_ORDER: tuple[Weight, ...] = ("sample", "update")
_SAMPLES = ("MeterValueClock", "MeterValuePeriodic", "RunningCost")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event in the outbox. `event_no` counts its transaction's events as they happened."""

    position: int
    transaction_id: str
    event_no: int
    size_bytes: int
    weight: Weight


def weight_of(event: TransactionEvent) -> Weight:
    """Return how dispensable an event is."""
    if event.kind != "Updated" or event.token is not None or event.remote_start_id is not None:
        return "fixed"
    return "sample" if event.trigger in _SAMPLES else "update"


def dispensable(events: Iterable[Waiting], surplus_bytes: int) -> frozenset[int]:
    """Return the positions of the events to drop so that `surplus_bytes` become free, or as many as may be.

    The first and the last event of each transaction stay, whatever they are.
    """
    by_transaction = sorted(events, key=lambda event: (event.transaction_id, event.event_no))
    rows = [list(group) for _, group in groupby(by_transaction, key=lambda event: event.transaction_id)]
    dropped: set[int] = set()
    for weight in _ORDER:
        while surplus_bytes > 0 and (goes := _round(rows, weight, surplus_bytes)):
            surplus_bytes -= sum(event.size_bytes for event in goes)
            positions = {event.position for event in goes}
            dropped |= positions
            rows = [[event for event in row if event.position not in positions] for row in rows]
    return frozenset(dropped)


def _round(rows: Sequence[Sequence[Waiting]], weight: Weight, surplus_bytes: int) -> list[Waiting]:
    """Choose events of this weight, no two of them neighbours, those with the closest neighbours first."""
    candidates = sorted(
        (row[index + 1].event_no - row[index - 1].event_no, row[index].position, row, index)
        for row in rows
        for index in range(1, len(row) - 1)
        if row[index].weight == weight
    )
    goes: list[Waiting] = []
    bereaved: set[int] = set()
    for _, position, row, index in candidates:
        if surplus_bytes <= 0:
            break
        if position not in bereaved:
            goes.append(row[index])
            bereaved |= {row[index - 1].position, row[index + 1].position}
            surplus_bytes -= row[index].size_bytes
    return goes
