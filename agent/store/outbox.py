"""Transaction events on their way to the backend: written once, kept until the backend confirmed them.

Order per transaction is the order of writing. A message keeps its id over resends, so that the backend
can tell a resend from a second fact.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from agent.transactions.records import TransactionEvent


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


def first(connection: sqlite3.Connection) -> Pending | None:
    """Return the oldest event that is still to be delivered."""
    row = connection.execute(
        "SELECT position, message_id, attempts, event FROM outbox WHERE set_aside IS NULL "
        "ORDER BY position LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    position, message_id, attempts, event = row
    return Pending(
        position=position,
        message_id=message_id,
        attempts=attempts,
        event=msgspec.json.decode(event, type=TransactionEvent),
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
    """Keep an event that the backend refuses out of the way of the others (E13.FR.03), with the reason."""
    connection.execute("UPDATE outbox SET set_aside = ? WHERE position = ?", (why, position))


def count(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return how many events wait for delivery and how many were set aside."""
    (waiting, aside) = connection.execute(
        "SELECT COUNT(*) FILTER (WHERE set_aside IS NULL), COUNT(set_aside) FROM outbox"
    ).fetchone()
    return waiting, aside
