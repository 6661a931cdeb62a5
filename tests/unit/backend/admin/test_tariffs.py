from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.admin.tariffs import list_tariffs, set_tariff, tariff_in_use
from backend.db.engine import Database
from backend.db.tables import tariffs
from backend.rating.tariff import load_tariff
from tests.unit.backend import seed
from tests.unit.backend.seed import NOW


async def publish(database: Database, **members: Any) -> None:
    tariff = load_tariff(json.dumps(seed.TARIFF | members))
    await database.write(lambda db: set_tariff(db, tariff, NOW))


async def test_the_newest_tariff_that_holds_is_in_use(database: Database) -> None:
    await publish(database, id="FIRST")
    await publish(database, id="SECOND")
    await publish(database, id="LATER", start_date_time="2026-03-12T00:00:00Z")
    rows = await database.read(lambda db: list_tariffs(db, 10, 0))
    refs = {row.tariff_id: row.id for row in rows}
    assert list(refs) == ["LATER", "SECOND", "FIRST"]
    assert await database.read(lambda db: tariff_in_use(db, NOW)) == refs["SECOND"]
    assert await database.read(lambda db: tariff_in_use(db, NOW + timedelta(days=1))) == refs["LATER"]
    assert len(await database.read(lambda db: list_tariffs(db, 1, 1))) == 1


async def test_without_a_tariff_none_is_in_use(database: Database) -> None:
    assert await database.read(lambda db: tariff_in_use(db, NOW)) is None


@pytest.mark.parametrize("price", ["0.10", "0.1000000000000000000001", "1e-7"])
async def test_prices_keep_their_digits(sqlite: Database, price: str) -> None:
    document = json.dumps(seed.TARIFF).replace('"price": 0.4', f'"price": {price}')
    tariff = load_tariff(document)
    await sqlite.write(lambda db: set_tariff(db, tariff, NOW))
    stored = await sqlite.read(lambda db: db.execute(select(tariffs.c.document)).scalar_one())
    assert load_tariff(stored) == tariff
    component = load_tariff(stored).component("ENERGY")
    assert component is not None
    assert str(component.price) == str(load_tariff(document).elements[0].price_components[1].price)
