"""Messages besides transaction events that must survive a power cut: one row each, oldest first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """One record that waits for the backend; `kind` says of which type it is."""

    position: int
    message_id: str
    kind: str
    record: bytes
    refusals: int


def add(
    connection: sqlite3.Connection,
    kind: str,
    message_id: str,
    record: bytes,
    expires_s: float | None,
    most: int,
    line: str = "",
) -> int:
    """Append a record and keep at most `most` of its kind; return how many old ones had to go for it.

    `line` names the times that it carries in a member `at`, for when the clock is set.
    """
    connection.execute(
        "INSERT INTO notice (kind, message_id, record, expires_s, line) VALUES (?, ?, ?, ?, ?)",
        (kind, message_id, record, expires_s, line),
    )
    return connection.execute(
        "DELETE FROM notice WHERE kind = ? AND position NOT IN "
        "(SELECT position FROM notice WHERE kind = ? ORDER BY position DESC LIMIT ?)",
        (kind, kind, most),
    ).rowcount


def first(connection: sqlite3.Connection, resting: Collection[int] = ()) -> StoredNotice | None:
    """Return the oldest record, passing over those that rest."""
    row = connection.execute(
        "SELECT position, message_id, kind, record, refusals FROM notice "
        "WHERE position NOT IN (SELECT value FROM json_each(?)) ORDER BY position LIMIT 1",
        (json.dumps(list(resting)),),
    ).fetchone()
    if row is None:
        return None
    position, message_id, kind, record, refusals = row
    return StoredNotice(position=position, message_id=message_id, kind=kind, record=record, refusals=refusals)


def has_expired(connection: sqlite3.Connection, now_s: float) -> bool:
    """Return whether any record's time has passed (seconds since 1970)."""
    return connection.execute("SELECT 1 FROM notice WHERE expires_s < ?", (now_s,)).fetchone() is not None


def expire(connection: sqlite3.Connection, now_s: float) -> int:
    """Forget what came too late to be of use (seconds since 1970), and return how many those were."""
    return connection.execute("DELETE FROM notice WHERE expires_s < ?", (now_s,)).rowcount


def refused(connection: sqlite3.Connection, position: int) -> int:
    """Count a refusal by the backend and return how many there were."""
    (refusals,) = connection.execute(
        "UPDATE notice SET refusals = refusals + 1 WHERE position = ? RETURNING refusals", (position,)
    ).fetchone()
    return int(refusals)


def forget(connection: sqlite3.Connection, position: int) -> None:
    """Forget a record that is done with."""
    connection.execute("DELETE FROM notice WHERE position = ?", (position,))


def count(connection: sqlite3.Connection) -> int:
    """Return how many records wait."""
    (waiting,) = connection.execute("SELECT COUNT(*) FROM notice").fetchone()
    return int(waiting)
