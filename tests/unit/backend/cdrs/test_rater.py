from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.exc import OperationalError

import backend.cdrs.rater as rater_module
from backend.cdrs.build import BACKWARDS, NO_TARIFF, Operator
from backend.cdrs.rater import Rater
from backend.db.engine import Database
from backend.db.tables import cdrs, tariffs, transactions
from backend.sessions.event import SessionEvent
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import CARD, FINAL, SESSION, ended, event
from tests.unit.backend.wording import ingest, store

OPERATOR = Operator(country_code="DE", party_id="CHH", currency="EUR")
LATER = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def rater(database: Database) -> Rater:
    return Rater(database, OPERATOR, lambda: LATER)


def prepare(db: Connection) -> None:
    seed.station(db)
    seed.token(db, "CARD-1")
    seed.tariff(db)


@pytest.fixture
async def ready(database: Database) -> Database:
    await database.write(prepare)
    return database


def made_cdrs(db: Connection) -> list[Row[Any]]:
    return list(db.execute(select(cdrs).order_by(cdrs.c.id)))


async def one(database: Database) -> Row[Any]:
    [row] = await database.read(made_cdrs)
    return row


async def document(database: Database) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await one(database)).document)
    return found


async def rated(database: Database, *events: SessionEvent) -> dict[str, Any]:
    await store(database, ingest(), *events)
    await rater(database).rate_pending()
    return await document(database)


def billing(db: Connection) -> str | None:
    found: str | None = db.execute(select(transactions.c.billing)).scalar_one()
    return found


async def test_a_complete_session_becomes_an_ocpi_cdr(ready: Database) -> None:
    found = await rated(ready, *SESSION)
    session_id = found["session_id"]
    assert found == {
        "country_code": "DE",
        "party_id": "CHH",
        "id": session_id,
        "start_date_time": "2026-03-11T09:00:00Z",
        "end_date_time": "2026-03-11T10:12:00Z",
        "session_id": session_id,
        "cdr_token": {
            "country_code": "DE",
            "party_id": "CHH",
            "uid": "card-1",
            "type": "RFID",
            "contract_id": "DE-CHG-CARD-1",
        },
        "auth_method": "AUTH_REQUEST",
        "cdr_location": {
            "id": "SITE-1",
            "name": "Depot",
            "address": "Hauptstrasse 1",
            "city": "Berlin",
            "postal_code": "10115",
            "country": "DEU",
            "coordinates": {"latitude": "52.520008", "longitude": "13.404954"},
            "evse_uid": "CS-1*1",
            "evse_id": "DE*CHH*ECS1*1",
            "connector_id": "1",
            "connector_standard": "IEC_62196_T2",
            "connector_format": "SOCKET",
            "connector_power_type": "AC_3_PHASE",
        },
        "currency": "EUR",
        "tariffs": [
            seed.TARIFF
            | {"country_code": "DE", "party_id": "CHH", "last_updated": "2026-03-11T09:00:00Z"}
        ],
        "charging_periods": [
            {
                "start_date_time": "2026-03-11T09:00:00Z",
                "dimensions": [{"type": "ENERGY", "volume": 0}],
                "tariff_id": "STANDARD",
            },
            {
                "start_date_time": "2026-03-11T09:02:00Z",
                "dimensions": [{"type": "ENERGY", "volume": 4}, {"type": "TIME", "volume": 1}],
                "tariff_id": "STANDARD",
            },
            {
                "start_date_time": "2026-03-11T10:02:00Z",
                "dimensions": [{"type": "ENERGY", "volume": 0}, {"type": "PARKING_TIME", "volume": 0.1667}],
                "tariff_id": "STANDARD",
            },
        ],
        "total_cost": {"excl_vat": 3.1, "incl_vat": 3.72},
        "total_fixed_cost": {"excl_vat": 0.5, "incl_vat": 0.6},
        "total_energy": 4,
        "total_energy_cost": {"excl_vat": 1.6, "incl_vat": 1.92},
        "total_time": 1.2,
        "total_parking_time": 0.2,
        "total_parking_cost": {"excl_vat": 1, "incl_vat": 1.2},
        "last_updated": "2026-03-11T12:00:00Z",
    }  # fmt: skip


async def test_the_cdr_keeps_what_the_rating_can_be_repeated_with(ready: Database) -> None:
    """CdrLocation has no time zone, and OCPI has no rounding rule."""
    await rated(ready, *SESSION)
    row = await one(ready)
    assert (row.time_zone, row.rounding, row.created_at) == ("Europe/Berlin", "HALF_UP/2/TOTAL", LATER)
    assert [(line["dimension"], line["measured"], line["billed"]) for line in json.loads(row.lines)] == [
        ("FLAT", 1, 1),
        ("ENERGY", 4000, 4000),
        ("PARKING_TIME", 600, 600),
    ]
    assert (row.energy_wh, row.total_excl_vat, row.total_incl_vat) == (4000, Decimal("3.10"), FINAL)


async def test_there_is_exactly_one_cdr_per_transaction(ready: Database) -> None:
    """Rated by two at once, woken twice, told again by the charger, or interrupted after the rating."""
    made = ingest()
    await store(ready, made, *SESSION)
    await asyncio.gather(rater(ready).rate_pending(), rater(ready).rate_pending())
    await store(ready, made, *SESSION, ended(6, 100))
    await ready.write(lambda db: db.execute(update(transactions).values(billing="DONE")))
    await rater(ready).rate_pending()
    assert await ready.read(lambda db: db.execute(select(func.count()).select_from(cdrs)).scalar_one()) == 1


async def test_a_session_that_was_complete_before_a_crash_is_rated_at_the_next_start(ready: Database) -> None:
    await store(ready, ingest(), *SESSION)
    task = asyncio.create_task(rater(ready).run())
    try:
        async with asyncio.timeout(20):
            while await ready.read(billing) != "DONE":
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        await asyncio.wait([task])
    assert (await document(ready))["total_cost"]["incl_vat"] == 3.72


async def test_an_incomplete_session_is_not_rated(ready: Database) -> None:
    await store(ready, ingest(), *[each for each in SESSION if each.seq_no != 3])
    assert await rater(ready).rate_pending() == 0
    await store(ready, ingest(), SESSION[3])
    assert await rater(ready).rate_pending() == 1


async def test_the_bill_is_what_the_driver_was_told(ready: Database) -> None:
    """I03: totalCost of the Ended response and total_cost of the CDR."""
    outcomes = await store(ready, ingest(), *SESSION)
    await rater(ready).rate_pending()
    assert outcomes[-1].response["cost"] == str((await document(ready))["total_cost"]["incl_vat"])


async def test_plugged_in_and_left_again_needs_no_cdr(ready: Database) -> None:
    await store(
        ready, ingest(), event(0, charging_state="EVConnected", energy_wh=5), ended(1, 9, energy_wh=5)
    )
    await rater(ready).rate_pending()
    assert await ready.read(billing) == "NONE"
    assert await ready.read(lambda db: db.execute(select(cdrs.c.id)).all()) == []


async def test_energy_without_a_driver_is_still_recorded(ready: Database) -> None:
    events = [event(0, charging_state="Charging", energy_wh=0), ended(1, 60, energy_wh=1000)]
    found = await rated(ready, *events)
    assert found["cdr_token"]["uid"] == "ANONYMOUS"
    assert found["cdr_token"]["type"] == "OTHER"
    assert found["total_energy"] == 1


async def test_without_a_tariff_it_costs_nothing_and_says_so(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await database.write(seed.station)
    found = await rated(database, *SESSION)
    assert found["total_cost"] == {"excl_vat": 0, "incl_vat": 0}
    assert found["remark"] == NO_TARIFF
    assert "tariffs" not in found
    assert "has no tariff" in caplog.text


async def test_a_register_that_ran_backwards_is_remarked(ready: Database) -> None:
    events = [event(0, token=CARD, charging_state="Charging", energy_wh=9000), ended(1, 60, energy_wh=10)]
    found = await rated(ready, *events)
    assert found["total_energy"] == 0
    assert found["remark"] == BACKWARDS


async def test_one_session_that_cannot_be_rated_does_not_stop_the_next(
    ready: Database, caplog: pytest.LogCaptureFixture
) -> None:
    made = ingest()
    await store(ready, made, *SESSION)
    await ready.write(lambda db: db.execute(update(tariffs).values(document="broken")))
    await ready.write(lambda db: seed.tariff(db, id="OTHER"))
    later = [event(0, 1, transaction_id="T-2", token=CARD), ended(1, 2, transaction_id="T-2")]
    await store(ready, ingest(), *later)
    await rater(ready).rate_pending()
    statuses: dict[str, str] = await ready.read(
        lambda db: dict(db.execute(select(transactions.c.transaction_id, transactions.c.billing)).all())
    )
    assert statuses == {"T-1": "FAILED", "T-2": "DONE"}
    assert "cannot be rated" in caplog.text
    good = json.dumps(seed.TARIFF)
    await ready.write(lambda db: db.execute(update(tariffs).values(document=good)))
    task = asyncio.create_task(rater(ready).run())
    async with asyncio.timeout(20):
        while len(await ready.read(made_cdrs)) < 2:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the write lock of the file, as a backup may do it."""
    with closing(sqlite3.connect(folder / "chargehand.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def waiting_briefly(database: Database) -> None:
    await database.write(prepare)
    await store(database, ingest(), *SESSION)
    await database.write(lambda db: db.exec_driver_sql("PRAGMA busy_timeout=1"))


async def test_a_database_that_is_locked_for_long_ends_no_rating(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The rater is a task of the backend: it must not end with an error."""
    monkeypatch.setattr(rater_module, "RETRY_S", 0.01)
    await waiting_briefly(sqlite)
    async with asyncio.timeout(20):
        with locked(tmp_path):
            task = asyncio.create_task(rater(sqlite).run())
            while "CDRs have to wait" not in caplog.text:
                await asyncio.sleep(0.01)
        while not await sqlite.read(made_cdrs):
            await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    await asyncio.wait([task])


async def test_a_locked_database_says_nothing_about_the_session(sqlite: Database, tmp_path: Path) -> None:
    await waiting_briefly(sqlite)
    with locked(tmp_path), pytest.raises(OperationalError):
        await rater(sqlite).rate_pending()
    assert await sqlite.read(billing) == "PENDING"
    assert await rater(sqlite).rate_pending() == 1
