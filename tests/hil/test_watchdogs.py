"""Whoever offers energy and then is no more, or only stands still: the device falls to its safe value itself.

Real processes, killed or stopped, on real lines to emulated devices that know nothing but their registers.
"""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from drivers.emulated.kinds.dc_charger import DcCharger
from drivers.emulated.lines import SerialLine, TcpLine
from drivers.profiles.find import find_profile, list_profiles
from drivers.profiles.load import load_profile
from tests.hil.controlled import Bench, bench
from tests.hil.holder import LIMIT_A, LIMIT_W
from tests.profiles import shipped_profile
from tests.real_time import until
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.forked import fork
from tests.stack.process import Process

SELF_MADE = """\
schema: chargehand-profile-1
id: self-made
kind: charge-controller
maker: Acme
model: Falls to 6 A
modbus: {word_order: big, unit: 1, tcp_port: 502}
points:
  pilot: {space: input, address: 0, type: uint16, role: pilot, states: {1: A, 2: B, 3: C}}
  max_current:
    {space: holding, address: 10, type: uint16, role: max_current, unit: A,
     write: {function: 6, range: [6, 32], off: 0}}
  fallback: {space: holding, address: 21, type: uint16, unit: A, poll: on_demand, write: {function: 6}}
watchdog: {arm: [{fallback: 6}], feed: write, every_s: 1, within_s: 3, safe_a: 6}
"""
WITH_WATCHDOG = sorted(
    name
    for name in list_profiles()
    if (profile := shipped_profile(name)).protocol == "modbus" and profile.watchdog is not None
)


def hurried(name: str, directory: Path) -> Path:
    """Return a copy of a profile whose device waits three seconds, so that the test need not wait longer."""
    watchdog = shipped_profile(name).watchdog
    assert watchdog is not None
    text = find_profile(name).read_text("utf-8")
    text = text.replace(f"within_s: {watchdog.within_s}", "within_s: 3")
    text = text.replace(f"every_s: {watchdog.every_s}", "every_s: 1")
    path = directory / f"{name}.yaml"
    path.write_text(text, "utf-8")
    return path


def self_made(directory: Path) -> Path:
    path = directory / "self-made.yaml"
    path.write_text(SELF_MADE, "utf-8")
    return path


def offered(on_bench: Bench) -> int:
    """Return what the device really lets flow: whole A per phase, or W of a DC charger."""
    behaviour = on_bench.device.behaviour
    if isinstance(behaviour, DcCharger):
        return behaviour.power_w
    return round(on_bench.bay.offered_ma / 1000)


def safe(profile: Path) -> int:
    watchdog = load_profile(profile).watchdog
    assert watchdog is not None
    return int(watchdog.safe_a if watchdog.safe_a is not None else watchdog.safe_w or 0)


@asynccontextmanager
async def holding(profile: Path, directory: Path) -> AsyncIterator[tuple[Bench, Process]]:
    """Run the device, and a process of its own that has offered energy and watches."""
    async with bench(str(profile)) as on_bench:
        line = on_bench.rig.lines["line"]
        assert isinstance(line, SerialLine | TcpLine)
        where = line.path if isinstance(line, SerialLine) else f"{line.host}:{line.port}"
        on_bench.bay.plug_in()
        process = Process("tests.hil.holder", [str(profile), where], directory / "holder.log", fork)
        await process.start()
        try:
            await process.wait_for_line("offered", 60)
            yield on_bench, process
        finally:
            await process.kill()


@pytest.mark.parametrize("name", [*WITH_WATCHDOG, "self-made"])
async def test_the_driver_is_killed_or_stopped(name: str, tmp_path: Path) -> None:
    profile = self_made(tmp_path) if name == "self-made" else hurried(name, tmp_path)
    async with holding(profile, tmp_path) as (on_bench, process):
        full = LIMIT_W if load_profile(profile).kind == "dc-charger" else LIMIT_A
        assert offered(on_bench) == full
        os.kill(process.pid, signal.SIGSTOP)
        await until(lambda: offered(on_bench) == safe(profile))
        os.kill(process.pid, signal.SIGCONT)
        await until(lambda: offered(on_bench) == full)
        await until(lambda: any("its watchdog may have acted" in line for line in process.lines()))
        await process.kill()
        await until(lambda: offered(on_bench) == safe(profile))


@pytest.mark.timeout(180)
async def test_the_whole_agent_is_stopped_goes_on_and_is_killed(tmp_path: Path) -> None:
    name = "mennekes-amtron-compact"
    ev = EvSpec(reaction_s=0, ramp_a_per_s=1000)
    async with EmulatedBay(controller_profile=name, ev=ev, baud=115200) as bay:
        spec = StationSpec(
            directory=tmp_path,
            csms_url="ws://127.0.0.1:9/ocpp",
            variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True},
        )
        path = write_station_file(spec, [bay])
        path.write_text(path.read_text("utf-8").replace("phoenix-em-cp-pp-eth", name), "utf-8")
        agent = AgentProcess(tmp_path)
        await agent.start()
        try:
            await agent.wait_for_line("is ready", 60)
            bay.plug_in()
            await until(lambda: bay.pilot.value == "B")
            while (await agent.tap("UNKNOWN1", 1) or {}).get("accepted") is not True:
                await until(lambda: agent.is_running)
            await until(lambda: bay.currents_a[0] > 15)
            os.kill(agent.pid, signal.SIGSTOP)
            await until(lambda: bay.truth().offered_ma == 0)
            os.kill(agent.pid, signal.SIGCONT)
            await until(lambda: bay.currents_a[0] > 15)
            await agent.kill()
            await until(lambda: bay.truth().offered_ma == 0)
        finally:
            await agent.kill()
