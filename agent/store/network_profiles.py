"""The network profiles the backend has set, by slot, and the one that last worked."""

from __future__ import annotations

import sqlite3

import msgspec

from agent.network.profiles import NetworkProfile


def load(connection: sqlite3.Connection) -> tuple[dict[int, NetworkProfile], list[int]]:
    """Return the stored profiles by slot, and the slots whose profile cannot be read."""
    profiles: dict[int, NetworkProfile] = {}
    unreadable: list[int] = []
    for slot, text in connection.execute("SELECT slot, profile FROM network_profile"):
        try:
            profiles[slot] = msgspec.json.decode(text, type=NetworkProfile)
        except msgspec.DecodeError:
            unreadable.append(slot)
    return profiles, unreadable


def save(connection: sqlite3.Connection, slot: int, profile: NetworkProfile) -> None:
    """Store a slot's profile in place of what was there."""
    connection.execute(
        "INSERT INTO network_profile (slot, profile) VALUES (?, ?) "
        "ON CONFLICT (slot) DO UPDATE SET profile = excluded.profile",
        (slot, msgspec.json.encode(profile)),
    )


def remove(connection: sqlite3.Connection, slot: int) -> None:
    """Forget a slot's profile."""
    connection.execute("DELETE FROM network_profile WHERE slot = ?", (slot,))
