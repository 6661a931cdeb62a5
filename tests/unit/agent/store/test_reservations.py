from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from agent.reservations.book import Reservation
from agent.store.database import Database, StoreError
from agent.store.reservations import forget, load, save
from agent.transactions.records import Token

ONE = Reservation(
    id=1,
    token=Token(id="ANNA", type="ISO14443"),
    expires_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    group_id="Fleet",
    evse_id=2,
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "agent.db")
    await database.open()
    yield database
    await database.close()


async def test_what_was_saved_is_loaded_by_number(database: Database) -> None:
    two = replace(ONE, id=2, evse_id=None, connector_type="cCCS2")
    for one in (two, ONE, replace(two, group_id=None)):
        await database.write(partial(save, reservation=one))
    assert await database.read(load) == (ONE, replace(two, group_id=None))
    await database.write(lambda opened: forget(opened, [1, 7]))
    assert await database.read(load) == (replace(two, group_id=None),)


async def test_one_that_makes_no_sense_is_a_store_error(database: Database) -> None:
    await database.write(lambda opened: opened.execute("INSERT INTO reservation VALUES (1, '{}')"))
    with pytest.raises(StoreError, match="a stored reservation cannot be read"):
        await database.read(load)
