from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.station.events import PhasesCounted
from agent.station.phases import OPENS_S, PAUSE_S
from tests.unit.agent.hardware import MemoryPhaseSwitch
from tests.unit.agent.station.bench import Bench, bench

INTERVAL_S = 300


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the changer look many times in each pause of `settle`, even where the processor is busy."""
    monkeypatch.setattr("agent.station.phases._EVERY_S", 0.02)


class Switching(Bench):
    """A bench whose EVSE can put its vehicle on one phase."""

    async def allow(self, phases: int, limit_a: int) -> int:
        """Give a limit, as a profile that names so many phases does; return for how many it was reckoned."""
        reckoned = self.service.reckon_phases(phases)
        await self.service.limit(limit_a)
        return reckoned

    async def settle(self) -> None:
        """Let contactors move, and the vehicle see it, with time to look after each step."""
        for step_s in (OPENS_S, OPENS_S, PAUSE_S, PAUSE_S):
            await asyncio.sleep(0.3)
            self.clock.advance(step_s)
        await asyncio.sleep(0.3)

    @property
    def offered_a(self) -> int:
        return self.controller.commands[-1]


@asynccontextmanager
async def switching(path: Path) -> AsyncIterator[tuple[Switching, MemoryPhaseSwitch]]:
    async with bench(path, SmartChargingCtrlr__PhaseSwitchInterval=str(INTERVAL_S)) as plain:
        station = Switching(plain.database, plain.settings)
        station.phase_switch = MemoryPhaseSwitch()
        async with station.running():
            yield station, station.phase_switch


async def test_where_the_switch_stands_is_made_sure_before_anything_is_offered(tmp_path: Path) -> None:
    async with switching(tmp_path) as (station, switch):
        await station.apply_plug_and_card()
        await asyncio.sleep(0.3)
        assert (switch.moves, station.controller.is_on) == ([], False)
        await station.settle()
        assert (switch.moves, station.offered_a) == ([3], 16)


async def test_one_phase_at_once_and_three_again_after_a_while(tmp_path: Path) -> None:
    """Nothing is offered while contactors move, and never more phases than the limit was reckoned for."""
    async with switching(tmp_path) as (station, switch):
        await station.apply_plug_and_card()
        await station.settle()
        before = len(station.controller.commands)
        assert await station.allow(1, 16) == 1
        await station.until(lambda: station.offered_a == 0)
        assert switch.moves == [3], "power has just gone"
        await station.settle()
        assert (switch.moves, station.controller.commands[before:]) == ([3, 1], [0, 16])
        assert await station.allow(3, 16) == 1, "it is on one phase still"
        await station.settle()
        assert switch.moves == [3, 1]
        station.clock.advance(INTERVAL_S)
        await station.settle()
        assert (switch.moves, station.offered_a) == ([3, 1, 3], 0), "the limit was for one phase"
        assert await station.allow(3, 10) == 3
        await station.settle()
        assert station.offered_a == 10


async def test_a_switch_that_does_not_obey_lets_nothing_through_and_is_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("agent.station.phases._RETRY_S", 0.01)
    async with switching(tmp_path) as (station, switch):
        switch.refuses = True
        await station.apply_plug_and_card()
        await station.settle()
        assert not station.controller.is_on
        assert caplog.text.count("3 phases not confirmed") == 1
        switch.refuses = False
        await station.settle()
        assert (switch.moves, station.offered_a) == ([3], 16)


async def test_a_controller_that_was_away_may_have_forgotten(tmp_path: Path) -> None:
    async with switching(tmp_path) as (station, switch):
        await station.apply_plug_and_card()
        await station.allow(1, 16)
        await station.settle()
        station.controller.is_silent = True
        await station.settle()
        station.controller.is_silent = False
        await station.settle()
        await station.settle()
        assert switch.moves == [1, 1]


async def test_without_a_switch_a_power_counts_for_the_phases_that_the_vehicle_uses(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running() as service:
        await station.charge()
        assert service.reckon_phases(1) == 1
        await service.apply(PhasesCounted(at=station.clock.now(), phases_used=3))
        assert service.reckon_phases(1) == 3
