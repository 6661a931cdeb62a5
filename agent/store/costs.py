"""The latest cost at every EVSE."""

from __future__ import annotations

import logging
import sqlite3

import msgspec

from agent.costs.records import Cost

log = logging.getLogger(__name__)

SCHEMA = """CREATE TABLE cost (evse_id INTEGER PRIMARY KEY, cost BLOB NOT NULL);
"""


def load(connection: sqlite3.Connection) -> dict[int, Cost]:
    """Return the cost at each EVSE that has one; what cannot be read is left out."""
    found = {}
    for evse_id, stored in connection.execute("SELECT evse_id, cost FROM cost"):
        try:
            found[int(evse_id)] = msgspec.json.decode(stored, type=Cost)
        except msgspec.DecodeError as error:
            log.error("the stored cost at EVSE %s cannot be read: %s", evse_id, error)
    return found


def save(connection: sqlite3.Connection, cost: Cost) -> None:
    """Store a cost in the place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO cost (evse_id, cost) VALUES (?, ?)", (cost.evse_id, msgspec.json.encode(cost))
    )
