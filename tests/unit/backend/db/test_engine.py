from __future__ import annotations

import asyncio
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from backend.db.engine import Database, DatabaseUrlError, parse_url
from backend.db.tables import charging_stations
from tests.unit.backend import seed


def count(db: Connection) -> int:
    return db.execute(select(func.count()).select_from(charging_stations)).scalar_one()


async def test_failed_work_leaves_nothing(database: Database) -> None:
    def twice(db: Connection) -> None:
        seed.station(db, "CS-1")
        seed.station(db, "CS-1")

    with pytest.raises(IntegrityError):
        await database.write(twice)
    assert await database.read(count) == 0


async def test_readers_see_what_was_committed(database: Database) -> None:
    await database.write(lambda db: seed.station(db, "CS-1"))
    assert await database.read(count) == 1


async def test_only_one_writer_at_a_time_and_in_order(database: Database) -> None:
    await database.write(seed.location)
    await asyncio.gather(*(database.write(partial(seed.station, identity=f"CS-{n}")) for n in range(20)))
    assert await database.read(count) == 20


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
async def test_sqlite_is_durable_and_waits(sqlite: Database, pragma: str, value: str | int) -> None:
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


async def test_another_process_with_the_lock_is_waited_for(sqlite: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "chargehand.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(sqlite.write(seed.station))
    await asyncio.sleep(0.1)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    assert await sqlite.read(count) == 1


async def test_unwritable_folder_is_reported(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'x.db'}")
    with pytest.raises(OperationalError):
        await database.write(count)
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
