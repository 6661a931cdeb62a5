"""How the database is reached.

Work is a function of a SQLAlchemy connection. Readers run it on an asynchronous engine, aiosqlite or
asyncpg. The one writer runs it on asyncpg in the same way. On SQLite the writer has a plain connection and a
thread of its own for what takes long or waits: aiosqlite crosses threads four times for every statement,
which costs more than the statement.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")
Work = Callable[[Connection], T]

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
BUSY_TIMEOUT_MS = 10_000
READERS = 4
BUSY_POLL_S = 0.005
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
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

    async def run_here(self, work: Work[T]) -> T:
        """As `run`, for a few short statements: where possible they run in the caller's thread."""

    async def close(self) -> None:
        """Let go of the connection."""


class ThreadWriter:
    """The writer of a SQLite file.

    SQLAlchemy's transaction lasts as long as the connection; the driver's, below it, are begun and ended
    here. That way a commit is one call that runs no Python: the event loop goes on beside it.
    """

    def __init__(self, url: URL) -> None:
        plain = create_engine(url.set(drivername="sqlite"), connect_args={"check_same_thread": False})
        self._engine = _configured(plain, busy_timeout_ms=0)
        self._thread = ThreadPoolExecutor(1, "db-writer")
        self._connection: Connection | None = None

    async def run(self, work: Work[T]) -> T:
        """Run the work in the writer's thread and commit."""
        return await self._in_thread(partial(self._run, work))

    async def run_here(self, work: Work[T]) -> T:
        """Run the work in the caller's thread, and only what waits, for lock or disk, in the writer's.

        For a few short statements. Two threads that both run Python take turns at every statement, which
        costs more than the statements do.
        """
        connection = self._connection
        if connection is None:
            connection = await self._in_thread(self._open)
        driver = _driver(connection)
        if not _begun(driver):
            await self._in_thread(partial(_begin_waiting, driver))
        with _rolled_back(driver):
            result = work(connection)
            await self._in_thread(driver.commit)
        return result

    async def close(self) -> None:
        """Wait for the last work and close the file."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    def _run(self, work: Work[T]) -> T:
        connection = self._open()
        driver = _driver(connection)
        _begin_waiting(driver)
        with _rolled_back(driver):
            result = work(connection)
            driver.commit()
        return result

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{type(driver).__qualname__} is no connection to a SQLite file")
    return driver


@contextmanager
def _rolled_back(driver: sqlite3.Connection) -> Iterator[None]:
    """Roll back what fails; the driver's errors become SQLAlchemy's, as they are from statements."""
    try:
        yield
    except sqlite3.Error as error:
        driver.rollback()
        raise DBAPIError.instance("COMMIT", None, error, sqlite3.Error) from error
    except BaseException:
        driver.rollback()
        raise


def _begin(driver: sqlite3.Connection) -> None:
    """Begin with the lock: a transaction that reads first and writes later could not be retried."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise DBAPIError.instance("BEGIN IMMEDIATE", None, error, sqlite3.Error) from error


def _begun(driver: sqlite3.Connection) -> bool:
    """Begin, unless another process writes."""
    try:
        _begin(driver)
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


def _begin_waiting(driver: sqlite3.Connection) -> None:
    """Begin as soon as no other process writes.

    Raises:
        OperationalError: If that takes longer than BUSY_TIMEOUT_MS.
    """
    until_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while not _begun(driver):
        if time.monotonic() > until_s:
            _begin(driver)
            return
        time.sleep(BUSY_POLL_S)


class PooledWriter:
    """The writer of a PostgreSQL database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, work: Work[T]) -> T:
        """Run the work over asyncpg and commit."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def run_here(self, work: Work[T]) -> T:
        """Run the work and commit; nothing of it waits in this thread."""
        return await self.run(work)

    async def close(self) -> None:
        """Do nothing: the engine owns the connections."""


class Database:
    """Readers and one writer of one database."""

    def __init__(self, url: str) -> None:
        parsed = parse_url(url)
        self._turn = asyncio.Lock()
        self.exclusive = parsed.get_backend_name() == "sqlite"
        """Whether no other process ingests here, so that what was read once may be remembered."""
        if self.exclusive:
            self._readers = create_async_engine(parsed, pool_size=READERS, max_overflow=0)
            event.listen(_configured(self._readers.sync_engine), "begin", _begins_as_read)
            self._writer: Writer = ThreadWriter(parsed)
        else:
            self._readers = create_async_engine(parsed, pool_size=READERS + 1, max_overflow=0)
            self._writer = PooledWriter(self._readers)

    async def read(self, work: Work[T]) -> T:
        """Run work that changes nothing, beside everybody else's."""
        async with self._readers.connect() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Work[T]) -> T:
        """Run the work in a transaction and commit it. One writer runs at a time; none is cancelled."""
        return await asyncio.shield(self._write(self._writer.run, work))

    async def write_here(self, work: Work[T]) -> T:
        """As `write`, for a few short statements: they run in the event loop's own thread.

        For a task that nobody cancels: a shield of its own costs as much as the statements.
        """
        return await self._write(self._writer.run_here, work)

    async def _write(self, run: Callable[[Work[T]], Awaitable[T]], work: Work[T]) -> T:
        async with self._turn:
            return await run(work)

    async def close(self) -> None:
        """Finish what is being written and let go of every connection."""
        async with self._turn:
            await self._writer.close()
        await self._readers.dispose()


def _configured(engine: Engine, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """Set the pragmas on every new SQLite connection, and leave it to us when transactions begin.

    The sqlite3 module would begin them late and without a lock; "SQLite, transactional DDL" in SQLAlchemy's
    documentation has the recipe.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        first = f"busy_timeout={BUSY_TIMEOUT_MS}"
        for pragma in (first, *PRAGMAS, f"busy_timeout={busy_timeout_ms}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _begins_as_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
