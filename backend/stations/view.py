"""What is known of a charging station; whether it is connected only the server knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from backend.db.page import Page
from backend.db.tables import charging_stations, connectors


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorView:
    """A connector with the last status that was reported (ConnectorStatusEnumType)."""

    evse_id: int
    connector_id: int
    status: str
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StationView:
    """A charging station. What it says of itself is absent until it has booted once."""

    identity: str
    registration: str
    vendor: str | None
    model: str | None
    serial_number: str | None
    firmware_version: str | None
    firmware_status: str | None
    boot_reason: str | None
    booted_at: datetime | None
    last_seen_at: datetime | None
    created_at: datetime
    tariff_id: str | None
    connectors: tuple[ConnectorView, ...]


def find_stations(db: Connection, *, offset: int, limit: int) -> Page[StationView]:
    """Return stations by identity."""
    query = select(charging_stations).order_by(charging_stations.c.identity).offset(offset).limit(limit)
    found = db.execute(query).all()
    reported = _connectors(db, [row.id for row in found])
    total: int = db.execute(select(func.count()).select_from(charging_stations)).scalar_one()
    return Page(tuple(_view(row, tuple(reported[row.id])) for row in found), total)


def find_station(db: Connection, identity: str) -> StationView | None:
    """Return one station."""
    query = select(charging_stations).where(charging_stations.c.identity == identity)
    row = db.execute(query).one_or_none()
    return None if row is None else _view(row, tuple(_connectors(db, [row.id])[row.id]))


def _connectors(db: Connection, stations: Collection[int]) -> dict[int, list[ConnectorView]]:
    query = (
        select(connectors)
        .where(connectors.c.station_id.in_(stations))
        .order_by(connectors.c.evse_id, connectors.c.connector_id)
    )
    found: dict[int, list[ConnectorView]] = defaultdict(list)
    for row in db.execute(query):
        found[row.station_id].append(
            ConnectorView(
                evse_id=row.evse_id,
                connector_id=row.connector_id,
                status=row.status,
                reported_at=row.reported_at,
            )
        )
    return found


def _view(row: Row[Any], reported: tuple[ConnectorView, ...]) -> StationView:
    names = (name for name in StationView.__dataclass_fields__ if name != "connectors")
    return StationView(connectors=reported, **{name: getattr(row, name) for name in names})
