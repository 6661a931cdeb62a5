"""The default tariffs, one row each, in the order in which they were set."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable

import msgspec

from agent.tariffs.book import Installed

log = logging.getLogger(__name__)

SCHEMA = """CREATE TABLE tariff (position INTEGER PRIMARY KEY, tariff BLOB NOT NULL);
"""


def load(connection: sqlite3.Connection) -> tuple[Installed, ...]:
    """Return the tariffs; one that cannot be read is left out: nothing is charged by a guess."""
    found = []
    for (stored,) in connection.execute("SELECT tariff FROM tariff ORDER BY position"):
        try:
            found.append(msgspec.json.decode(stored, type=Installed))
        except msgspec.DecodeError as error:
            log.error("a stored tariff cannot be read: %s", error)
    return tuple(found)


def save(connection: sqlite3.Connection, book: Iterable[Installed]) -> None:
    """Store these tariffs in the place of all there were."""
    connection.execute("DELETE FROM tariff")
    connection.executemany(
        "INSERT INTO tariff (tariff) VALUES (?)", [(msgspec.json.encode(one),) for one in book]
    )
