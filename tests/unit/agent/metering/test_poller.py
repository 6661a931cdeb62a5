from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from agent.metering.poller import MeterPoller
from tests.unit.agent.hardware import ANY_LIMITS, HandClock, MemoryMeter


@asynccontextmanager
async def polling(
    meter: MemoryMeter, clock: HandClock, alive: Callable[[], None] = lambda: None, period_s: float = 0.01
) -> AsyncIterator[MeterPoller]:
    poller = MeterPoller("meter", meter, ANY_LIMITS, clock.instant, alive, period_s)
    task = asyncio.create_task(poller.run())
    try:
        yield poller
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def polls(meter: MemoryMeter, more: int) -> None:
    until = meter.reads + more
    while meter.reads < until:
        await asyncio.sleep(0.001)


async def test_the_latest_reading_keeps_its_true_age() -> None:
    clock = HandClock()
    meter = MemoryMeter(clock)
    async with polling(meter, clock) as poller:
        assert poller.age_s() == float("inf")
        await polls(meter, 2)
        assert poller.age_s() < 0.1
        meter.is_silent = True
        taken_at = poller.last.taken_at if poller.last else None
        clock.advance(7)
        await polls(meter, 3)
        assert poller.age_s() == pytest.approx(7, abs=0.1)
        assert poller.last is not None
        assert poller.last.taken_at == taken_at


async def test_a_fresh_reading_is_one_whose_poll_began_after_it_was_asked_for() -> None:
    clock = HandClock()
    meter = MemoryMeter(clock)
    async with polling(meter, clock, period_s=60) as poller:
        await polls(meter, 1)
        clock.advance(1)
        meter.energy_mwh += 1000
        reading = await poller.fresh(clock.monotonic_s, timeout_s=5)
    assert reading is not None
    assert reading.energy_import_mwh == meter.energy_mwh


async def test_a_reading_that_is_new_enough_is_not_waited_for() -> None:
    clock = HandClock()
    meter = MemoryMeter(clock)
    async with polling(meter, clock, period_s=60) as poller:
        await polls(meter, 1)
        await asyncio.sleep(0)
        assert await poller.fresh(clock.monotonic_s - 1, timeout_s=5) is poller.last


async def test_a_silent_meter_gives_no_fresh_reading() -> None:
    clock = HandClock()
    meter = MemoryMeter(clock)
    async with polling(meter, clock) as poller:
        await polls(meter, 1)
        meter.is_silent = True
        clock.advance(1)
        assert await poller.fresh(clock.monotonic_s, timeout_s=0.05) is None


async def test_silence_is_told_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    clock = HandClock()
    meter = MemoryMeter(clock)
    meter.is_silent = True
    async with polling(meter, clock):
        await polls(meter, 4)
        meter.is_silent = False
        await polls(meter, 4)
    assert [record.getMessage() for record in caplog.records] == [
        "meter: no reading: no answer",
        "meter: answers again",
    ]


async def test_a_poll_is_a_sign_of_life_whatever_it_brings() -> None:
    clock = HandClock()
    meter = MemoryMeter(clock)
    meter.is_silent = True
    signs: list[int] = []
    async with polling(meter, clock, alive=lambda: signs.append(meter.reads)):
        await polls(meter, 4)
    assert signs[:3] == [1, 2, 3]
