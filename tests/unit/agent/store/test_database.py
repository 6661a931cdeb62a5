from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.store import facts
from agent.store.database import Database, StoreError


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that is full: no file of this process can grow beyond `size`. SIGXFSZ is ignored by Python."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def opened(path: Path) -> Database:
    database = Database(path)
    await database.open()
    return database


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    database = await opened(tmp_path / "deep" / "agent.db")
    await database.write(lambda connection: facts.save_variable(connection, "A", "1"))
    await database.close()
    database = await opened(tmp_path / "deep" / "agent.db")
    assert await database.read(facts.load_variables) == {"A": "1"}
    await database.close()


async def test_a_write_is_durable_when_it_returns(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")

    def settings(connection: sqlite3.Connection) -> tuple[str, int]:
        return (
            connection.execute("PRAGMA journal_mode").fetchone()[0],
            connection.execute("PRAGMA synchronous").fetchone()[0],
        )

    assert await database.read(settings) == ("wal", 2), "WAL with synchronous=FULL"
    await database.close()


async def test_a_write_that_fails_changes_nothing(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")

    def work(connection: sqlite3.Connection) -> None:
        facts.save_variable(connection, "A", "1")
        raise LookupError("in the middle")

    with pytest.raises(LookupError):
        await database.write(work)
    assert await database.read(facts.load_variables) == {}
    await database.close()


async def test_all_work_is_done_by_one_thread_of_its_own_in_order(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(number)
        return threading.get_ident()

    threads = await asyncio.gather(
        *(database.write(lambda _, number=number: work(number)) for number in range(20))  # type: ignore[misc]  # bound now
    )
    assert seen == list(range(20))
    assert set(threads).isdisjoint({threading.get_ident()})
    assert len(set(threads)) == 1
    await database.close()


async def test_a_cancelled_caller_does_not_stop_the_write(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")
    begun, go_on = threading.Event(), threading.Event()

    def work(connection: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait()
        facts.save_variable(connection, "A", "1")

    writing = asyncio.create_task(database.write(work))
    while not begun.is_set():
        await asyncio.sleep(0.001)
    writing.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await database.read(facts.load_variables) == {"A": "1"}
    await database.close()


async def test_a_damaged_file_is_named_and_so_is_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "agent.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    with pytest.raises(StoreError, match=r"agent\.db.*move a damaged file aside"):
        await opened(path)


async def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "agent.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match="newer chargehand"):
        await opened(path)


async def test_damage_found_later_is_a_store_error_too(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")
    with pytest.raises(StoreError, match="could not be read"):
        await database.read(lambda connection: connection.execute("SELECT * FROM nowhere"))
    with pytest.raises(StoreError, match="could not be written"):
        await database.write(lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)"))
    await database.close()


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(StoreError, match=r"file.agent\.db"):
        await opened(tmp_path / "file" / "agent.db")


async def test_a_full_disk_is_an_error_of_that_write_and_no_other(tmp_path: Path) -> None:
    database = await opened(tmp_path / "agent.db")
    with files_of_at_most(0), pytest.raises(StoreError, match="could not be written"):
        await database.write(lambda connection: facts.save_variable(connection, "A", "x" * 10_000))
    await database.write(lambda connection: facts.save_variable(connection, "B", "2"))
    assert await database.read(facts.load_variables) == {"B": "2"}
    await database.close()


async def test_a_closed_file_cannot_be_used(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    with pytest.raises(StoreError, match="not open"):
        await database.read(facts.load_variables)
    await database.close()


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_a_file_that_was_removed_while_in_use_is_not_written_to(
    tmp_path: Path, is_replaced: bool
) -> None:
    """SQLite goes on writing to a file without a name, and all of it is gone after the next start."""
    path = tmp_path / "state" / "agent.db"
    database = await opened(path)
    await database.write(lambda connection: facts.save_variable(connection, "A", "1"))
    shutil.rmtree(path.parent)
    if is_replaced:
        await (await opened(path)).close()
    with pytest.raises(StoreError, match="removed or replaced while in use"):
        await database.write(lambda connection: facts.save_variable(connection, "B", "2"))
    await database.close()
