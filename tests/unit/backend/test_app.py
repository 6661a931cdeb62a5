"""The backend as a process: started, stopped, and killed at any moment."""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from tests.stack.backend import BackendProcess
from tests.stack.forked import fork
from tests.stack.process import Process
from tests.unit.backend.running import PASSWORD, Backend, charger, transaction_event

STATIONS = [f"CS-{n}" for n in range(4)]
CARD = {"idToken": "CARD-1", "type": "ISO14443"}
LAST = 40
KILLS = 4


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[BackendProcess]:
    made = BackendProcess(tmp_path)
    await made.prepare(stations=dict.fromkeys(STATIONS, PASSWORD), tokens=["CARD-1"])
    await made.start()
    yield made
    await made.kill()


def reached(process: BackendProcess) -> Backend:
    return Backend(process.ocpp_url, process.api_url, "", None)  # type: ignore[arg-type] # looked into from outside


def event(seq_no: int) -> dict[str, Any]:
    kind = "Ended" if seq_no == LAST else ""
    more = {"idToken": CARD} if seq_no == 0 else {}
    state = "Charging" if seq_no == 0 else None
    return transaction_event(seq_no, kind, state=state, wh=1000 + 10 * seq_no, **more)


class Station:
    """Sends the events of one session; keeps what was acknowledged, resends what was not."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.acknowledged = 0

    async def charge(self, process: BackendProcess) -> None:
        while self.acknowledged <= LAST:
            gone = (ConnectionClosed, InvalidMessage, InvalidStatus, OSError, EOFError)
            with suppress(*gone):
                async with charger(reached(process), self.identity) as connected:
                    while self.acknowledged <= LAST:
                        seq_no = self.acknowledged
                        await connected.call("TransactionEvent", event(seq_no), f"{self.identity}-{seq_no}")
                        self.acknowledged += 1
                        await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)


def stored(database: Path) -> Counter[str]:
    """Return how many events of each station are stored."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        rows = db.execute(
            "SELECT s.identity, e.seq_no FROM transaction_events e "
            "JOIN transactions t ON t.id = e.transaction_ref JOIN charging_stations s ON s.id = t.station_id"
        ).fetchall()
    assert len(set(rows)) == len(rows)
    return Counter(identity for identity, _ in rows)


@pytest.mark.timeout(180)
async def test_sigkill_loses_nothing_that_was_acknowledged(process: BackendProcess) -> None:
    """Killed at random moments while four stations charge; then every session has its one CDR."""
    moments = random.Random(7)
    stations = [Station(identity) for identity in STATIONS]
    charging = [asyncio.create_task(each.charge(process)) for each in stations]
    for _ in range(KILLS):
        await asyncio.sleep(moments.uniform(0.1, 0.5))
        await process.kill()
        counts = stored(process.database)
        for each in stations:
            assert counts[each.identity] >= each.acknowledged
        await process.start()
    await asyncio.gather(*charging)
    for identity in STATIONS:
        async with asyncio.timeout(20):
            while not (found := process.transactions(identity)) or not found[0].has_cdr:
                await asyncio.sleep(0.05)
        assert len(found) == 1
        assert found[0].seq_nos == list(range(LAST + 1))
        assert found[0].energy_wh == found[0].cdr_energy_wh == 10 * LAST


async def test_sigterm_ends_it_cleanly(process: BackendProcess) -> None:
    async with charger(reached(process), "CS-0") as connected:
        assert await process.stop() == 0
        with pytest.raises(ConnectionClosed) as caught:
            await connected.receive()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1001
    assert "Traceback" not in process.last_words(200)


async def test_an_address_that_is_taken_is_said_and_ends_it(process: BackendProcess, tmp_path: Path) -> None:
    await process.stop()
    with socket.create_server(("127.0.0.1", process.ocpp_port)):
        again = Process(
            "backend.cli", ["serve", "--config", str(tmp_path / "backend.toml")], tmp_path / "log", fork
        )
        await again.start()
        async with asyncio.timeout(20):
            while again.is_running:
                await asyncio.sleep(0.05)
        assert await again.stop() == 1
        words = again.last_words()
    assert f"[ocpp]: cannot listen on 127.0.0.1 port {process.ocpp_port}" in words
    assert "Traceback" not in words
