from __future__ import annotations

import logging

import pytest

from agent.station.events import Detached, Event, PilotChanged, PluggedIn, Unplugged
from agent.station.evse import EvseState, Phase
from agent.station.watch import PilotWatch
from drivers.readings import Pilot
from tests.unit.agent.hardware import HandClock, MemoryController, MemorySettings

IDLE = EvseState()
CABLE = EvseState(phase=Phase.CABLE_ONLY, pilot=Pilot.B)


class Bench:
    """A watch on a controller in memory."""

    def __init__(self, **settings: str) -> None:
        self.clock = HandClock()
        self.controller = MemoryController(self.clock)
        self.lost = 0
        self.watch = PilotWatch("EVSE 1", self.controller, self.clock, MemorySettings(**settings), self._lose)

    def _lose(self) -> None:
        self.lost += 1

    async def sees(self, pilot: Pilot, state: EvseState) -> list[Event]:
        self.controller.pilot = pilot
        await self.watch.read()
        return self.watch.events(state)

    async def hears_nothing(self, state: EvseState, for_s: float) -> list[Event]:
        self.controller.is_silent = True
        self.clock.advance(for_s)
        await self.watch.read()
        return self.watch.events(state)


@pytest.mark.parametrize("pilot", [Pilot.B, Pilot.C, Pilot.D])
async def test_a_vehicle_is_plugged_in_with_whatever_pilot(pilot: Pilot) -> None:
    [event] = await Bench().sees(pilot, IDLE)
    assert isinstance(event, PluggedIn)
    assert event.pilot is pilot


async def test_a_vehicle_that_asks_for_energy_or_no_longer_does() -> None:
    [event] = await Bench().sees(Pilot.C, CABLE)
    assert isinstance(event, PilotChanged)
    assert await Bench().sees(Pilot.B, CABLE) == []


async def test_unplugging_ends_or_detaches_as_the_station_is_set() -> None:
    """E09, E10: StopTxOnEVSideDisconnect."""
    [event] = await Bench().sees(Pilot.A, CABLE)
    assert isinstance(event, Unplugged)
    [event] = await Bench(TxCtrlr__StopTxOnEVSideDisconnect="false").sees(Pilot.A, CABLE)
    assert isinstance(event, Detached)
    assert await Bench().sees(Pilot.A, IDLE) == []


async def test_a_controller_that_answers_again_is_told_what_is_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench()
    for _ in range(3):
        await bench.hears_nothing(IDLE, for_s=0.1)
    bench.controller.is_silent = False
    await bench.sees(Pilot.A, IDLE)
    assert bench.lost == 2, "when it fell silent, and when it was back"
    assert [record.getMessage() for record in caplog.records] == [
        "EVSE 1: no pilot reading: no answer",
        "EVSE 1: the charge controller answers again",
    ]


async def test_how_long_a_controller_has_been_silent() -> None:
    bench = Bench()
    await bench.sees(Pilot.B, IDLE)
    await bench.hears_nothing(CABLE, for_s=2)
    assert round(bench.watch.silent_s) == 2
    assert bench.watch.pilot is Pilot.B, "the last that is known"


async def test_the_cables_limit_is_kept() -> None:
    bench = Bench()
    assert bench.watch.cable_limit_a is None
    await bench.sees(Pilot.B, IDLE)
    assert bench.watch.cable_limit_a == 32


async def test_a_controller_that_nobody_asks_is_not_silent() -> None:
    """The agent may be held up, by a slow disk for instance."""
    bench = Bench()
    await bench.watch.read()
    bench.clock.advance(60)
    assert bench.watch.silent_s == 0
