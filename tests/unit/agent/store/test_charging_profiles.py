from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from agent.store import charging_profiles
from agent.store.database import Database, StoreError
from tests.unit.agent.smartcharging.charging import NOON, minutes, profile


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "agent.db")
    await opened.open()
    yield opened
    await opened.close()


async def test_profiles_come_back_as_they_were(database: Database) -> None:
    stored = [
        profile((0, 16.5, 1), (600, 0), id=7, unit="W", valid_from=NOON, valid_to=NOON + minutes(5)),
        profile((0, 10), id=2, kind="Recurring", recurrency="Weekly", duration_s=86_400),
    ]
    for one in stored:
        await database.write(partial(charging_profiles.save, profile=one))
    assert await database.read(charging_profiles.load) == sorted(stored, key=lambda one: one.id)


async def test_one_takes_the_place_of_the_one_with_its_id(database: Database) -> None:
    for limit in (16, 10):
        one = profile((0, limit), id=1)
        await database.write(partial(charging_profiles.save, profile=one))
    (found,) = await database.read(charging_profiles.load)
    assert found.schedule.periods[0].limit == 10
    await database.write(lambda opened: charging_profiles.delete(opened, [1, 9]))
    assert await database.read(charging_profiles.load) == []


async def test_nonsense_is_told_with_what_to_do(database: Database) -> None:
    def spoil(opened: sqlite3.Connection) -> None:
        opened.execute("INSERT INTO charging_profile VALUES (1, '{}')")

    await database.write(spoil)
    with pytest.raises(StoreError, match="move the state file aside"):
        await database.read(charging_profiles.load)
