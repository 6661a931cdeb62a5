"""Monitors that the backend has set, what monitors remember, and numbers that are handed out once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from agent.monitoring.records import Monitor
from agent.monitoring.watch import Memory

EVENT_IDS = 1000
"""How many ids of events are reserved at once: one write for so many events."""
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Monitors that were set, ids of preconfigured ones that were cleared, and memories by key."""

    custom: tuple[Monitor, ...] = ()
    cleared: frozenset[int] = frozenset()
    memories: Mapping[str, Memory] = field(default_factory=dict)
    unreadable: int = 0
    """How many entries made no sense and are passed over."""


def load(connection: sqlite3.Connection) -> Stored:
    """Return everything; what makes no sense is counted, for monitors are not worth a dead station."""
    custom: list[Monitor] = []
    cleared: set[int] = set()
    memories: dict[str, Memory] = {}
    unreadable = 0
    for number, stored in connection.execute("SELECT id, monitor FROM monitor ORDER BY id"):
        if stored is None:
            cleared.add(number)
            continue
        try:
            custom.append(msgspec.json.decode(stored, type=Monitor))
        except msgspec.DecodeError:
            unreadable += 1
    for key, stored in connection.execute("SELECT key, memory FROM monitor_memory"):
        try:
            memories[key] = msgspec.json.decode(stored, type=Memory)
        except msgspec.DecodeError:
            unreadable += 1
    return Stored(custom=tuple(custom), cleared=frozenset(cleared), memories=memories, unreadable=unreadable)


def save(connection: sqlite3.Connection, monitor: Monitor) -> None:
    """Store a monitor in the place of the one with its id."""
    connection.execute(
        "INSERT OR REPLACE INTO monitor (id, monitor) VALUES (?, ?)",
        (monitor.id, msgspec.json.encode(monitor)),
    )


def clear(connection: sqlite3.Connection, number: int, *, is_preconfigured: bool) -> None:
    """Forget a monitor; that a preconfigured one was cleared is remembered."""
    connection.execute("DELETE FROM monitor WHERE id = ?", (number,))
    if is_preconfigured:
        connection.execute("INSERT INTO monitor (id, monitor) VALUES (?, NULL)", (number,))


def clear_many(connection: sqlite3.Connection, *, keeps_custom: bool) -> None:
    """Forget which preconfigured monitors were cleared, and what was set unless `keeps_custom`."""
    connection.execute("DELETE FROM monitor WHERE monitor IS NULL OR NOT ?", (keeps_custom,))


def remember(connection: sqlite3.Connection, memories: Mapping[str, Memory]) -> None:
    """Store what monitors remember, by key."""
    connection.executemany(
        "INSERT OR REPLACE INTO monitor_memory (key, memory) VALUES (?, ?)",
        [(key, msgspec.json.encode(memory)) for key, memory in memories.items()],
    )


def forget(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Forget what these monitors remember."""
    connection.executemany("DELETE FROM monitor_memory WHERE key = ?", [(key,) for key in keys])


def take_monitor_id(connection: sqlite3.Connection, taken: Collection[int]) -> int:
    """Return an id that was never handed out, and is not taken."""
    number = _take(connection, "monitor-id", 1)
    while number in taken:
        number = _take(connection, "monitor-id", 1)
    return number


def take_event_ids(connection: sqlite3.Connection) -> int:
    """Reserve `EVENT_IDS` ids of events and return the first."""
    first = _take(connection, "event-id", EVENT_IDS)
    return first % (_LARGEST_ID - EVENT_IDS)


def _take(connection: sqlite3.Connection, name: str, count: int) -> int:
    """Count a fact up and return the first of the numbers, beginning with 1."""
    (last,) = connection.execute(
        "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE "
        "SET value = CAST(CAST(fact.value AS INTEGER) + excluded.value AS TEXT) RETURNING value",
        (name, str(count)),
    ).fetchone()
    return int(last) - count + 1
