from __future__ import annotations

from pathlib import Path

import pytest

from agent.station.evse import EvseState, Phase
from agent.store import outbox
from agent.store.database import Database, StoreError
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from tests.unit.agent.store.test_outbox import EVENT


async def test_state_and_event_are_committed_together_or_not_at_all(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    told: list[str] = []
    journal = Journal(database, lambda: told.append("event"), OutboxKeeper())
    plugged = EvseState(phase=Phase.CABLE_ONLY)
    await journal.commit(1, plugged, EVENT)
    assert await journal.load(1) == plugged
    assert await database.read(outbox.count) == (1, 0)
    with pytest.raises(StoreError):
        await journal.commit(1, EvseState(), EVENT)
    assert await journal.load(1) == plugged, "the event was there already, so the state stays too"
    assert told == ["event"]
    await journal.commit(1, EvseState(), None)
    assert await journal.load(1) == EvseState()
    assert told == ["event"]
    await database.close()


async def test_without_a_backend_events_are_not_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    journal = Journal(database, lambda: None, OutboxKeeper(), has_backend=False)
    await journal.commit(1, EvseState(phase=Phase.CABLE_ONLY), EVENT)
    assert (await journal.load(1)).phase is Phase.CABLE_ONLY
    assert await database.read(outbox.count) == (0, 0)
    await database.close()
