from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.db.engine import Database
from tests.unit.backend.databases import fresh_url, migrated


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database: the test runs on each kind."""
    async with fresh_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database: the test runs on each kind."""
    async with migrated(database_url) as database:
        yield database


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite file."""
    async with fresh_url("sqlite", tmp_path) as url, migrated(url) as database:
        yield database
