"""The real time, for tests of what runs on real lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from drivers.readings import Instant


def clock() -> Instant:
    """Return the moment it really is."""
    return Instant(monotonic(), datetime.now(UTC))


async def until(reached: Callable[[], object], within_s: float = 30) -> None:
    """Wait for the world to get somewhere; how soon is not what is tested.

    Raises:
        TimeoutError: If it never gets there.
    """
    async with asyncio.timeout(within_s):
        while not reached():
            await asyncio.sleep(0.01)
