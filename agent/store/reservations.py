"""Reservations, as they were made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from agent.reservations.book import Reservation
from agent.store.database import StoreError


def load(connection: sqlite3.Connection) -> tuple[Reservation, ...]:
    """Return every reservation, by number.

    Raises:
        StoreError: If one cannot be read.
    """
    rows = connection.execute("SELECT reservation FROM reservation ORDER BY id").fetchall()
    try:
        return tuple(msgspec.json.decode(stored, type=Reservation) for (stored,) in rows)
    except msgspec.DecodeError as error:
        raise StoreError(
            f"a stored reservation cannot be read ({error}); move the state file aside to start anew"
        ) from error


def save(connection: sqlite3.Connection, reservation: Reservation) -> None:
    """Store a reservation, in place of the one of the same number."""
    connection.execute(
        "INSERT INTO reservation (id, reservation) VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET reservation = excluded.reservation",
        (reservation.id, msgspec.json.encode(reservation)),
    )


def forget(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Drop reservations that are over."""
    connection.executemany("DELETE FROM reservation WHERE id = ?", [(number,) for number in ids])
