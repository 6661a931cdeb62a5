from __future__ import annotations

import asyncio
from pathlib import Path

from agent.security.service import note_exhaustion
from tests.unit.agent.security.vaults import safe


async def test_flash_that_is_full_is_told_once_a_day(tmp_path: Path) -> None:
    """A04.FR.01."""
    counts = [0, 0, 3, 5, 9]
    looked = asyncio.Event()

    def dropped() -> int:
        if len(counts) == 1:
            looked.set()
            return counts[0]
        return counts.pop(0)

    async with safe(tmp_path) as here:
        task = asyncio.create_task(note_exhaustion(dropped, here.security.events, tick_s=0.001))
        await looked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        told = [(event.type, event.info) for event in here.told.events]
    assert told == [("MemoryExhaustion", "3 messages dropped from the outbox")]
