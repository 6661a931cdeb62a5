"""Add and list charging stations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.admin.errors import AdminError
from backend.admin.locations import keep_location
from backend.config import LocationSection
from backend.csms.passwords import LENGTH
from backend.db.tables import charging_stations, connectors

_IDENTITY = re.compile(r"[A-Za-z0-9*_=+|@.-]{1,48}")


def check_identity(identity: str) -> None:
    """Check a charging station's identity (OCPP 2.0.1, identifierString; A00.FR.204 for the user name).

    Raises:
        AdminError: If no station could connect with it.
    """
    if not _IDENTITY.fullmatch(identity):
        raise AdminError(
            f"{identity!r} is no station id: use 1 to 48 letters, digits or * - _ = + | @ . "
            "(a colon would end the user name at the station's login)"
        )


def check_password(password: str) -> None:
    """Check a password (A00.FR.205).

    Raises:
        AdminError: If it is too short or too long.
    """
    if len(password) not in LENGTH:
        raise AdminError(f"a station's password has {LENGTH.start} to {LENGTH.stop - 1} characters")


def add_station(
    db: Connection, identity: str, password_hash: str, location: LocationSection, now: datetime
) -> None:
    """Add a station, so that it may connect.

    Raises:
        AdminError: If there is one already.
    """
    values = {
        "identity": identity,
        "password_hash": password_hash,
        "location_id": keep_location(db, location),
        "created_at": now,
    }
    try:
        db.execute(insert(charging_stations).values(values))
    except IntegrityError:
        raise AdminError(
            f"{identity} exists already; for a new password: station add {identity} --replace"
        ) from None


def replace_password(db: Connection, identity: str, password_hash: str) -> None:
    """Give a station another password; a connection that it has stays.

    Raises:
        AdminError: If there is no such station.
    """
    table = charging_stations
    changed = db.execute(
        update(table).where(table.c.identity == identity).values(password_hash=password_hash)
    )
    if not changed.rowcount:
        raise AdminError(f"{identity} does not exist; leave --replace out to add it")


def list_stations(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return stations by identity, each with the number of its connectors and of those that are free."""
    table, plug = charging_stations.c, connectors.c
    counts = (
        select(
            plug.station_id,
            func.count().label("connectors"),
            func.count().filter(plug.status == "Available").label("available"),
        )
        .group_by(plug.station_id)
        .subquery()
    )
    query: Select[Any] = (
        select(
            table.identity,
            table.registration,
            table.vendor,
            table.model,
            table.last_seen_at,
            func.coalesce(counts.c.connectors, 0).label("connectors"),
            func.coalesce(counts.c.available, 0).label("available"),
        )
        .outerjoin(counts, counts.c.station_id == table.id)
        .order_by(table.identity)
        .limit(limit)
        .offset(offset)
    )
    return db.execute(query).all()
