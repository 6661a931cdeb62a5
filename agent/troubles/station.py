"""Troubles of bolts, the outbox and the clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.station.bolt import PlugLock
from agent.store.keeper import Figures
from agent.troubles.trouble import (
    EVENTS_REFUSED,
    LOCK_FAILED,
    OUTBOX_OVERFULL,
    OUTBOX_THINNED,
    TIME_UNKNOWN,
    Trouble,
)


def of_locks(locks: Mapping[int, PlugLock | None]) -> Iterator[Trouble]:
    """Yield the EVSEs whose bolt has failed."""
    for evse_id, lock in locks.items():
        if lock is not None and lock.has_failed:
            yield Trouble(f"EVSE {evse_id}", LOCK_FAILED)


def of_outbox(figures: Figures) -> Iterator[Trouble]:
    """Yield what is wrong with the outbox; that it was thinned is over once the backend has the rest."""
    if figures.set_aside:
        yield Trouble("outbox", EVENTS_REFUSED)
    if figures.is_overfull:
        yield Trouble("outbox", OUTBOX_OVERFULL)
    if figures.thinned and figures.waiting:
        yield Trouble("outbox", OUTBOX_THINNED)


def of_clock(*, is_known: bool) -> Iterator[Trouble]:
    """Yield that the station does not know what time it is."""
    if not is_known:
        yield Trouble("clock", TIME_UNKNOWN)
