"""The transactions that charge with priority."""

from __future__ import annotations

import sqlite3
from typing import Final

SCHEMA: Final = """
CREATE TABLE priority_charging (transaction_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


def load(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of these transactions."""
    return frozenset(name for (name,) in connection.execute("SELECT transaction_id FROM priority_charging"))


def save(connection: sqlite3.Connection, transaction_ids: frozenset[str]) -> None:
    """Store these transactions in the place of all others."""
    connection.execute("DELETE FROM priority_charging")
    rows = [(name,) for name in sorted(transaction_ids)]
    connection.executemany("INSERT INTO priority_charging (transaction_id) VALUES (?)", rows)
