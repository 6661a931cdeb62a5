from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select

from backend.admin.errors import AdminError
from backend.admin.locations import keep_location
from backend.admin.stations import (
    add_station,
    check_identity,
    check_password,
    list_stations,
    replace_password,
)
from backend.config import LocationSection
from backend.csms.passwords import generate
from backend.db.engine import Database
from backend.db.tables import charging_stations, connectors, locations
from tests.unit.backend.seed import NOW

HERE = LocationSection(country="DEU", time_zone="Europe/Berlin")


@pytest.mark.parametrize("identity", ["CS-1", "a", "x" * 48, "DE*CHH*E1", "a_b=c+d|e@f.g-h"])
def test_identities_that_stations_may_have(identity: str) -> None:
    check_identity(identity)


@pytest.mark.parametrize("identity", ["", "x" * 49, "a b", "a/b", "a:b", "ä", "a\n", "%41"])
def test_identities_that_cannot_log_in(identity: str) -> None:
    """A00.FR.204: the identity is the user name, which ends at a colon."""
    with pytest.raises(AdminError, match="is no station id"):
        check_identity(identity)


@pytest.mark.parametrize("length", [16, 40])
def test_passwords_of_the_standards_length(length: int) -> None:
    """A00.FR.205."""
    check_password("x" * length)


@pytest.mark.parametrize("length", [0, 15, 41])
def test_passwords_of_another_length(length: int) -> None:
    with pytest.raises(AdminError, match="16 to 40"):
        check_password("x" * length)


def test_generated_passwords_are_of_the_standards_length() -> None:
    check_password(generate())


async def test_a_station_is_added_once(database: Database) -> None:
    await database.write(lambda db: add_station(db, "CS-1", "hash", HERE, NOW))
    with pytest.raises(AdminError, match="--replace"):
        await database.write(lambda db: add_station(db, "CS-1", "other", HERE, NOW))
    [hashed] = await database.read(
        lambda db: list(db.execute(select(charging_stations.c.password_hash)).scalars())
    )
    assert hashed == "hash"


async def test_a_password_is_replaced_where_there_is_a_station(database: Database) -> None:
    await database.write(lambda db: add_station(db, "CS-1", "hash", HERE, NOW))
    await database.write(lambda db: replace_password(db, "CS-1", "other"))
    with pytest.raises(AdminError, match="does not exist"):
        await database.write(lambda db: replace_password(db, "CS-2", "other"))
    [hashed] = await database.read(
        lambda db: list(db.execute(select(charging_stations.c.password_hash)).scalars())
    )
    assert hashed == "other"


async def test_stations_share_the_location_of_the_configuration(database: Database) -> None:
    moved = LocationSection(name="Depot", country="DEU", time_zone="Europe/Berlin", postal_code="10115")
    await database.write(lambda db: add_station(db, "CS-1", "hash", HERE, NOW))
    await database.write(lambda db: add_station(db, "CS-2", "hash", moved, NOW))
    [place] = await database.read(lambda db: db.execute(select(locations)).all())
    assert (place.location_id, place.name, place.postal_code) == ("SITE-1", "Depot", "10115")
    assert await database.write(lambda db: keep_location(db, HERE)) == place.id


async def test_the_list_counts_connectors(database: Database) -> None:
    def prepare(db: Connection) -> None:
        for identity in ("CS-2", "CS-1"):
            add_station(db, identity, "hash", HERE, NOW)
        for evse, status in enumerate(("Available", "Occupied", "Available"), start=1):
            db.execute(
                insert(connectors).values(
                    station_id=1, evse_id=evse, connector_id=1, status=status, reported_at=NOW + timedelta(1)
                )
            )

    await database.write(prepare)
    rows = await database.read(lambda db: list_stations(db, 10, 0))
    assert [(row.identity, row.connectors, row.available) for row in rows] == [("CS-1", 0, 0), ("CS-2", 3, 2)]
    assert [row.identity for row in await database.read(lambda db: list_stations(db, 1, 1))] == ["CS-2"]
