"""What the agent's metering makes of a meter whose values are wrong, on a real line and in accelerated time.

The bay's physics and the clock of driver and agent run equally fast, so that powers, counts and times agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from agent.metering.limits import limits_of
from agent.metering.poller import MeterPoller
from agent.metering.problems import Break, Problem
from drivers.emulated.bay import METER, EmulatedBay
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import ALWAYS, Schedule, Where
from drivers.emulated.faults.state import CounterReset, DeviceSwap, Rollover
from drivers.emulated.faults.values import Frozen, Noise, Sentinel, SignFlip, WordSwap
from drivers.open import DeviceAddress, Hardware
from drivers.readings import Instant, MeterReading

SPEED = 20
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT_A = 16
PERIOD_S = 0.2
"""Less than a poll takes in this time: the meter is read without a pause."""
OF_METER = Where(devices=frozenset({METER}))
BURSTS = Schedule(every_s=0.8, for_s=0.4)
GRAIN_MWH = 50_000
"""What the fuse lets through between two polls, and the grain of the judgement."""


def fast_clock() -> Instant:
    now_s = monotonic() * SPEED
    return Instant(now_s, BEGAN + timedelta(seconds=now_s))


class Watched:
    """A charging bay, the poller on its meter, and every count that was believed beside the truth."""

    def __init__(self, bay: EmulatedBay, poller: MeterPoller) -> None:
        self.bay = bay
        self.poller = poller
        self.believed: list[tuple[MeterReading, int]] = []

    async def until(self, holds: Callable[[], bool]) -> None:
        """Look on until something holds."""
        async with asyncio.timeout(30):
            while not holds():
                await asyncio.sleep(0.01)
                counted = self.poller.counted
                if counted is not None and (not self.believed or self.believed[-1][0] is not counted):
                    self.believed.append((counted, self.bay.energy_mwh))

    async def polls(self, count: int) -> None:
        """Look on while so many polls are made."""
        until = self.poller.counters.polls + count
        await self.until(lambda: self.poller.counters.polls >= until)

    def check(self) -> None:
        """No count falls, none is above the truth, and time goes on with them."""
        counts = [reading.energy_import_mwh or 0 for reading, _ in self.believed]
        times = [reading.taken_at.monotonic_s for reading, _ in self.believed]
        assert len(counts) > 1
        assert counts == sorted(counts)
        assert times == sorted(set(times))
        assert all(
            count <= truth + GRAIN_MWH for count, (_, truth) in zip(counts, self.believed, strict=True)
        )


@asynccontextmanager
async def watched(fault: Fault | None = None) -> AsyncIterator[Watched]:
    """Charge at 16 A, with a fault that is there before the meter is first read."""
    async with EmulatedBay(speed=SPEED, baud=115200) as bay:
        hardware = Hardware(clock=fast_clock)
        meter = hardware.meter(DeviceAddress(profile=bay.meter_profile, port=bay.meter_port, baud=115200))
        controller = hardware.charge_controller(
            DeviceAddress(
                profile=bay.controller_profile, host=bay.controller_host, tcp_port=bay.controller_port
            )
        )
        poller = MeterPoller("meter", meter, limits_of(LIMIT_A, 3), fast_clock, lambda: None, PERIOD_S)
        async with hardware.running():
            if fault is not None:
                bay.rig.inject(fault, OF_METER)
                await bay.rig.tick()
            polling = asyncio.create_task(poller.run())
            bay.plug_in()
            await controller.offer(LIMIT_A)
            one = Watched(bay, poller)
            await one.until(lambda: bay.power_w > 10_000)
            try:
                yield one
            finally:
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)


async def test_a_healthy_meter_is_believed_and_nothing_is_told() -> None:
    async with watched() as meter:
        await meter.polls(40)
        assert not meter.poller.counters.suspect
        assert not meter.poller.counters.breaks
        meter.check()


@pytest.mark.parametrize(
    ("fault", "schedule", "problem"),
    [
        pytest.param(Frozen(), ALWAYS, Problem.FROZEN, id="frozen"),
        pytest.param(SignFlip(), BURSTS, Problem.BACKWARDS, id="sign"),
        pytest.param(WordSwap(), BURSTS, None, id="words"),
        pytest.param(Sentinel(), BURSTS, None, id="sentinel"),
        pytest.param(Noise(fraction=0.9), BURSTS, Problem.POWER_MISMATCH, id="noise"),
    ],
)
async def test_wrong_values_are_found_and_no_count_suffers(
    fault: Fault, schedule: Schedule, problem: Problem | None
) -> None:
    async with watched() as meter:
        await meter.polls(10)
        wrong = meter.bay.rig.inject(fault, OF_METER, schedule)
        if problem is not None:
            await meter.until(lambda: meter.poller.counters.suspect[problem] > 0)
        await meter.polls(50)
        await meter.bay.rig.clear(wrong.id)
        await meter.polls(4)
        await meter.until(lambda: meter.poller.count_age_s() < SPEED)
        assert not meter.poller.counters.breaks
        meter.check()
        latest, truth_mwh = meter.believed[-1]
        assert abs((latest.energy_import_mwh or 0) - truth_mwh) < 4 * GRAIN_MWH, "it has caught up"


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        pytest.param(CounterReset(), {Break.RESET}, id="reset"),
        pytest.param(DeviceSwap(), {Break.RESET, Break.JUMP}, id="swap"),
    ],
)
async def test_another_register_is_found_and_not_believed(fault: Fault, kinds: set[Break]) -> None:
    async with watched() as meter:
        await meter.polls(10)
        meter.bay.rig.inject(fault, OF_METER)
        await meter.until(lambda: meter.poller.broken is not None)
        assert meter.poller.broken in kinds
        meter.check()


async def test_a_register_that_begins_again_after_its_highest_is_told_apart() -> None:
    async with watched(Rollover(before_wh=300)) as meter:
        await meter.until(lambda: meter.poller.broken is not None)
        assert meter.poller.broken is Break.ROLLOVER
