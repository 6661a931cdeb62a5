"""A technician with a running agent and no backend, by the commands that are typed."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.control import controlled
from tests.stack.forked import command
from tests.stack.lone_station import CARD, lone_station

FAST_LINE = 57600


async def test_plug_fault_and_log_without_a_backend(tmp_path: Path) -> None:
    async def typed(*words: str) -> str:
        agent = [*command("agent.cli", *words, "--config", str(tmp_path / "station.toml"))]
        done = await asyncio.to_thread(
            subprocess.run, agent, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout if done.returncode == 0 else f"refused: {done.stderr}"

    bay = EmulatedBay(baud=FAST_LINE)
    async with lone_station(tmp_path, bay, f'[emulator]\nsocket = "{tmp_path / "rig"}"\n') as station:
        async with controlled(bay.rig, tmp_path / "rig"):
            assert (await typed("plug")).startswith("pilot B")
            await station.until_evse(phase="cable-only")
            assert await typed("tap", CARD) == "accepted on EVSE 1\n"
            await station.until_evse(charging_state="Charging")
            assert (await typed("fault", "controller", "silence")).startswith("f1: ")
            await station.until_evse(fault="the charge controller does not answer")
            told = await typed("faults")
            assert "EVSE 1: the charge controller does not answer\n    since 20" in told
            assert "look at its supply" in told
            assert await typed("fault", "clear") == "cleared: f1\n"
            await station.until_evse(fault=None)
            assert "the charge controller does not answer" not in await typed("faults")
            assert (await typed("unplug")).startswith("pilot A")
            await station.until_evse(status="Available")
            assert "fault: the charge controller does not answer" in await typed("log")
        assert "does it run, as chargehand-emulate --control" in await typed("plug")


async def test_hands_are_needed_where_the_hardware_is_real(tmp_path: Path) -> None:
    async with lone_station(tmp_path, EmulatedBay(baud=FAST_LINE)) as station:
        for verb in ("plug", "unplug", "fault"):
            agent = command("agent.cli", verb, "--config", str(tmp_path / "station.toml"))
            done = await asyncio.to_thread(
                subprocess.run, agent, capture_output=True, text=True, check=False, timeout=30
            )
            assert (done.returncode, "hardware is real" in done.stderr) == (1, True)
        assert (await station.evse())["status"] == "Available"
