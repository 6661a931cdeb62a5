from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from agent.station.evse import EvseState
from agent.store import outbox
from agent.store.database import Database
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.transactions.records import Sample, SampledValue, TransactionEvent
from tests.unit.agent.store.test_outbox import EVENT

LIMIT_BYTES = 1_900_000
SAMPLE = replace(EVENT, kind="Updated", trigger="MeterValuePeriodic")


@dataclass
class Store:
    directory: Path
    database: Database
    keeper: OutboxKeeper
    most: int = 0
    """Bytes on the disk at the worst moment."""

    @property
    def on_disk(self) -> int:
        return sum(path.stat().st_size for path in self.directory.iterdir() if path.suffix != ".db-shm")

    async def add(self, *events: TransactionEvent) -> None:
        """Write events as the journal does, many at a time."""

        def work(connection: sqlite3.Connection) -> bool:
            for event in events:
                outbox.add(connection, "a-message-id-of-thirty-six-characters", event)
            return self.keeper.is_full(connection)

        is_full = await self.database.write(work)
        self.keeper.figures.waiting += len(events)
        self.most = max(self.most, self.on_disk)
        if is_full:
            await self.keeper.thin(self.database)
            self.most = max(self.most, self.on_disk)

    async def session(self, name: str, samples: int) -> None:
        events = [EVENT, *(sample(number) for number in range(1, samples + 1)), ended(samples + 1)]
        for first in range(0, len(events), 10):
            await self.add(*(replace(event, transaction_id=name) for event in events[first : first + 10]))

    async def drain(self) -> list[TransactionEvent]:
        """Deliver everything and return it."""
        came: list[TransactionEvent] = []

        def work(connection: sqlite3.Connection) -> None:
            while (pending := outbox.first(connection)) is not None:
                outbox.delivered(connection, pending)
                came.append(pending.event)

        await self.database.write(work)
        return came


@asynccontextmanager
async def store(path: Path) -> AsyncIterator[Store]:
    database = Database(path / "agent.db")
    await database.open()
    keeper = OutboxKeeper(LIMIT_BYTES)
    try:
        yield Store(path, database, keeper)
    finally:
        await database.close()


def sample(number: int) -> TransactionEvent:
    at = SAMPLE.at + timedelta(minutes=number)
    value = SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(number), unit="Wh")
    samples = (Sample(at=at, context="Sample.Periodic", values=(value,) * 4),)
    return replace(SAMPLE, seq_no=number, at=at, samples=samples)


def ended(number: int) -> TransactionEvent:
    return replace(EVENT, kind="Ended", seq_no=number, at=EVENT.at + timedelta(minutes=number))


async def test_the_disk_is_bounded_and_no_start_or_end_goes(tmp_path: Path) -> None:
    """E04.FR.07, E04.FR.08, E11.FR.04, E11.FR.05, E12.FR.04, E12.FR.05.

    What is left is in order, without a gap, and in every session.
    """
    async with store(tmp_path) as here:
        for number in range(30):
            await here.session(f"tx-{number}", 100)
        assert here.keeper.figures.thinned > 500
        came = await here.drain()
        assert len(came) == 30 * 102 - here.keeper.figures.thinned
    assert here.most <= LIMIT_BYTES
    for number in range(30):
        mine = [event for event in came if event.transaction_id == f"tx-{number}"]
        assert [event.seq_no for event in mine] == list(range(len(mine)))
        assert [event.at for event in mine] == sorted(event.at for event in mine)
        assert (mine[0].kind, mine[-1].kind) == ("Started", "Ended")
        assert mine[-1].at == ended(101).at
        assert len(mine) >= 4, "every session has samples left"


async def test_a_running_transaction_goes_on_without_a_gap_after_it_was_thinned(tmp_path: Path) -> None:
    """E01.FR.07: also what happens after the thinning, and after the backend was back in between."""
    async with store(tmp_path) as here:
        await here.add(EVENT)
        for number in range(1, 900, 100):
            await here.add(*map(sample, range(number, min(number + 100, 900))))
        assert here.keeper.figures.thinned
        came = await here.drain()
        for number in range(900, 1800, 100):
            await here.add(*map(sample, range(number, number + 100)))
        await here.add(ended(1800))
        came += await here.drain()
        left = await here.database.read(lambda opened: opened.execute("SELECT * FROM thinned").fetchall())
    assert [event.seq_no for event in came] == list(range(len(came)))
    assert len(came) == 1801 - here.keeper.figures.thinned
    assert left == []


async def test_what_may_have_been_offered_keeps_its_number(tmp_path: Path) -> None:
    """The backend may have it already: an event on the way, a refused one, and those before it."""
    async with store(tmp_path) as here:
        await here.add(EVENT, *map(sample, range(2, 41)))

        def begin(connection: sqlite3.Connection) -> None:
            for _ in range(3):
                pending = outbox.first(connection)
                assert pending is not None
                outbox.set_aside(connection, pending.position, "refused")
            outbox.offer_again(connection)

        await here.database.write(begin)
        assert await here.database.write(lambda opened: outbox.thin(opened, 0.4)) > 10
        came = await here.drain()
    told = [(event.seq_no, event.at) for event in came]
    assert told[:4] == [(0, EVENT.at), (2, sample(2).at), (3, sample(3).at), (4, sample(4).at)]


async def test_what_must_be_kept_is_kept_beyond_the_limit_and_said_once_in_a_while(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with store(tmp_path) as here:
        for number in range(1000):
            await here.session(f"tx-{number}", 0)
        assert here.keeper.figures.thinned == 0
        assert here.keeper.figures.is_overfull
        came = await here.drain()
    assert len(came) == 2000
    errors = [record for record in caplog.records if "nothing but starts and ends" in record.message]
    assert 1 <= len(errors) < 40


async def test_a_commit_of_the_journal_thins_a_full_outbox(tmp_path: Path) -> None:
    async with store(tmp_path) as here:
        keeper = OutboxKeeper(LIMIT_BYTES)
        here.keeper = OutboxKeeper()
        for number in range(12):
            await here.session(f"tx-{number}", 100)
        assert await here.database.read(keeper.is_full)
        await Journal(here.database, lambda: None, keeper).commit(1, EvseState(), ended(2000))
    assert keeper.figures.thinned > 0


async def test_a_start_counts_what_an_earlier_run_left(tmp_path: Path) -> None:
    async with store(tmp_path) as here:
        await here.session("tx", 3)
        anew = OutboxKeeper()
        await anew.restore(here.database)
    assert (anew.figures.waiting, anew.figures.set_aside) == (5, 0)
    assert here.keeper.figures.waiting == 5
