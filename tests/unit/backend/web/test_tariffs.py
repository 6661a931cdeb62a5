from __future__ import annotations

from sqlalchemy import Connection

from backend.admin.tariffs import set_tariff
from backend.db.engine import Database
from backend.rating.tariff import load_tariff
from tests.unit.backend import seed
from tests.unit.backend.web.conftest import Client

EXACT = """{"id":"EXACT","currency":"EUR","elements":[{"price_components":[
{"type":"ENERGY","price":0.1000000000000000000001,"step_size":1}]}]}"""


async def test_tariffs_newest_first_and_which_is_in_use(client: Client, database: Database) -> None:
    def prepare(db: Connection) -> None:
        seed.tariff(db)
        set_tariff(db, load_tariff(EXACT), seed.NOW)
        seed.tariff(db, id="LATER", start_date_time="2999-01-01T00:00:00Z")

    await database.write(prepare)
    items = (await client.get("/api/v1/tariffs"))["items"]
    assert [(item["tariff"]["id"], item["in_use"]) for item in items] == [
        ("LATER", False),
        ("EXACT", True),
        ("STANDARD", False),
    ]
    assert '"price":0.1000000000000000000001' in (await client.http.get("/api/v1/tariffs")).text
