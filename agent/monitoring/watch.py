"""What a monitor finds when it looks at its variable. Pure: no IO, the time goes in.

`look` takes what the monitor remembers and sees, and returns what it remembers then and what it found. A
finding that is not told must not be remembered either: then the next look finds it again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from agent.monitoring.records import THRESHOLDS, Diagnosis, Monitor, Trigger
from drivers.readings import Instant

NUMERIC: Final = ("integer", "decimal")
"""The types of variables that have thresholds, and differences of a size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A variable as it is now."""

    value: str
    is_numeric: bool = False
    diagnosis: Diagnosis | None = None
    """Why it is so, if it is about something that is wrong."""
    transaction_id: str | None = None
    """The transaction that runs there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a monitor remembers from one look to the next. Stored as JSON: add members with a default only.

    `told` is the value of the last event, or when the monitor was set; `due_s` (monotonic) and `slot` (number
    of the period since 1970) say when the next periodic event is due. The times are not for storing.
    """

    is_exceeded: bool = False
    transaction_id: str | None = None
    """The one in which the threshold was exceeded."""
    told: str | None = None
    diagnosis: Diagnosis | None = None
    due_s: float | None = None
    slot: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is to be told."""

    trigger: Trigger
    is_cleared: bool = False
    transaction_id: str | None = None


def begun(monitor: Monitor, seen: Seen, now: Instant, before: Memory | None = None) -> Memory:
    """Return what a monitor remembers when it is set, instead of another one that remembered `before`.

    A threshold that was exceeded stays so until the first look at the new one (N07.FR.11).
    """
    kept = Memory() if before is None or monitor.kind not in THRESHOLDS else before
    return Memory(
        is_exceeded=kept.is_exceeded,
        transaction_id=kept.transaction_id,
        told=seen.value if monitor.kind == "Delta" else None,
        diagnosis=seen.diagnosis,
        due_s=now.monotonic_s + float(monitor.value) if monitor.kind == "Periodic" else None,
        slot=_slot(monitor, now) if monitor.kind == "PeriodicClockAligned" else None,
    )


def look(monitor: Monitor, memory: Memory, seen: Seen, now: Instant) -> tuple[Memory, Finding | None]:
    """Return what the monitor remembers then, and what it found."""
    if monitor.needs_transaction and seen.transaction_id is None and not memory.is_exceeded:
        return memory, None
    match monitor.kind:
        case "UpperThreshold" | "LowerThreshold":
            return _threshold(monitor, memory, seen)
        case "Delta":
            return _delta(monitor, memory, seen)
        case "Periodic":
            return _periodic(monitor, memory, seen, now)
        case "PeriodicClockAligned":
            return _aligned(monitor, memory, seen, now)


def _threshold(monitor: Monitor, memory: Memory, seen: Seen) -> tuple[Memory, Finding | None]:
    """Beyond the threshold, not on it (N07.FR.16, N07.FR.17), and back within (N07.FR.02)."""
    value = number(seen.value)
    if value is None:
        return memory, None
    is_beyond = value > monitor.value if monitor.kind == "UpperThreshold" else value < monitor.value
    if is_beyond == memory.is_exceeded:
        return memory, None
    if is_beyond:
        found = Finding(trigger="Alerting", transaction_id=seen.transaction_id)
        return replace(memory, is_exceeded=True, transaction_id=seen.transaction_id), found
    transaction = seen.transaction_id or memory.transaction_id
    cleared = Finding(trigger="Alerting", is_cleared=True, transaction_id=transaction)
    return replace(memory, is_exceeded=False, transaction_id=None), cleared


def _delta(monitor: Monitor, memory: Memory, seen: Seen) -> tuple[Memory, Finding | None]:
    """A number that changed by more than the value (N07.FR.18), anything else that changed (N07.FR.19).

    A hard-wired monitor tells another fault, too, where one follows the other. What is not known has not
    changed.
    """
    if monitor.origin == "HardWired" and not seen.value:
        return memory, None
    if memory.told is None:
        return replace(memory, told=seen.value, diagnosis=seen.diagnosis), None
    has_changed = seen.value != memory.told
    if seen.is_numeric:
        old, new = number(memory.told), number(seen.value)
        if new is None:
            return memory, None
        if old is None:
            return replace(memory, told=seen.value), None
        has_changed = abs(new - old) > monitor.value
    is_other_fault = monitor.origin == "HardWired" and seen.diagnosis not in (None, memory.diagnosis)
    if not has_changed and not is_other_fault:
        return memory, None
    after = replace(memory, told=seen.value, diagnosis=seen.diagnosis)
    return after, Finding(trigger="Delta", transaction_id=seen.transaction_id)


def _periodic(monitor: Monitor, memory: Memory, seen: Seen, now: Instant) -> tuple[Memory, Finding | None]:
    """Every so many seconds since it was set (N08.FR.06); what was missed is not caught up."""
    period_s = float(monitor.value)
    if memory.due_s is None:
        return replace(memory, due_s=now.monotonic_s + period_s), None
    if now.monotonic_s < memory.due_s:
        return memory, None
    periods = math.floor((now.monotonic_s - memory.due_s) / period_s) + 1
    after = replace(memory, due_s=memory.due_s + periods * period_s)
    return after, Finding(trigger="Periodic", transaction_id=seen.transaction_id)


def _aligned(monitor: Monitor, memory: Memory, seen: Seen, now: Instant) -> tuple[Memory, Finding | None]:
    """At multiples of the period, from midnight UTC (N08.FR.07); a clock set back tells nothing twice."""
    slot = _slot(monitor, now)
    if memory.slot is None or slot <= memory.slot:
        return replace(memory, slot=slot), None
    return replace(memory, slot=slot), Finding(trigger="Periodic", transaction_id=seen.transaction_id)


def _slot(monitor: Monitor, now: Instant) -> int:
    return math.floor(now.wall.timestamp() / float(monitor.value))


def number(text: str) -> Decimal | None:
    """Return a number; None if the variable says none now."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
