"""The security log: what happened on this station that its owner may have to look into."""

from __future__ import annotations

import sqlite3
from datetime import datetime

import msgspec

MOST_KEPT = 2_000
"""Older entries go then: about 200 kB of flash."""


class SecurityEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. `type` is of the standard's list; `info` is for people, "" for nothing."""

    at: datetime
    type: str
    info: str = ""


def add(connection: sqlite3.Connection, event: SecurityEvent) -> None:
    """Append an entry; the oldest make room."""
    connection.execute(
        "INSERT INTO security_log (at, type, info) VALUES (?, ?, ?)",
        (event.at.isoformat(), event.type, event.info),
    )
    connection.execute(
        "DELETE FROM security_log WHERE position <= (SELECT MAX(position) FROM security_log) - ?",
        (MOST_KEPT,),
    )


def load(connection: sqlite3.Connection) -> list[SecurityEvent]:
    """Return every entry that is kept, the oldest first."""
    rows = connection.execute("SELECT at, type, info FROM security_log ORDER BY position")
    return [SecurityEvent(at=datetime.fromisoformat(at), type=type_, info=info) for at, type_, info in rows]


def clear(connection: sqlite3.Connection) -> None:
    """Forget every entry."""
    connection.execute("DELETE FROM security_log")
