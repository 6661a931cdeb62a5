"""What the server knows about a charging station when it connects."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from backend.db.tables import charging_stations


@dataclass(frozen=True, slots=True)
class Station:
    """A charging station that the operator has added. `registration` is RegistrationStatusEnumType."""

    id: int
    identity: str
    password_hash: str
    registration: str
    has_booted: bool


def find(db: Connection, identity: str) -> Station | None:
    """Return the station of that identity, if the operator has added it."""
    table = charging_stations.c
    query = select(table.id, table.identity, table.password_hash, table.registration, table.booted_at).where(
        table.identity == identity
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    return Station(row.id, row.identity, row.password_hash, row.registration, row.booted_at is not None)
