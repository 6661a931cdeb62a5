"""What each OCPP version costs the agent in memory, a session through: what is not spoken is not loaded."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from drivers.emulated.bay import EmulatedBay
from tests.bench.agent import RSS_GOAL_MB, compile_agent, resident_mb
from tests.bench.row import Row
from tests.conformance.station import CARD
from tests.conformance.versions import VERSIONS, speaking
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.process import execute

BASELINE: Final = "2.0.1"
MOST_RATIO: Final = 1.02
"""Of an agent that speaks 2.0.1: 1.01, and what one run differs from the next."""


async def rows() -> list[Row]:
    """Measure one agent after the other."""
    await compile_agent()
    measured_mb = {version: await _measure(version) for version in VERSIONS}
    return [
        Row(
            f"agent memory, OCPP {version}, after a session",
            rss_mb,
            "MB",
            f"OCPP {BASELINE}",
            ratio := rss_mb / measured_mb[BASELINE],
            f"ratio at most {MOST_RATIO}, and {RSS_GOAL_MB:.0f} MB",
            ratio <= MOST_RATIO and rss_mb <= RSS_GOAL_MB,
        )
        for version, rss_mb in measured_mb.items()
    ]


async def _measure(version: str) -> float:
    """Return the RSS (MB) of an agent that has served a driver over this version."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bay = await stack.enter_async_context(EmulatedBay())
        csms = await stack.enter_async_context(speaking(version))
        write_station_file(StationSpec(directory=directory, csms_url=csms.url), [bay])
        agent = AgentProcess(directory, launch=execute)
        await agent.start()
        stack.push_async_callback(agent.stop)
        await agent.wait_for_line("registration Accepted")
        await csms.expect("StatusNotification")
        bay.plug_in()
        await agent.wait_for_line("cable-only")
        await agent.tap(CARD, 1)
        await agent.wait_for_line("ChargingStateChanged, Charging")
        await asyncio.sleep(2)
        bay.unplug()
        await agent.wait_for_line(" Ended, ")
        await asyncio.sleep(2)
        return resident_mb(agent.pid)
