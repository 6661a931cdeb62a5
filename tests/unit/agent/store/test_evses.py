from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.station.evse import EvseState, Phase
from agent.store import evses
from agent.store.database import Database, StoreError
from agent.transactions.records import Authorization, Ending, Token, Transaction
from drivers.readings import Pilot

T0 = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
BUSY = EvseState(
    phase=Phase.POWERED,
    pilot=Pilot.C,
    authorization=Authorization(token=Token(id="CARD", type="ISO14443"), granted_at=T0, group_id="G"),
    fault="broken",
    power_is_on=True,
    vehicle_had_turn=True,
    transaction=Transaction(
        id="tx",
        next_seq_no=4,
        started_at=T0,
        charging_state="Charging",
        ending=Ending(trigger="StopAuthorized", at=T0),
    ),
)


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "agent.db")
    await database.open()
    return database


async def test_a_state_survives_the_store(database: Database) -> None:
    await database.write(lambda connection: evses.save(connection, 1, BUSY))
    assert await database.read(lambda connection: evses.load(connection, 1)) == BUSY
    await database.close()


async def test_an_evse_never_seen_is_free(database: Database) -> None:
    assert await database.read(lambda connection: evses.load(connection, 2)) == EvseState()
    await database.close()


async def test_a_state_that_makes_no_sense_is_an_error_that_names_the_evse(database: Database) -> None:
    def spoil(connection: sqlite3.Connection) -> None:
        evses.save(connection, 1, BUSY)
        connection.execute('UPDATE evse SET state = \'{"phase":"nowhere"}\'')

    await database.write(spoil)
    with pytest.raises(StoreError, match="EVSE 1"):
        await database.read(lambda connection: evses.load(connection, 1))
    await database.close()
