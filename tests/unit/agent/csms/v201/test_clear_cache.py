from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201.clear_cache import handle
from agent.store.database import StoreError
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def clear(office: Office) -> tuple[str, str | None]:
    response = (await handle(v201.ClearCacheRequest(), office.context)).response
    assert isinstance(response, v201.ClearCacheResponse)
    return response.status, None if response.status_info is None else response.status_info.reason_code


async def test_the_cache_is_cleared(tmp_path: Path) -> None:
    """C11.FR.01."""
    async with office(tmp_path) as backend:
        cache = backend.place.station.authorizer.cache
        await backend.place.accepted(ANNA, 1)
        assert await cache.find(ANNA) is not None
        assert await clear(backend) == ("Accepted", None)
        assert await cache.find(ANNA) is None


async def test_there_is_nothing_to_clear_if_it_is_disabled(tmp_path: Path) -> None:
    """C11.FR.04."""
    async with office(tmp_path, AuthCacheCtrlr__Enabled="false") as backend:
        assert await clear(backend) == ("Rejected", "NotEnabled")


async def test_what_cannot_be_cleared_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C11.FR.05."""

    async def fail(_: Any) -> None:
        raise StoreError("disk full")

    async with office(tmp_path) as backend:
        monkeypatch.setattr(backend.place.database, "write", fail)
        assert await clear(backend) == ("Rejected", "InternalError")
        monkeypatch.undo()
