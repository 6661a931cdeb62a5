from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.backend.databases import fresh_url
from tests.unit.backend.running import Backend, Charger, backend, charger


@pytest.fixture
async def running(database_url: str, tmp_path: Path) -> AsyncIterator[Backend]:
    """A backend with the station CS-1, on each kind of database."""
    async with backend(database_url, tmp_path) as started:
        await started.add_station("CS-1")
        yield started


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[Backend]:
    """A backend with the station CS-1, on SQLite."""
    async with fresh_url("sqlite", tmp_path) as url, backend(url, tmp_path) as started:
        await started.add_station("CS-1")
        yield started


@pytest.fixture
async def station(on_sqlite: Backend) -> AsyncIterator[Charger]:
    """The station CS-1, booted, at a backend on SQLite."""
    async with charger(on_sqlite) as connected:
        yield connected
