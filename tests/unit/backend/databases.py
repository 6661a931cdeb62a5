"""Databases for tests: a SQLite file, and a PostgreSQL database of their own where a server is given."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from backend.db.engine import Database
from backend.db.schema import upgrade
from tests.stack.needed import missing

POSTGRES = "CHARGEHAND_TEST_POSTGRES_URL"


def postgres_url() -> str:
    """Return the URL of the server, or skip or fail the test."""
    remedy = f"set {POSTGRES} to postgresql+asyncpg://user:password@host/database"
    return os.environ.get(POSTGRES) or missing("PostgreSQL", remedy)


@asynccontextmanager
async def fresh_url(kind: str, folder: Path) -> AsyncIterator[str]:
    """Yield the URL of an empty database of the kind."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'chargehand.db'}"
        return
    server = make_url(postgres_url())
    name = f"chargehand_{uuid.uuid4().hex}"
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
            try:
                yield server.set(database=name).render_as_string(hide_password=False)
            finally:
                await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        await engine.dispose()


@asynccontextmanager
async def migrated(url: str) -> AsyncIterator[Database]:
    """Yield the database, brought to the schema of the program."""
    is_made = await made_new(url)
    database = Database(url)
    try:
        if not is_made:
            await database.write(upgrade)
        yield database
    finally:
        await database.close()


async def made_new(url: str) -> bool:
    """Make a SQLite file of the program's schema if there is none; return whether it was made."""
    found = make_url(url)
    if found.get_backend_name() != "sqlite" or not found.database or Path(found.database).exists():
        return False
    Path(found.database).write_bytes(await _migrated_file())
    return True


_made: list[bytes] = []


async def _migrated_file() -> bytes:
    """Return an empty SQLite database of the program's schema; it is made once."""
    if not _made:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "chargehand.db"
            database = Database(f"sqlite+aiosqlite:///{file}")
            try:
                await database.write(upgrade)
            finally:
                await database.close()
            _made.append(file.read_bytes())
    return _made[0]
