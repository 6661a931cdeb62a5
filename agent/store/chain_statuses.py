"""What the backend found out about certificates that vehicles showed: one row a certificate."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

SCHEMA: Final = """
CREATE TABLE chain_status (
    name TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    until_s REAL NOT NULL
) WITHOUT ROWID;
"""
MOST: Final = 1000
"""What is kept at most: a row is about 150 bytes of flash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer, by its certificate's name, and until when it stands (s since 1970)."""

    name: str
    status: Literal["Good", "Revoked"]
    until_s: float


def load(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, Kept]:
    """Return the answers about these certificates, outdated ones too."""
    found: dict[str, Kept] = {}
    for name in names:
        row = connection.execute(
            "SELECT status, until_s FROM chain_status WHERE name = ?", (name,)
        ).fetchone()
        if row is not None:
            found[name] = Kept(name=name, status=row[0], until_s=row[1])
    return found


def forget(connection: sqlite3.Connection, name: str) -> None:
    """Forget the answer about a certificate."""
    connection.execute("DELETE FROM chain_status WHERE name = ?", (name,))


def save(connection: sqlite3.Connection, answers: Iterable[Kept], now_s: float, most: int = MOST) -> None:
    """Store answers in place of those before, and forget what is outdated or too much: revoked ones last."""
    connection.executemany(
        "INSERT OR REPLACE INTO chain_status (name, status, until_s) VALUES (?, ?, ?)",
        [(one.name, one.status, one.until_s) for one in answers],
    )
    connection.execute("DELETE FROM chain_status WHERE until_s <= ?", (now_s,))
    connection.execute(
        "DELETE FROM chain_status WHERE name NOT IN ("
        "SELECT name FROM chain_status ORDER BY status = 'Revoked' DESC, until_s DESC LIMIT ?)",
        (most,),
    )
