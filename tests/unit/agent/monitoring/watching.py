"""Monitors and moments for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from agent.monitoring.records import Kind, Monitor
from agent.monitoring.watch import Finding, Memory, Seen, begun, look
from drivers.readings import Instant

MIDNIGHT = datetime(2026, 1, 2, tzinfo=UTC)


def monitor(kind: Kind, value: float = 1, **members: Any) -> Monitor:
    """Return a monitor of EVSE.Power."""
    plain = Monitor(id=1, name="EVSE.Power", kind=kind, value=Decimal(str(value)), severity=4)
    return replace(plain, **members)


def at(seconds: float) -> Instant:
    """Return the moment so many seconds after midnight."""
    return Instant(seconds, MIDNIGHT + timedelta(seconds=seconds))


class Watcher:
    """A monitor that looks again and again, and what it found."""

    def __init__(self, watched: Monitor, first: Seen, seconds: float = 0) -> None:
        self.monitor = watched
        self.memory: Memory = begun(watched, first, at(seconds))
        self.found: list[Finding | None] = []

    def sees(self, *values: str | Seen, seconds: float = 0) -> list[str]:
        """Let it see these values, one after the other, and return what came of each in a word."""
        words: list[str] = []
        for value in values:
            seen = Seen(value=value, is_numeric=True) if isinstance(value, str) else value
            self.memory, found = look(self.monitor, self.memory, seen, at(seconds))
            self.found.append(found)
            words.append("" if found is None else "cleared" if found.is_cleared else found.trigger)
        return words
