"""Databases for tests: a SQLite file, and a PostgreSQL database of their own where a server is given."""

from __future__ import annotations

import os
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
    database = Database(url)
    try:
        await database.write(upgrade)
        yield database
    finally:
        await database.close()
