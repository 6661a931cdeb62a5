"""How the database is reached.

Work is a function of a SQLAlchemy connection. Readers run it on an asynchronous engine, aiosqlite or
asyncpg. The one writer runs it on asyncpg in the same way; on SQLite it runs in a thread of its own, in one
go, because aiosqlite crosses threads four times for every statement, which costs more than the statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")
Work = Callable[[Connection], T]

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
BUSY_TIMEOUT_MS = 10_000
READERS = 4
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
)
"""FULL, not NORMAL: a charger deletes what is acknowledged, so the commit must be on the disk by then."""


class DatabaseUrlError(ValueError):
    """The database URL cannot be used; the message says which can."""


def parse_url(text: str) -> URL:
    """Check a database URL.

    Raises:
        DatabaseUrlError: If it names another driver, or no file.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseUrlError(
            f"{text!r} is not a database URL; try sqlite+aiosqlite:///chargehand.db"
        ) from None
    if url.drivername not in DRIVERS:
        raise DatabaseUrlError(f"{url.drivername!r} is not supported; use {' or '.join(DRIVERS)}")
    if url.database in {None, "", ":memory:"}:
        raise DatabaseUrlError(
            "the database must have a name: messages are acknowledged once they are on disk"
        )
    return url


class Writer(Protocol):
    """Runs work one after the other, each in a transaction of its own."""

    async def run(self, work: Work[T]) -> T:
        """Run the work and commit, or roll back and raise what it raised."""

    async def close(self) -> None:
        """Let go of the connection."""


class ThreadWriter:
    """The writer of a SQLite file."""

    def __init__(self, url: URL) -> None:
        self._engine = _configured(create_engine(url.set(drivername="sqlite")), begin="BEGIN IMMEDIATE")
        self._thread = ThreadPoolExecutor(1, "db-writer")
        self._connection: Connection | None = None

    async def run(self, work: Work[T]) -> T:
        """Run the work in the writer's thread and commit."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Work[T]) -> T:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return work(self._connection)

    async def close(self) -> None:
        """Wait for the last work and close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


class PooledWriter:
    """The writer of a PostgreSQL database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, work: Work[T]) -> T:
        """Run the work over asyncpg and commit."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Do nothing: the engine owns the connections."""


class Database:
    """Readers and one writer of one database."""

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        self.exclusive = parsed.get_backend_name() == "sqlite"
        """Whether no other process ingests here, so that what was read once may be remembered."""
        if self.exclusive:
            self._readers = create_async_engine(parsed, pool_size=READERS, max_overflow=0)
            _configured(self._readers.sync_engine, begin="BEGIN")
            self._writer: Writer = ThreadWriter(parsed)
        else:
            self._readers = create_async_engine(parsed, pool_size=READERS + 1, max_overflow=0)
            self._writer = PooledWriter(self._readers)

    async def read(self, work: Work[T]) -> T:
        """Run work that changes nothing, beside everybody else's."""
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        """Run the work in a transaction and commit it. Only one writer runs at a time."""
        return await self._writer.run(work)

    async def close(self) -> None:
        """Finish what is being written and let go of every connection."""
        await self._writer.close()
        await self._readers.dispose()


def _configured(engine: Engine, *, begin: str) -> Engine:
    """Set the pragmas on every new SQLite connection and begin transactions as asked.

    The sqlite3 module would begin them late and without a lock; "SQLite, transactional DDL" in SQLAlchemy's
    documentation has the recipe.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
