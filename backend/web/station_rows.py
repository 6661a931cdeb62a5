"""Charging stations as the REST interface reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from backend.db.tables import charging_stations, connectors, locations, transactions

_ENERGY_WH = transactions.c.meter_last_wh - transactions.c.meter_start_wh


@dataclass(frozen=True, slots=True)
class Details:
    """What belongs to stations, by their primary keys."""

    connectors: Mapping[int, Sequence[Row[Any]]]
    last_successful: Mapping[int, Row[Any]]
    failed_since: Mapping[int, int]


def stations(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return stations by identity."""
    query = _stations().order_by(charging_stations.c.identity).limit(limit).offset(offset)
    return db.execute(query).all()


def station(db: Connection, identity: str) -> Row[Any] | None:
    """Return one station, or None."""
    return db.execute(_stations().where(charging_stations.c.identity == identity)).one_or_none()


def details(db: Connection, keys: Sequence[int]) -> Details:
    """Return what belongs to these stations."""
    last = _last_successful(db, keys)
    return Details(_connectors(db, keys), last, _failed_since(db, keys, last))


def _stations() -> Select[Any]:
    table = charging_stations.c
    return select(
        table.id,
        table.identity,
        table.registration,
        table.vendor,
        table.model,
        table.serial_number,
        table.firmware_version,
        table.booted_at,
        table.last_seen_at,
        locations.c.location_id,
    ).join(locations, locations.c.id == table.location_id)


def _connectors(db: Connection, keys: Sequence[int]) -> Mapping[int, Sequence[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    query = (
        select(connectors)
        .where(connectors.c.station_id.in_(keys))
        .order_by(connectors.c.evse_id, connectors.c.connector_id)
    )
    for row in db.execute(query):
        found[row.station_id].append(row)
    return found


def _last_successful(db: Connection, keys: Sequence[int]) -> Mapping[int, Row[Any]]:
    """Return the newest completed session with energy of each station.

    Asked one by one: an index on station and id then finds each at its end and reads no station's history.
    """
    table = transactions.c
    found = {}
    for key in keys:
        query: Select[Any] = (
            select(table.id, table.session_id, table.ended_at, _ENERGY_WH.label("energy_wh"))
            .where(table.station_id == key, table.completed_at.is_not(None), _ENERGY_WH > 0)
            .order_by(table.id.desc())
            .limit(1)
        )
        row = db.execute(query).one_or_none()
        if row is not None:
            found[key] = row
    return found


def _failed_since(db: Connection, keys: Sequence[int], last: Mapping[int, Row[Any]]) -> Mapping[int, int]:
    """Count completed sessions without energy after the last successful one."""
    table = transactions.c
    counts: dict[int, int] = {}
    for key in keys:
        query = select(func.count()).where(
            table.station_id == key,
            table.id > (last[key].id if key in last else 0),
            table.completed_at.is_not(None),
            func.coalesce(_ENERGY_WH, 0) <= 0,
        )
        counts[key] = db.execute(query).scalar_one()
    return counts
