"""What a backend has before chargers talk: a location, stations, tokens, a tariff."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from backend.authorization.verdict import key_of
from backend.db.tables import charging_stations, locations, tariffs, tokens

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)

TARIFF: dict[str, Any] = {
    "id": "STANDARD",
    "currency": "EUR",
    "elements": [
        {
            "price_components": [
                {"type": "FLAT", "price": 0.5, "step_size": 1, "vat": 20},
                {"type": "ENERGY", "price": 0.4, "step_size": 1, "vat": 20},
                {"type": "PARKING_TIME", "price": 6, "step_size": 60, "vat": 20},
            ]
        }
    ],
}


def location(db: Connection, time_zone: str = "Europe/Berlin") -> int:
    ref: int = db.execute(
        insert(locations)
        .values(
            location_id="SITE-1",
            name="Depot",
            address="Hauptstrasse 1",
            city="Berlin",
            postal_code="10115",
            country="DEU",
            latitude="52.520008",
            longitude="13.404954",
            time_zone=time_zone,
            connector_standard="IEC_62196_T2",
            connector_format="SOCKET",
            connector_power_type="AC_3_PHASE",
        )
        .returning(locations.c.id)
    ).scalar_one()
    return ref


def station(db: Connection, identity: str = "CS-1", **columns: Any) -> int:
    where = db.execute(select(locations.c.id)).scalars().first() or location(db)
    values = {"identity": identity, "password_hash": "-", "location_id": where, "created_at": NOW, **columns}
    ref: int = db.execute(
        insert(charging_stations).values(values).returning(charging_stations.c.id)
    ).scalar_one()
    return ref


def token(db: Connection, uid: str = "CARD-1", **columns: Any) -> None:
    values = {
        "uid": uid,
        "uid_key": key_of(uid, columns.get("type", "")),
        "type": "RFID",
        "contract_id": f"DE-CHG-{uid}",
        "last_updated": NOW,
        **columns,
    }
    db.execute(insert(tokens).values(values))


def tariff(db: Connection, *, is_default: bool = True, **members: Any) -> int:
    document = TARIFF | members
    ref: int = db.execute(
        insert(tariffs)
        .values(
            tariff_id=document["id"], document=json.dumps(document), is_default=is_default, created_at=NOW
        )
        .returning(tariffs.c.id)
    ).scalar_one()
    return ref
