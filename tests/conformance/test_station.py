"""The system under test is the real thing: a process with signals and exit codes, that nothing survives."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.conformance.kit import Csms
from tests.conformance.station import StationUnderTest
from tests.stack.process import ProcessDied


async def test_a_process_that_boots_stops_and_restarts(tmp_path: Path) -> None:
    async with Csms() as csms, StationUnderTest(directory=tmp_path, url=csms.url) as station:
        assert (await csms.expect("BootNotification")).payload["reason"] == "PowerUp"
        first = station.agent.pid
        assert os.getpgid(first) == first != os.getpgrp()

        await csms.call("Reset", {"type": "Immediate"})
        assert (await csms.expect("BootNotification")).payload["reason"] == "RemoteReset"
        assert (station.restarts, station.agent.pid) == (1, first), "executed anew, as systemd sees it"

        await station.switch_off()
        assert not (tmp_path / "agent.sock").exists()
        await station.power_on()
        assert station.agent.pid != first
        assert (await csms.expect("BootNotification")).payload["reason"] == "LocalReset"

        await station.crash()
        await station.power_on()
        assert (await csms.expect("BootNotification")).payload["reason"] == "ApplicationReset"


async def test_a_power_cut_cleans_up_nothing(tmp_path: Path) -> None:
    async with Csms() as csms, StationUnderTest(directory=tmp_path, url=csms.url) as station:
        await csms.expect("BootNotification")
        await station.cut_power()
        assert (tmp_path / "agent.sock").exists()
        await csms.until(lambda: not csms.is_connected)
        await station.power_on()
        assert (await csms.expect("BootNotification")).payload["reason"] == "PowerUp"


async def test_an_agent_that_dies_fails_the_test(tmp_path: Path) -> None:
    async with Csms() as csms:
        station = StationUnderTest(directory=tmp_path, url=csms.url)
        with pytest.raises((AssertionError, ProcessDied), match="agent"):
            async with station:
                os.kill(station.agent.pid, signal.SIGKILL)


async def test_an_agent_that_cannot_start_says_why(tmp_path: Path) -> None:
    station = StationUnderTest(directory=tmp_path, url="http://127.0.0.1/not-a-websocket")
    with pytest.raises(ProcessDied, match=r"csms\.url"):
        async with station:
            pass
