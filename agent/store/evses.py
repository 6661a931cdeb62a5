"""EVSE states, each with its running transaction, as they were when they last changed."""

from __future__ import annotations

import sqlite3

import msgspec

from agent.station.evse import EvseState
from agent.store.database import StoreError


def load(connection: sqlite3.Connection, evse_id: int) -> EvseState:
    """Return the stored state, or a fresh one for an EVSE never seen before.

    Raises:
        StoreError: If the stored state makes no sense.
    """
    row = connection.execute("SELECT state FROM evse WHERE evse_id = ?", (evse_id,)).fetchone()
    if row is None:
        return EvseState()
    try:
        return msgspec.json.decode(row[0], type=EvseState)
    except msgspec.DecodeError as error:
        raise StoreError(
            f"the stored state of EVSE {evse_id} cannot be read ({error}); move the state file aside to "
            "start with an empty one"
        ) from error


def save(connection: sqlite3.Connection, evse_id: int, state: EvseState) -> None:
    """Store the state; commits with whatever else the caller's transaction writes."""
    connection.execute(
        "INSERT INTO evse (evse_id, state) VALUES (?, ?) "
        "ON CONFLICT (evse_id) DO UPDATE SET state = excluded.state",
        (evse_id, msgspec.json.encode(state)),
    )
