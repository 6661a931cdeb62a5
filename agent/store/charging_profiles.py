"""Charging profiles that are installed on this station."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from agent.smartcharging.profiles import Profile
from agent.store.database import StoreError


def load(connection: sqlite3.Connection) -> list[Profile]:
    """Return every profile, by id.

    Raises:
        StoreError: If a stored profile makes no sense.
    """
    rows = connection.execute("SELECT id, profile FROM charging_profile ORDER BY id").fetchall()
    try:
        return [msgspec.json.decode(row[1], type=Profile) for row in rows]
    except msgspec.DecodeError as error:
        raise StoreError(
            f"a stored charging profile cannot be read ({error}); move the state file aside to start with an "
            "empty one"
        ) from error


def save(connection: sqlite3.Connection, profile: Profile) -> None:
    """Store a profile in the place of the one with its id."""
    connection.execute(
        "INSERT OR REPLACE INTO charging_profile (id, profile) VALUES (?, ?)",
        (profile.id, msgspec.json.encode(profile)),
    )


def delete(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget these profiles."""
    connection.executemany("DELETE FROM charging_profile WHERE id = ?", [(number,) for number in ids])
