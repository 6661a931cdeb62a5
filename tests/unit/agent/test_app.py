from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.app import Agent
from agent.config.load import load_config
from agent.config.sections import ConfigError
from agent.store.database import StoreError
from agent.system.control import ControlError
from drivers.emulated.bay import EmulatedBay
from tests.conformance.kit import Csms
from tests.conformance.station import CARD, STATION_ID, StationUnderTest
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.process import ProcessDied
from tests.unit.agent.station_file import RIGHT, write
from tests.unit.agent.system.test_notify import Manager, listening


async def run(path: Path) -> None:
    await Agent(load_config(path), log_frames=False, stop=asyncio.Event()).run()


@asynccontextmanager
async def station(tmp_path: Path, **variables: object) -> AsyncIterator[tuple[Csms, StationUnderTest]]:
    async with Csms(tokens={CARD: {"status": "Accepted"}}) as csms:
        settings = {name.replace("__", "."): str(value) for name, value in variables.items()}
        async with StationUnderTest(directory=tmp_path, url=csms.url, variables=settings) as station:
            yield csms, station


# what keeps it from starting


async def test_two_agents_on_one_state_directory(tmp_path: Path) -> None:
    """They would fight over the contactors."""
    async with station(tmp_path) as (_, running):
        with pytest.raises(StoreError, match=r"agent\.lock: another agent runs with this state directory"):
            await run(tmp_path / "station.toml")
        assert (await running.ask(do="status"))["station"] == STATION_ID


async def test_the_numbers_of_the_buses_can_be_asked_for(tmp_path: Path) -> None:
    async with station(tmp_path) as (_, running):
        async with asyncio.timeout(10):
            while (
                'outcome="ok"} 0' in (text := (await running.ask(do="metrics"))["text"]) or "ok" not in text
            ):
                await asyncio.sleep(0.05)
    assert text.count("chargehand_modbus_bus_open{") == 2
    assert text.count("} 1\n") >= 2


async def test_a_station_without_a_backend_lets_in_whom_it_knows(tmp_path: Path) -> None:
    """Its sessions run as everywhere, also over a power cut, and no messages pile up."""
    async with StationUnderTest(directory=tmp_path, url=None) as running:
        await running.ask(do="token-add", token=CARD)
        running.bay.plug_in()
        await running.until(status="Occupied")
        assert (await running.tap("04FFFFFF"))["why"] == "Offline"
        await running.accepted(CARD)
        await running.until(charging_state="Charging")
        await running.cut_power()
        await running.power_on()
        await running.until(charging_state="Charging")
        await running.accepted(CARD)
        await running.until(transaction=None)
        status = await running.ask(do="status")
    assert (status["backend"], status["outbox"]) == ("none", {"waiting": 0, "set_aside": 0})


async def test_a_station_without_a_backend_may_let_everybody_charge(tmp_path: Path) -> None:
    settings = {"AuthCtrlr.Enabled": False}
    async with StationUnderTest(directory=tmp_path, url=None, variables=settings) as running:
        running.bay.plug_in()
        await running.until(charging_state="Charging")


async def test_a_state_directory_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a directory")
    with pytest.raises(StoreError, match="must own its state directory"):
        await run(write(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_state_directory_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o500)
    with pytest.raises(StoreError, match="must own its state directory"):
        await run(write(tmp_path))


async def test_a_damaged_state_file(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "agent.db").write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    with pytest.raises(StoreError, match="move a damaged file aside"):
        await run(write(tmp_path))


async def test_a_stored_state_that_makes_no_sense(tmp_path: Path) -> None:
    async with station(tmp_path):
        pass
    path = tmp_path / "agent-state" / "agent.db"
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT OR REPLACE INTO evse VALUES (1, '{}x')")
    connection.close()
    with pytest.raises(StoreError, match="stored state of EVSE 1 cannot be read"):
        await run(tmp_path / "station.toml")


async def test_a_control_socket_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ControlError, match="control socket cannot be made"):
        await run(write(tmp_path, RIGHT.replace("DIRECTORY/agent.sock", "DIRECTORY/file/agent.sock")))


@pytest.mark.parametrize(
    ("content", "why"), [(None, "cannot be read"), ("no certificate", "no PEM certificate in it")]
)
async def test_a_ca_file_that_is_none(tmp_path: Path, content: str | None, why: str) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    text = RIGHT.replace("ws://", "wss://").replace("[state]", 'ca_file = "DIRECTORY/ca.pem"\n[state]')
    with pytest.raises(ConfigError, match=rf"csms\.ca_file.*{why}"):
        await run(write(tmp_path, text))


# the control socket's commands


async def test_a_card_with_nonsense(tmp_path: Path) -> None:
    async with station(tmp_path) as (_, running):
        for wrong in ("", "x" * 37, "with space", 'quote"', 7, None):
            with pytest.raises(ControlError, match="a token has 1 to 36"):
                await running.ask(do="tap", token=wrong)
        for evse in (2, "1", [1], 1.5):
            with pytest.raises(ControlError, match="there is no EVSE"):
                await running.ask(do="tap", token="A", evse=evse)
        with pytest.raises(ControlError, match="a token's type is"):
            await running.ask(do="tap", token="A", type="Central")


async def test_the_values_of_the_running_station(tmp_path: Path) -> None:
    async with station(tmp_path, TxCtrlr__EVConnectionTimeOut=33) as (_, running):
        values = await running.ask(do="variables")
    assert values["TxCtrlr.EVConnectionTimeOut"] == "33"
    assert values["ChargingStation.Model"] == "Emulated"
    assert "SecurityCtrlr.BasicAuthPassword" not in values


async def test_values_that_were_set_survive_a_restart_and_win_over_the_station_file(tmp_path: Path) -> None:
    async with station(tmp_path, OCPPCommCtrlr__OfflineThreshold=10) as (csms, running):
        await csms.expect("BootNotification")
        wanted = {
            "component": {"name": "OCPPCommCtrlr"},
            "variable": {"name": "OfflineThreshold"},
            "attributeValue": "20",
        }
        await csms.call("SetVariables", {"setVariableData": [wanted]})
        await running.cut_power()
        await running.power_on()
        values = await running.ask(do="variables")
    assert values["OCPPCommCtrlr.OfflineThreshold"] == "20"


# the real process


@asynccontextmanager
async def process(tmp_path: Path, manager: Manager | None = None) -> AsyncIterator[tuple[Csms, AgentProcess]]:
    """The agent as a process that systemd started."""
    async with Csms() as csms, EmulatedBay() as bay:
        write_station_file(StationSpec(directory=tmp_path, csms_url=csms.url), [bay])
        environment = {} if manager is None else {"NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "900000"}
        agent = AgentProcess(tmp_path)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            await agent.start()
        try:
            yield csms, agent
        finally:
            await agent.stop()


async def test_systemd_hears_of_start_state_life_and_end(tmp_path: Path) -> None:
    with listening(str(tmp_path / "notify")) as manager:
        async with process(tmp_path, manager) as (csms, agent):
            heard: dict[str, str] = {}
            while not heard.keys() >= {"READY", "WATCHDOG", "STATUS"}:
                heard |= await manager.hears()
            await csms.expect("BootNotification")
            async with asyncio.timeout(20):
                while heard["STATUS"] != "backend accepted; EVSE 1 Available":
                    heard |= await manager.hears()
            assert await agent.stop() == 0
            while "STOPPING" not in heard:
                heard |= await manager.hears()
    assert heard["READY"] == heard["WATCHDOG"] == heard["STOPPING"] == "1"


async def test_sigint_ends_it_in_order(tmp_path: Path) -> None:
    async with process(tmp_path) as (csms, agent):
        await csms.expect("BootNotification")
        os.kill(agent.pid, signal.SIGINT)
        await csms.until(lambda: not agent.is_running)
        assert await agent.stop() == 0
    assert not (tmp_path / "agent.sock").exists()
    assert "Traceback" not in agent.last_words()


async def test_a_reset_restarts_the_process_and_systemd_is_not_told_that_it_stops(tmp_path: Path) -> None:
    """B11.FR.03, B11.FR.04: the same process id, a boot reason, no STOPPING."""
    with listening(str(tmp_path / "notify")) as manager:
        async with process(tmp_path, manager) as (csms, agent):
            await csms.expect("BootNotification")
            pid = agent.pid
            assert await csms.call("Reset", {"type": "Immediate"}) == {"status": "Accepted"}
            boot = await csms.expect("BootNotification", timeout_s=15)
            assert boot.payload["reason"] == "RemoteReset"
            assert agent.pid == pid
            assert not [said for said in manager.all_so_far() if "STOPPING" in said]


async def test_errors_at_the_start_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a directory")
    write(tmp_path)
    agent = AgentProcess(tmp_path)
    await agent.start()
    with pytest.raises(ProcessDied):
        await agent.wait_for_line("never")
    assert await agent.stop() == 1
    assert agent.last_words().startswith("chargehand-agent: ")
    assert "Traceback" not in agent.last_words()


# what it does not load


def test_a_station_whose_vehicles_do_not_speak_loads_nothing_of_iso_15118() -> None:
    unwanted = ("agent.iso15118.", "agent.vehicle", "OpenSSL")
    listed = f"print([one for one in sys.modules if one.startswith({unwanted})])"
    command = [sys.executable, "-c", f"import sys, agent.app; {listed}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.strip() == "['agent.iso15118.section']"
