"""Transaction events on their way to the backend: written once, kept until the backend confirmed them.

Order per transaction is the order of writing. A message keeps its id over resends, so that the backend
can tell a resend from a second fact.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

import msgspec

from agent.transactions.records import TransactionEvent

_ONLINE = '"offline":false'
_OFFLINE = '"offline":true'


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One event that the backend has not confirmed yet."""

    position: int
    message_id: str
    attempts: int
    event: TransactionEvent


def add(connection: sqlite3.Connection, message_id: str, event: TransactionEvent) -> None:
    """Append an event; commits with whatever else the caller's transaction writes."""
    connection.execute(
        "INSERT INTO outbox (message_id, transaction_id, seq_no, event) VALUES (?, ?, ?, ?)",
        (message_id, event.transaction_id, event.seq_no, msgspec.json.encode(event)),
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
        "SELECT position, message_id, attempts, event FROM outbox WHERE set_aside IS NULL "
        "AND transaction_id NOT IN (SELECT value FROM json_each(?)) ORDER BY position LIMIT 1",
        (json.dumps(list(resting)),),
    ).fetchone()
    if row is None:
        return None
    position, message_id, attempts, stored = row
    try:
        event = msgspec.json.decode(stored, type=TransactionEvent)
    except msgspec.DecodeError as error:
        raise UnreadableEvent(position, str(error)) from error
    return Pending(position=position, message_id=message_id, attempts=attempts, event=event)


def mark_offline(connection: sqlite3.Connection) -> None:
    """Mark every event that still waits as one that happened offline (E11.FR.07, E12.FR.02).

    A quotation mark inside a JSON string is escaped, so this member is found only where it is one.
    """
    connection.execute(
        "UPDATE outbox SET event = CAST(replace(CAST(event AS TEXT), ?, ?) AS BLOB) "
        "WHERE set_aside IS NULL AND instr(CAST(event AS TEXT), ?) > 0",
        (_ONLINE, _OFFLINE, _ONLINE),
    )


def delivered(connection: sqlite3.Connection, position: int) -> None:
    """Forget an event that the backend confirmed."""
    connection.execute("DELETE FROM outbox WHERE position = ?", (position,))


def failed(connection: sqlite3.Connection, position: int) -> int:
    """Count a failed attempt and return how many there were."""
    (attempts,) = connection.execute(
        "UPDATE outbox SET attempts = attempts + 1 WHERE position = ? RETURNING attempts", (position,)
    ).fetchone()
    return int(attempts)


def set_aside(connection: sqlite3.Connection, position: int, why: str) -> None:
    """Keep an event that cannot be delivered out of the way of the others (E13.FR.04), with the reason."""
    connection.execute("UPDATE outbox SET set_aside = ? WHERE position = ?", (why, position))


def offer_again(connection: sqlite3.Connection) -> None:
    """Take up what was set aside, as if it had never been tried."""
    connection.execute("UPDATE outbox SET set_aside = NULL, attempts = 0 WHERE set_aside IS NOT NULL")


def count(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return how many events wait for delivery and how many were set aside."""
    (waiting, aside) = connection.execute(
        "SELECT COUNT(*) FILTER (WHERE set_aside IS NULL), COUNT(set_aside) FROM outbox"
    ).fetchone()
    return waiting, aside
