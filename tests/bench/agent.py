"""The agent as an integrator meets it: memory, CPU, time to the first message, and from card to contactor."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from drivers.emulated.bay import EmulatedBay
from tests.bench.row import Row
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import BackendProcess
from tests.stack.process import BYTECODE, execute

RSS_GOAL_MB = 64.0
CPU_GOAL_PERCENT = 3.0
BOOT_GOAL_S = 1.5
TAP_GOAL_MS = 150.0
OBSERVED_S = 20.0
TAPS = 10
TOKEN = "BENCH-CARD"
ENABLE_COIL = 400


async def rows() -> list[Row]:
    """Measure an agent with two EVSEs against a backend on this machine."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bays = [await stack.enter_async_context(EmulatedBay(seed=seed)) for seed in (1, 2)]
        backend = BackendProcess(directory)
        await backend.prepare(stations={"CH-BENCH": "a-password-of-16-or-more"}, tokens=[TOKEN])
        await backend.start()
        stack.push_async_callback(backend.kill)
        spec = StationSpec(directory=directory, csms_url=backend.ocpp_url, station_id="CH-BENCH")
        write_station_file(spec, bays)
        await compile_agent()
        agent = AgentProcess(directory, log_frames=True, launch=execute)
        began_s = time.monotonic()
        await agent.start()
        stack.push_async_callback(agent.stop)
        await agent.wait_for_line('"BootNotification"')
        boot_s = time.monotonic() - began_s
        await agent.wait_for_line("registration Accepted")
        await asyncio.sleep(3)
        cpu_percent, rss_mb = await _observe(agent.pid)
        tap_ms = await _tap_to_contactor(agent, bays[0])
    return [
        Row(
            "agent memory, two EVSEs, connected",
            rss_mb,
            "MB",
            "goal",
            None,
            f"at most {RSS_GOAL_MB:.0f}",
            rss_mb <= RSS_GOAL_MB,
        ),
        Row(
            "agent CPU, two EVSEs, 1 Hz sampling",
            cpu_percent,
            "% of a core",
            "goal",
            None,
            f"at most {CPU_GOAL_PERCENT:.0f}",
            cpu_percent <= CPU_GOAL_PERCENT,
        ),
        Row(
            "process start to BootNotification",
            boot_s,
            "s",
            "goal",
            None,
            f"at most {BOOT_GOAL_S}",
            boot_s <= BOOT_GOAL_S,
        ),
        Row(
            "card tap to contactor write, median",
            tap_ms,
            "ms",
            "goal",
            None,
            f"at most {TAP_GOAL_MS:.0f}",
            tap_ms <= TAP_GOAL_MS,
        ),
    ]


async def compile_agent() -> None:
    """Have the agent's bytecode ready: the compiler's time is none of the agent's."""
    modules = "import agent.cli, agent.app"
    compiling = await asyncio.create_subprocess_exec(
        sys.executable, "-c", modules, env={**os.environ, **BYTECODE}
    )
    assert await compiling.wait() == 0


async def _observe(pid: int) -> tuple[float, float]:
    """Return the process's CPU share in percent over a while, and its RSS in MB."""
    before_s, began_s = _cpu_s(pid), time.monotonic()
    await asyncio.sleep(OBSERVED_S)
    share = (_cpu_s(pid) - before_s) / (time.monotonic() - began_s)
    return share * 100, resident_mb(pid)


def resident_mb(pid: int) -> float:
    """Return the memory that a process has in RAM (RSS, MB)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _tap_to_contactor(agent: AgentProcess, bay: EmulatedBay) -> float:
    """Return the median ms from a card to the write that closes the contactor, cable plugged in first."""
    waits_ms: list[float] = []
    bay.plug_in()
    await asyncio.sleep(2)
    for _ in range(TAPS):
        tapped_s, seen = time.monotonic(), len(bay.writes)
        await agent.tap(TOKEN, 1)
        await asyncio.sleep(1)
        written_s = next(
            write.monotonic_s
            for write in bay.writes[seen:]
            if (write.address, write.values) == (ENABLE_COIL, (1,))
        )
        waits_ms.append((written_s - tapped_s) * 1000)
        await agent.tap(TOKEN, 1)
        await asyncio.sleep(1)
    bay.unplug()
    return statistics.median(waits_ms)
