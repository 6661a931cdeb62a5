from __future__ import annotations

from sqlalchemy import Connection, insert

from backend.db.engine import Database
from backend.db.tables import connectors
from backend.stations.view import ConnectorView, find_station, find_stations
from tests.unit.backend import seed


def prepare(db: Connection) -> None:
    for name in ("CS-2", "CS-1", "CS-3"):
        seed.station(db, name, vendor="V", booted_at=seed.NOW)
    for evse_id in (2, 1):
        row = {"station_id": 1, "evse_id": evse_id, "connector_id": 1, "status": "Available"}
        db.execute(insert(connectors).values(**row, reported_at=seed.NOW))


async def test_stations_are_listed_by_identity_in_pages_with_their_connectors(database: Database) -> None:
    await database.write(prepare)
    page = await database.read(lambda db: find_stations(db, offset=1, limit=1))
    assert page.total == 3
    assert [each.identity for each in page.items] == ["CS-2"]
    assert page.items[0].connectors == tuple(
        ConnectorView(evse_id=n, connector_id=1, status="Available", reported_at=seed.NOW) for n in (1, 2)
    )
    assert (page.items[0].vendor, page.items[0].registration) == ("V", "Accepted")


async def test_one_station(database: Database) -> None:
    await database.write(prepare)
    found = await database.read(lambda db: find_station(db, "CS-3"))
    assert found is not None
    assert (found.identity, found.connectors) == ("CS-3", ())
    assert await database.read(lambda db: find_station(db, "CS-9")) is None
