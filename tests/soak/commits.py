"""SIGKILL right after each thing that the agent writes down: a session a kill, in the traces of the last."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from tests.conformance.history import energy_wh, problems, transactions
from tests.conformance.kit import Csms
from tests.conformance.station import CARD, StationUnderTest
from tests.conformance.versions import VERSIONS, speaking
from tests.soak.session import THIRSTY, register_wh

SETTINGS = {"SampledDataCtrlr.TxUpdatedInterval": 1, "AuthCtrlr.OfflineTxForUnknownIdEnabled": True}
_PATIENCE_S = 40.0
_DELIVERED = {"waiting": 0, "set_aside": 0}


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

    async def charge(self) -> None:
        """Go through a session, starting the agent again when it is dead."""
        self._station.bay.plug_in()
        await self._until(self._has_gone)

    async def see_delivered(self) -> None:
        """Wait until the backend has everything, starting the agent again when it is dead."""
        await self._until(self._is_delivered)

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while not await holds():
                await asyncio.sleep(0.02)

    async def _has_gone(self) -> bool:
        status = await alive(self._station)
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
            await self._station.agent.tap(CARD, 1)
        elif self._has_charged and not self._is_unplugged:
            self._station.bay.unplug()
            self._is_unplugged = True
        return self._is_unplugged and evse["transaction"] is None and evse["phase"] == "idle"

    async def _is_delivered(self) -> bool:
        status = await alive(self._station)
        return status is not None and status["outbox"] == _DELIVERED


async def kill_after(directory: Path, version: str, commits: Iterable[int], *, is_offline: bool) -> int:
    """Kill the agent after each of these numbers of commits, until a session has fewer; return that number.

    Raises:
        AssertionError: If anything was lost, doubled or out of order.
    """
    async with (
        speaking(version) as csms,
        StationUnderTest(directory=directory, url=csms.url, variables=SETTINGS, ev=THIRSTY) as station,
    ):
        await csms.expect("StatusNotification", timeout_s=30)
        begin_wh = register_wh(station.bay)
        for sessions, number in enumerate(commits, start=1):
            has_killed = await _session(station, csms, number, is_offline=is_offline)
            found = problems(csms)
            if (held := len(transactions(csms))) != sessions:
                found.append(f"{held} transactions, {sessions} sessions")
            if (told_wh := energy_wh(csms)) != (true_wh := register_wh(station.bay) - begin_wh):
                found.append(f"{told_wh} Wh told, {true_wh} Wh counted")
            if found:
                raise AssertionError(f"killed after commit {number}: {'; '.join(found)}")
            if not has_killed:
                return number
    raise AssertionError("every number of commits was reached: give more of them")


async def soak_commits() -> list[str]:
    """Leave no commit out, in any version, online or offline; return what was found wrong."""
    found: list[str] = []
    for version in VERSIONS:
        for is_offline in (False, True):
            where = f"{version} {'offline' if is_offline else 'online'}"
            with tempfile.TemporaryDirectory(prefix="chargehand-soak-") as directory:
                try:
                    ended = await kill_after(Path(directory), version, count(1), is_offline=is_offline)
                except AssertionError as error:
                    found.append(f"{where}: {error}")
                else:
                    print(f"{where}: {ended - 1} commits, each survived")
    return found


async def _session(station: StationUnderTest, csms: Csms, commits: int, *, is_offline: bool) -> bool:
    """Go through a session with a kill, perhaps all of it offline; return whether it had so many commits."""
    port = csms.port
    if is_offline:
        await csms.close()
        await _backend_is(station, "disconnected")
    driver = Driver(station)
    killer = Killer(station.directory / "agent-state" / "agent.db", station.agent.pid, commits)
    killer.start()
    try:
        await driver.charge()
        if is_offline:
            await csms.listen(port)
        await driver.see_delivered()
    finally:
        killer.is_over.set()
        await asyncio.to_thread(killer.join)
    return killer.has_killed


async def _backend_is(station: StationUnderTest, state: str) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while (await station.ask(do="status"))["backend"] != state:
            await asyncio.sleep(0.02)


async def alive(station: StationUnderTest) -> dict[str, Any] | None:
    """Return the agent's status, or None while it is away; a dead one is started."""
    if not station.agent.is_running:
        await station.agent.start()
    return await station.agent.status()
