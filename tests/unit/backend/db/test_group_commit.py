from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from backend.db.engine import Database
from backend.db.group_commit import MAX_BATCH, GroupCommit, NotStored
from backend.db.tables import charging_stations
from tests.unit.backend import seed


class Stations:
    """Stores stations by name; "bad" breaks the whole batch after it stored it."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.on_disk: list[str] = []
        self.began = threading.Event()

    def store(self, db: Connection, items: Sequence[str]) -> list[str]:
        self.batches.append(list(items))
        self.began.set()
        for name in items:
            seed.station(db, name)
        if "bad" in items:
            raise ValueError("a bug in a handler")
        if "broken disk" in items:
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
        return [name.lower() for name in items]

    def committed(self, items: Sequence[str], results: Sequence[str]) -> None:
        assert [name.lower() for name in items] == list(results)
        self.on_disk += items


def names(db: Connection) -> set[str]:
    return set(db.execute(select(charging_stations.c.identity)).scalars())


@pytest.fixture
async def commits(database: Database) -> AsyncIterator[GroupCommit]:
    await database.write(seed.location)
    commits = GroupCommit(database)
    task = asyncio.create_task(commits.run())
    yield commits
    task.cancel()
    await asyncio.wait([task])


async def test_what_waits_shares_one_transaction(database: Database, commits: GroupCommit) -> None:
    stations = Stations()
    results = await asyncio.gather(*(commits.store(stations, f"CS-{n}") for n in range(30)))
    assert results == [f"cs-{n}" for n in range(30)]
    assert stations.batches == [[f"CS-{n}" for n in range(30)]]
    assert stations.on_disk == [f"CS-{n}" for n in range(30)]
    assert await database.read(names) == {f"CS-{n}" for n in range(30)}


async def test_the_answer_comes_after_the_commit(database: Database, commits: GroupCommit) -> None:
    stations = Stations()
    await commits.store(stations, "CS-1")
    assert await database.read(names) == {"CS-1"}


async def test_one_bad_item_does_not_spoil_the_others(
    database: Database, commits: GroupCommit, caplog: pytest.LogCaptureFixture
) -> None:
    stations = Stations()
    items = ["CS-1", "bad", "CS-2"]
    results = await asyncio.gather(*(commits.store(stations, each) for each in items), return_exceptions=True)
    assert results[0] == "cs-1"
    assert isinstance(results[1], NotStored)
    assert results[2] == "cs-2"
    assert await database.read(names) == {"CS-1", "CS-2"}
    assert stations.on_disk == ["CS-1", "CS-2"]
    assert [record.getMessage() for record in caplog.records] == ["not stored: bad"]


async def test_a_failing_database_fails_the_batch_at_once(
    commits: GroupCommit, caplog: pytest.LogCaptureFixture
) -> None:
    stations = Stations()
    items = ["CS-1", "broken disk"]
    results = await asyncio.gather(*(commits.store(stations, each) for each in items), return_exceptions=True)
    assert [type(result) for result in results] == [NotStored, NotStored]
    assert len(stations.batches) == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert await commits.store(stations, "CS-3") == "cs-3"


async def test_two_handlers_share_a_transaction_and_keep_their_own_items(commits: GroupCommit) -> None:
    one, two = Stations(), Stations()
    await asyncio.gather(commits.store(one, "CS-1"), commits.store(two, "CS-2"), commits.store(one, "CS-3"))
    assert (one.batches, two.batches) == ([["CS-1", "CS-3"]], [["CS-2"]])


async def test_batches_are_bounded(commits: GroupCommit) -> None:
    stations = Stations()
    await asyncio.gather(*(commits.store(stations, f"CS-{n}") for n in range(MAX_BATCH + 1)))
    assert [len(batch) for batch in stations.batches] == [MAX_BATCH, 1]


async def test_cancelling_finishes_the_batch_on_its_way(database: Database) -> None:
    """A clean stop acknowledges what it commits."""
    await database.write(seed.location)
    commits, stations = GroupCommit(database), Stations()
    task = asyncio.create_task(commits.run())
    stored = asyncio.create_task(commits.store(stations, "CS-1"))
    assert await asyncio.to_thread(stations.began.wait, 10)
    task.cancel()
    assert await stored == "cs-1"
    await asyncio.wait([task])


async def test_drained_waits_for_everything(database: Database, commits: GroupCommit) -> None:
    stations = Stations()
    told: list[str | NotStored] = []
    for n in range(3):
        commits.submit(stations, f"CS-{n}", told.append)
    await commits.drained()
    assert told == ["cs-0", "cs-1", "cs-2"]
    assert len(await database.read(names)) == 3
