from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from backend.cdrs.build import Operator
from backend.cdrs.rater import Rater
from backend.db.engine import Database
from backend.db.tables import cdrs
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import SESSION, replaced
from tests.unit.backend.web.conftest import Client
from tests.unit.backend.wording import ingest, store


async def bill(database: Database, count: int) -> None:
    def prepare(db: Connection) -> None:
        seed.station(db)
        seed.token(db)
        seed.tariff(db)

    await database.write(prepare)
    made = ingest()
    for number in range(count):
        await store(database, made, *(replaced(each, transaction_id=f"T-{number}") for each in SESSION))
    operator = Operator(country_code="DE", party_id="CHH", currency="EUR")
    await Rater(database, operator, lambda: datetime(2026, 3, 11, 12, tzinfo=UTC)).rate_pending()


async def test_cdrs_are_the_documents_as_stored(client: Client, database: Database) -> None:
    await bill(database, 1)
    document = await database.read(lambda db: db.execute(select(cdrs.c.document)).scalar_one())
    [cdr] = (await client.get("/api/v1/cdrs"))["items"]
    assert (await client.http.get("/api/v1/cdrs")).text == f'{{"items":[{document}],"next":null}}'
    assert await client.get(f"/api/v1/cdrs/{cdr['id']}") == cdr
    assert (await client.http.get(f"/api/v1/cdrs/{cdr['id']}")).text == document
    assert cdr["total_energy"] == 4
    assert cdr["total_cost"] == {"excl_vat": 3.10, "incl_vat": 3.72}


async def test_no_digit_is_lost(client: Client, database: Database) -> None:
    """Money must not pass through a binary fraction on its way to whoever bills by it."""
    await bill(database, 1)
    exact = "1234567890123.123456"
    document = await database.read(lambda db: db.execute(select(cdrs.c.document)).scalar_one())
    longer = document.replace('"excl_vat":3.10', f'"excl_vat":{exact}')
    assert longer != document
    await database.write(lambda db: db.execute(update(cdrs).values(document=longer)))
    assert exact in (await client.http.get("/api/v1/cdrs")).text


async def test_the_newest_comes_first_in_pages(client: Client, database: Database) -> None:
    await bill(database, 3)
    first = await client.get("/api/v1/cdrs?limit=2")
    rest = await client.get(first["next"])
    made = await database.read(
        lambda db: list(db.execute(select(cdrs.c.cdr_id).order_by(cdrs.c.id)).scalars())
    )
    assert [cdr["id"] for cdr in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


async def test_an_unknown_cdr(client: Client) -> None:
    assert (await client.get("/api/v1/cdrs"))["items"] == []
    assert "/api/v1/cdrs" in (await client.get("/api/v1/cdrs/none", 404))["detail"]
