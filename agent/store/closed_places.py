"""The places that the operator took out of service: a row each; 0 stands for "all" of a level."""

from __future__ import annotations

import sqlite3

from agent.variables.model import Place


def load(connection: sqlite3.Connection) -> frozenset[Place]:
    """Return every place that is out of service."""
    rows = connection.execute("SELECT evse_id, connector_id FROM closed_place").fetchall()
    return frozenset(Place(evse_id or None, connector_id or None) for evse_id, connector_id in rows)


def set_closed(connection: sqlite3.Connection, place: Place, is_closed: bool) -> None:
    """Store whether a place is out of service."""
    row = (place.evse_id or 0, place.connector_id or 0)
    if is_closed:
        connection.execute("INSERT OR IGNORE INTO closed_place (evse_id, connector_id) VALUES (?, ?)", row)
    else:
        connection.execute("DELETE FROM closed_place WHERE evse_id = ? AND connector_id = ?", row)
