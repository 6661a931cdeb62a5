"""One SQLite file on the charger's flash, written by one thread.

WAL with synchronous=FULL: a commit that returned survives a power cut. All work runs on one thread of
its own, so that a slow flash never holds up the event loop, and in the order it was asked for.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from agent.store import (
    certificate_statuses,
    chain_statuses,
    collected,
    costs,
    outbox,
    payments,
    priority,
    tariffs,
)

Result = TypeVar("Result")

_SCHEMA_VERSION = 1
JOURNAL_BYTES = 1_048_576
"""What the journal grows to before it is written into the file, and shrinks to after a large transaction."""
_PAGE_BYTES = 1024
"""A commit writes whole pages to the flash; what changes at once is small, and there is little of it."""
_SCHEMA = f"""{outbox.SCHEMA}{collected.SCHEMA}{costs.SCHEMA}{tariffs.SCHEMA}{certificate_statuses.SCHEMA}
{chain_statuses.SCHEMA}{priority.SCHEMA}{payments.SCHEMA}
CREATE TABLE notice (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL,
    record BLOB NOT NULL,
    expires_s REAL,
    refusals INTEGER NOT NULL DEFAULT 0,
    line TEXT NOT NULL
);
CREATE TABLE account (transaction_id TEXT PRIMARY KEY, account BLOB NOT NULL);
CREATE TABLE evse (evse_id INTEGER PRIMARY KEY, state BLOB NOT NULL);
CREATE TABLE variable (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE charging_profile (id INTEGER PRIMARY KEY, profile BLOB NOT NULL);
CREATE TABLE network_profile (slot INTEGER PRIMARY KEY, profile BLOB NOT NULL);
CREATE TABLE monitor (id INTEGER PRIMARY KEY, monitor BLOB);
CREATE TABLE monitor_memory (key TEXT PRIMARY KEY, memory BLOB NOT NULL);
CREATE TABLE display_message (id INTEGER PRIMARY KEY, message BLOB NOT NULL);
CREATE TABLE local_list (
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    shown TEXT NOT NULL,
    verdict BLOB NOT NULL,
    PRIMARY KEY (id, type)
) WITHOUT ROWID;
CREATE TABLE token_cache (
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    verdict BLOB NOT NULL,
    is_accepted INTEGER NOT NULL,
    expires_s REAL,
    updated_s REAL NOT NULL,
    used_s REAL NOT NULL,
    PRIMARY KEY (id, type)
) WITHOUT ROWID;
CREATE TABLE closed_place (
    evse_id INTEGER NOT NULL,
    connector_id INTEGER NOT NULL,
    PRIMARY KEY (evse_id, connector_id)
) WITHOUT ROWID;
CREATE TABLE reservation (id INTEGER PRIMARY KEY, reservation BLOB NOT NULL);
CREATE TABLE security_log (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    type TEXT NOT NULL,
    info TEXT NOT NULL
);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoreError(Exception):
    """The state file cannot be used; says which and what to do."""


class Database:
    """The charger's state file. Open it once; close it last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)

    async def open(self) -> None:
        """Open or create the file.

        Raises:
            StoreError: If it cannot be opened, is damaged, or was written by a newer chargehand.
        """
        try:
            await self._on_thread(self._open)
        except StoreError:
            self._thread.shutdown()
            raise

    async def close(self) -> None:
        """Finish what was asked for, then close the file."""
        await self._on_thread(self._close)
        self._thread.shutdown()

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run `work` in one durable transaction: when this returns, its changes survive a power cut.

        Raises:
            StoreError: If the file could not be written (disk full, flash worn out); nothing was changed.
        """
        return await self._on_thread(lambda: self._write(work))

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run `work`, which only reads.

        Raises:
            StoreError: If the file could not be read.
        """
        return await self._on_thread(lambda: self._read(work))

    async def _on_thread(self, work: Callable[[], Result]) -> Result:
        # Shielded: a cancelled caller must not leave half a decision behind; the write runs to its end.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, work))

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StoreError(f"{self._path}: the state file is not open")
        return self._connection

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._prepare(self._connection)
            self._file = self._file_now()
        except (sqlite3.Error, OSError) as error:
            self._close()
            raise StoreError(
                f"{self._path}: the state file cannot be opened ({error}); check the directory's owner and "
                "free space, or move a damaged file aside to start with an empty one"
            ) from error
        except StoreError:
            self._close()
            raise

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size={_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-512")
        connection.execute("PRAGMA secure_delete=FAST")  # zeroes where that costs no write of its own
        connection.execute(f"PRAGMA journal_size_limit={JOURNAL_BYTES}")
        connection.execute(f"PRAGMA wal_autocheckpoint={JOURNAL_BYTES // _PAGE_BYTES}")
        self._migrate(connection)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > _SCHEMA_VERSION:
            raise StoreError(
                f"{self._path}: written by a newer chargehand (schema {version}, this one knows "
                f"{_SCHEMA_VERSION}); install that version again"
            )
        if version < _SCHEMA_VERSION:
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={_SCHEMA_VERSION}; COMMIT;")

    def _read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            return work(self._opened())
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: could not be read ({error})") from error

    def _file_now(self) -> tuple[int, int]:
        """Return which file has our path now."""
        found = self._path.stat()
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """Refuse to write to a file that nobody will find again: SQLite would not notice."""
        try:
            is_ours = self._file_now() == self._file
        except OSError:
            is_ours = False
        if not is_ours:
            raise StoreError(
                f"{self._path}: the state file was removed or replaced while in use, nothing can be made "
                "durable; restart the agent"
            )

    def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        connection = self._opened()
        self._check_file()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: could not be written ({error})") from error
        return result

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
