from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from backend.db import engine
from backend.db.engine import Database, DatabaseUrlError, Work, parse_url
from backend.db.tables import charging_stations
from tests.unit.backend import seed


def count(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(charging_stations)).scalar_one()


Write = Callable[[Database, Work[Any]], Awaitable[Any]]
BOTH = pytest.mark.parametrize("write", [Database.write, Database.write_here])
"""Work in the writer's thread, and work in the event loop's."""


@BOTH
async def test_failed_work_leaves_nothing(database: Database, write: Write) -> None:
    def twice(db: Connection) -> None:
        seed.station(db, "CS-1")
        seed.station(db, "CS-1")

    with pytest.raises(IntegrityError):
        await write(database, twice)
    assert await database.read(count) == 0
    await write(database, seed.station)
    assert await database.read(count) == 1


@BOTH
async def test_readers_see_what_was_committed(database: Database, write: Write) -> None:
    await write(database, seed.station)
    assert await database.read(count) == 1


@BOTH
async def test_writes_come_in_order(database: Database, write: Write) -> None:
    await database.write(seed.location)
    await asyncio.gather(*(write(database, partial(seed.station, identity=f"CS-{n}")) for n in range(20)))
    names = select(charging_stations.c.identity).order_by(charging_stations.c.id)
    found = await database.read(lambda db: db.execute(names).scalars().all())
    assert found == [f"CS-{n}" for n in range(20)]


async def test_only_one_writer_at_a_time(database: Database) -> None:
    await database.write(seed.location)
    writes = (database.write, database.write_here)
    await asyncio.gather(*(writes[n % 2](partial(seed.station, identity=f"CS-{n}")) for n in range(20)))
    assert await database.read(count) == 20


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)],
)
async def test_sqlite_is_durable(sqlite: Database, pragma: str, value: str | int) -> None:
    """What is acknowledged survives a power cut: synchronous=FULL (2) syncs the log at every commit."""

    def read(db: Connection) -> str | int:
        found: str | int = db.execute(text(f"PRAGMA {pragma}")).scalar_one()
        return found

    assert await sqlite.write(read) == value
    assert await sqlite.read(read) == value


async def test_sqlite_writer_takes_the_lock_before_it_reads(sqlite: Database, tmp_path: Path) -> None:
    """A transaction that reads first and writes later could not be retried; BEGIN IMMEDIATE excludes that."""

    def locked(_db: Connection) -> str:
        other = sqlite3.connect(tmp_path / "chargehand.db", timeout=0)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return str(error)
        finally:
            other.close()
        return "not locked"

    assert await sqlite.write(locked) == "database is locked"


async def test_sqlite_writer_does_not_block_the_event_loop(sqlite: Database) -> None:
    release = threading.Event()
    writing = asyncio.create_task(sqlite.write(lambda _db: release.wait(10)))
    await asyncio.sleep(0)
    assert await sqlite.read(count) == 0
    release.set()
    assert await writing is True


@BOTH
async def test_another_process_with_the_lock_is_waited_for(
    sqlite: Database, tmp_path: Path, write: Write
) -> None:
    other = sqlite3.connect(tmp_path / "chargehand.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.ensure_future(write(sqlite, seed.station))
    await asyncio.sleep(0.1)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    assert await sqlite.read(count) == 1


@BOTH
async def test_a_lock_that_is_never_released_is_an_error(
    sqlite: Database, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(tmp_path / "chargehand.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        await write(sqlite, seed.station)
    other.execute("COMMIT")
    other.close()
    await write(sqlite, seed.station)
    assert await sqlite.read(count) == 1


async def test_a_cancelled_caller_does_not_cancel_the_write(database: Database) -> None:
    """Nor does the next one begin before it has ended."""
    await database.write(seed.location)
    for n in range(10):
        task = asyncio.create_task(database.write(partial(seed.station, identity=f"A-{n}")))
        await asyncio.sleep(0)
        task.cancel()
        await database.write(partial(seed.station, identity=f"B-{n}"))
        assert task.cancelled()
    assert await database.read(count) == 20


@BOTH
async def test_unwritable_folder_is_reported(tmp_path: Path, write: Write) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'x.db'}")
    with pytest.raises(OperationalError):
        await write(database, count)
    await database.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///x.db", "sqlite\\+aiosqlite"),
        ("mysql://x/y", "not supported"),
        ("sqlite+aiosqlite://", "name"),
        ("sqlite+aiosqlite:///:memory:", "name"),
        ("what", "not a database URL"),
    ],
)
def test_other_urls_are_refused_with_the_fix(url: str, message: str) -> None:
    with pytest.raises(DatabaseUrlError, match=message):
        parse_url(url)
