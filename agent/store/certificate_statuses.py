"""What authorities said of the station's own certificates: one row a certificate."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

SCHEMA = """CREATE TABLE certificate_status (
    name TEXT PRIMARY KEY,
    identity TEXT NOT NULL,
    answer BLOB NOT NULL,
    asked_s REAL NOT NULL,
    next_s REAL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer (DER), for which identity and when it was asked for, and when a newer one comes.

    Times are in s since 1970; `next_s` is None if the authority did not say.
    """

    identity: str
    answer: bytes
    asked_s: float
    next_s: float | None


def load(connection: sqlite3.Connection) -> dict[str, Kept]:
    """Return every answer by the certificate's name."""
    rows = connection.execute("SELECT name, identity, answer, asked_s, next_s FROM certificate_status")
    return {
        name: Kept(identity=identity, answer=answer, asked_s=asked_s, next_s=next_s)
        for name, identity, answer, asked_s, next_s in rows
    }


def save(connection: sqlite3.Connection, name: str, kept: Kept) -> None:
    """Store an answer in place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO certificate_status (name, identity, answer, asked_s, next_s) "
        "VALUES (?, ?, ?, ?, ?)",
        (name, kept.identity, kept.answer, kept.asked_s, kept.next_s),
    )


def keep_only(connection: sqlite3.Connection, names: Collection[str]) -> None:
    """Forget the answers about any other certificates."""
    marks = ", ".join("?" * len(names))
    connection.execute(
        f"DELETE FROM certificate_status WHERE name NOT IN ({marks})",  # noqa: S608 - only question marks
        tuple(names),
    )
