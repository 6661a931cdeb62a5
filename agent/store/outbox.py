"""Transaction events on their way to the backend: written once, kept until the backend confirmed them.

Order per transaction is the order of writing. A message keeps its id over resends, so that the backend
can tell a resend from a second fact. `event_no` is the place of an event among those that happened, `seq_no`
among those that are told: they differ once an outbox that grew too large was thinned (docs/adr/0015).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import msgspec

from agent.store.thinning import Waiting, Weight, dispensable, weight_of
from agent.transactions.records import TransactionEvent

TABLE = """CREATE TABLE outbox (
    position INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    event_no INTEGER NOT NULL,
    seq_no INTEGER NOT NULL,
    weight TEXT NOT NULL,
    event BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    is_offered INTEGER NOT NULL DEFAULT 0,
    set_aside TEXT,
    line TEXT NOT NULL,
    UNIQUE (transaction_id, event_no)
);"""
SCHEMA = f"""{TABLE}
CREATE TABLE thinned (transaction_id TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
"""
_ROW_BYTES = 200
"""What a row takes besides its event: ids, numbers, its place in the index."""
_ONLINE = '"offline":false'
_OFFLINE = '"offline":true'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One event that the backend has not confirmed yet."""

    position: int
    message_id: str
    attempts: int
    event: TransactionEvent
    is_offered: bool
    """Whether the backend may have it already."""


def add(connection: sqlite3.Connection, message_id: str, event: TransactionEvent, line: str = "") -> None:
    """Append an event; commits with whatever else the caller's transaction writes.

    `line` names the times that it carries, for when the clock is set (`agent.store.timeline`).
    """
    connection.execute(
        "INSERT INTO outbox (message_id, transaction_id, event_no, seq_no, weight, event, line) VALUES "
        "(?1, ?2, ?3, ?3 - IFNULL((SELECT events FROM thinned WHERE transaction_id = ?2), 0), ?4, ?5, ?6)",
        (message_id, event.transaction_id, event.seq_no, weight_of(event), msgspec.json.encode(event), line),
    )


class UnreadableEvent(Exception):
    """What is stored at `position` is no event."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(f"the event at position {position} of the outbox cannot be read: {why}")
        self.position = position


def first(connection: sqlite3.Connection, resting: Collection[str] = ()) -> Pending | None:
    """Return the oldest event that is still to be delivered, passing over the transactions that rest.

    Raises:
        UnreadableEvent: If it cannot be read.
    """
    row = connection.execute(
        "SELECT position, message_id, attempts, seq_no, event, is_offered FROM outbox "
        "WHERE set_aside IS NULL AND transaction_id NOT IN (SELECT value FROM json_each(?)) "
        "ORDER BY position LIMIT 1",
        (json.dumps(list(resting)),),
    ).fetchone()
    if row is None:
        return None
    position, message_id, attempts, seq_no, stored, is_offered = row
    try:
        event = msgspec.json.decode(stored, type=TransactionEvent)
    except msgspec.DecodeError as error:
        raise UnreadableEvent(position, str(error)) from error
    return Pending(
        position=position,
        message_id=message_id,
        attempts=attempts,
        event=replace(event, seq_no=seq_no),
        is_offered=bool(is_offered),
    )


def mark_offline(connection: sqlite3.Connection) -> None:
    """Mark every event that still waits as one that happened offline (E11.FR.07, E12.FR.02).

    A quotation mark inside a JSON string is escaped, so this member is found only where it is one.
    """
    connection.execute(
        "UPDATE outbox SET event = CAST(replace(CAST(event AS TEXT), ?, ?) AS BLOB) "
        "WHERE set_aside IS NULL AND instr(CAST(event AS TEXT), ?) > 0",
        (_ONLINE, _OFFLINE, _ONLINE),
    )


def offer(connection: sqlite3.Connection, position: int) -> None:
    """Note that the backend may have an event from now on: its number and its times are settled."""
    connection.execute("UPDATE outbox SET is_offered = 1 WHERE position = ?", (position,))


def delivered(connection: sqlite3.Connection, pending: Pending) -> None:
    """Forget an event that the backend confirmed."""
    connection.execute("DELETE FROM outbox WHERE position = ?", (pending.position,))
    if pending.event.kind == "Ended":
        connection.execute("DELETE FROM thinned WHERE transaction_id = ?", (pending.event.transaction_id,))


def failed(connection: sqlite3.Connection, position: int) -> int:
    """Count a failed attempt and return how many there were."""
    (attempts,) = connection.execute(
        "UPDATE outbox SET attempts = attempts + 1, is_offered = 1 WHERE position = ? RETURNING attempts",
        (position,),
    ).fetchone()
    return int(attempts)


def set_aside(connection: sqlite3.Connection, position: int, why: str) -> None:
    """Keep an event that cannot be delivered out of the way of the others (E13.FR.04), with the reason."""
    connection.execute("UPDATE outbox SET set_aside = ?, is_offered = 1 WHERE position = ?", (why, position))


def offer_again(connection: sqlite3.Connection) -> None:
    """Take up what was set aside, as if it had never been tried.

    Those behind it may have been on the way when the last connection ended; their number is theirs for good.
    """
    if connection.execute("SELECT 1 FROM outbox WHERE set_aside IS NOT NULL LIMIT 1").fetchone() is None:
        return
    connection.execute(
        "UPDATE outbox SET is_offered = 1 WHERE position IN "
        "(SELECT MIN(position) FROM outbox WHERE set_aside IS NULL GROUP BY transaction_id)"
    )
    connection.execute("UPDATE outbox SET set_aside = NULL, attempts = 0 WHERE set_aside IS NOT NULL")


def count(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return how many events wait for delivery and how many were set aside."""
    (waiting, aside) = connection.execute(
        "SELECT COUNT(*) FILTER (WHERE set_aside IS NULL), COUNT(set_aside) FROM outbox"
    ).fetchone()
    return waiting, aside


def has_waiting(connection: sqlite3.Connection, transaction_id: str | None) -> bool:
    """Return whether an event of this transaction is not delivered yet; None asks about any."""
    row = connection.execute(
        "SELECT 1 FROM outbox WHERE ?1 IS NULL OR transaction_id = ?1 LIMIT 1", (transaction_id,)
    ).fetchone()
    return row is not None


def thin(connection: sqlite3.Connection, share: float) -> int:
    """Drop what can best be spared, about this share of all bytes, and return how many events that were.

    The events behind a dropped one move up, so that the numbers which the backend gets have no gap. None goes
    that may have been offered already, nor any before it: its number is the backend's.
    """
    events = list(_undelivered(connection))
    surplus_bytes = int(share * sum(event.size_bytes for event in events))
    goes = dispensable(events, surplus_bytes)
    if goes:
        _drop(connection, events, goes)
    return len(goes)


def _undelivered(connection: sqlite3.Connection) -> Iterator[Waiting]:
    """Yield all events by transaction and number; one that may have been offered is fixed."""
    rows = connection.execute(
        "SELECT position, transaction_id, event_no, LENGTH(event), weight, is_offered, set_aside IS NULL "
        "FROM outbox ORDER BY transaction_id, event_no"
    ).fetchall()
    for _, group in groupby(rows, key=lambda row: row[1]):
        events = list(group)
        on_the_way = next((event_no for _, _, event_no, *_, waits in events if waits), -1)
        offered = max((row[2] for row in events if row[5]), default=-1)
        for position, transaction_id, event_no, size_bytes, weight, *_ in events:
            may_go = event_no > max(on_the_way, offered)
            weight_now: Weight = weight if may_go else "fixed"
            yield Waiting(position, transaction_id, event_no, size_bytes + _ROW_BYTES, weight_now)


def _drop(connection: sqlite3.Connection, events: list[Waiting], goes: frozenset[int]) -> None:
    """Write the table anew without these events: deleting them would leave its pages half empty."""
    moves: dict[int, int] = {}
    for transaction_id, row in groupby(events, key=lambda event: event.transaction_id):
        gone = 0
        for event in row:
            gone += event.position in goes
            moves[event.position] = gone
        if gone:
            connection.execute(
                "INSERT INTO thinned (transaction_id, events) VALUES (?, ?) "
                "ON CONFLICT (transaction_id) DO UPDATE SET events = events + excluded.events",
                (transaction_id, gone),
            )
    connection.create_function("moves_up", 1, moves.__getitem__)
    connection.create_function("goes", 1, lambda position: position in goes)
    connection.execute("ALTER TABLE outbox RENAME TO outbox_loose")
    connection.execute(TABLE)
    connection.execute(
        "INSERT INTO outbox SELECT position, message_id, transaction_id, event_no, "
        "seq_no - moves_up(position), weight, event, attempts, is_offered, set_aside, line "
        "FROM outbox_loose WHERE NOT goes(position) ORDER BY position"
    )
    connection.execute("DROP TABLE outbox_loose")
