"""The agent is killed right after each thing that it writes down, a session a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.history import energy_wh, problems, transactions
from tests.conformance.kit import Csms
from tests.conformance.station import CARD, StationUnderTest
from tests.soak.session import register_wh

SETTINGS = {"SampledDataCtrlr.TxUpdatedInterval": 1}
SHARDS = 4
ENOUGH = 15
"""Commits that a session has at the least: its events, and for each that the backend has it."""
_PATIENCE_S = 40.0


class Killer(threading.Thread):
    """Kills a process once it has committed so often."""

    def __init__(self, database: Path, pid: int, commits: int) -> None:
        super().__init__()
        self._database = database
        self._pid = pid
        self._left = commits
        self.is_over = threading.Event()
        self.has_killed = False

    def run(self) -> None:
        """Watch SQLite's own count of changes."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as connection:
            before = connection.execute("PRAGMA data_version").fetchone()
            while not self.is_over.is_set():
                now = connection.execute("PRAGMA data_version").fetchone()
                if now != before:
                    before, self._left = now, self._left - 1
                    if self._left == 0:
                        os.kill(self._pid, signal.SIGKILL)
                        self.has_killed = True
                        return
                time.sleep(0.0002)


class Driver:
    """Does what is to be done next, whatever became of the agent: plug in, card, charge, card, unplug."""

    def __init__(self, station: StationUnderTest) -> None:
        self._station = station
        self._has_charged = False
        self._is_unplugged = False

    async def one_session(self) -> None:
        """Go through a session, starting the agent again when it is dead."""
        self._station.bay.plug_in()
        async with asyncio.timeout(_PATIENCE_S):
            while not await self._is_over():
                await asyncio.sleep(0.02)

    async def _is_over(self) -> bool:
        agent = self._station.agent
        if not agent.is_running:
            await agent.start()
        status = await agent.status()
        if status is None:
            return False
        evse = status["evses"][0]
        if evse["charging_state"] == "Charging":
            if not self._has_charged:
                await asyncio.sleep(1.1)  # a sample's time
            self._has_charged = True
        is_let_in = evse["token"] is not None
        starts = not self._has_charged and not is_let_in and evse["phase"] == "cable-only"
        if starts or (self._has_charged and is_let_in):
            await agent.tap(CARD, 1)
        elif self._has_charged and not self._is_unplugged:
            self._station.bay.unplug()
            self._is_unplugged = True
        is_done = self._is_unplugged and evse["transaction"] is None and evse["phase"] == "idle"
        return is_done and status["outbox"] == {"waiting": 0, "set_aside": 0}


async def cut_after(directory: Path, commits: int) -> bool:
    """Go through a session with a kill; return whether it had so many commits."""
    directory.mkdir()
    async with Csms(tokens={CARD: {"status": "Accepted"}}) as csms:
        async with StationUnderTest(directory=directory, url=csms.url, variables=SETTINGS) as station:
            await csms.expect("StatusNotification", timeout_s=30)
            begin_wh = register_wh(station.bay)
            killer = Killer(directory / "agent-state" / "agent.db", station.agent.pid, commits)
            killer.start()
            try:
                await Driver(station).one_session()
            finally:
                killer.is_over.set()
                await asyncio.to_thread(killer.join)
            charged_wh = register_wh(station.bay) - begin_wh
        where = f"killed after commit {commits}"
        assert problems(csms) == [], where
        assert len(transactions(csms)) == 1, where
        assert energy_wh(csms) == charged_wh, where
    return killer.has_killed


@pytest.mark.timeout(280)
@pytest.mark.parametrize("shard", range(SHARDS))
async def test_killed_after_every_commit_of_a_session(tmp_path: Path, shard: int) -> None:
    """E01.FR.08, E12.FR.01: one transaction, every event once and in order, the meter's energy."""
    commits = shard + 1
    while await cut_after(tmp_path / str(commits), commits):
        commits += SHARDS
    assert commits > ENOUGH
