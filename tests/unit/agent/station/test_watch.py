from __future__ import annotations

import logging

import pytest

from agent.station.evse import (
    Detached,
    Event,
    EvseState,
    FaultCleared,
    FaultFound,
    Phase,
    PilotChanged,
    PluggedIn,
    Unplugged,
)
from agent.station.watch import PilotWatch
from drivers.readings import Pilot
from tests.unit.agent.hardware import HandClock, MemoryController, MemorySettings

IDLE = EvseState()
CABLE = EvseState(phase=Phase.CABLE_ONLY, pilot=Pilot.B)


class Bench:
    """A watch on a controller in memory, with a meter that is `meter_age_s` old."""

    def __init__(self, **settings: str) -> None:
        self.clock = HandClock()
        self.controller = MemoryController(self.clock)
        self.came_back = 0
        self.meter_age_s = 0.0
        self.watch = PilotWatch(
            "EVSE 1", self.controller, self.clock, MemorySettings(**settings), self._came_back
        )

    def _came_back(self) -> None:
        self.came_back += 1

    async def sees(self, pilot: Pilot, state: EvseState) -> list[Event]:
        self.controller.pilot = pilot
        await self.watch.read()
        return self.watch.events(state, self.meter_age_s, self.meter_age_s)

    async def hears_nothing(self, state: EvseState, for_s: float) -> list[Event]:
        self.controller.is_silent = True
        self.clock.advance(for_s)
        await self.watch.read()
        return self.watch.events(state, self.meter_age_s, self.meter_age_s)


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


@pytest.mark.parametrize("pilot", [Pilot.E, Pilot.F])
async def test_a_pilot_error_is_a_fault_until_it_is_gone(pilot: Pilot) -> None:
    bench = Bench()
    [event] = await bench.sees(pilot, CABLE)
    assert isinstance(event, FaultFound)
    assert event.fault == f"control pilot {pilot.value}"
    faulty = EvseState(phase=Phase.CABLE_ONLY, pilot=Pilot.B, fault=event.fault)
    assert await bench.sees(pilot, faulty) == []
    [event] = await bench.sees(Pilot.B, faulty)
    assert isinstance(event, FaultCleared)


async def test_a_missed_reading_does_not_clear_a_pilot_error() -> None:
    bench = Bench()
    [event] = await bench.sees(Pilot.F, CABLE)
    assert isinstance(event, FaultFound)
    faulty = EvseState(phase=Phase.CABLE_ONLY, pilot=Pilot.B, fault=event.fault)
    assert await bench.hears_nothing(faulty, for_s=1) == []


async def test_a_silent_controller_is_a_fault_after_three_seconds() -> None:
    bench = Bench()
    assert await bench.hears_nothing(CABLE, for_s=2.9) == []
    [event] = await bench.hears_nothing(CABLE, for_s=0.2)
    assert isinstance(event, FaultFound)
    assert event.fault == "the charge controller does not answer"


async def test_a_controller_that_answers_again_is_told_what_is_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench()
    for _ in range(3):
        await bench.hears_nothing(IDLE, for_s=0.1)
    bench.controller.is_silent = False
    await bench.sees(Pilot.A, IDLE)
    assert bench.came_back == 1
    assert [record.getMessage() for record in caplog.records] == [
        "EVSE 1: no pilot reading: no answer",
        "EVSE 1: the charge controller answers again",
    ]


async def test_a_silent_meter_is_a_fault_after_fifteen_seconds() -> None:
    bench = Bench()
    bench.clock.advance(60)
    bench.meter_age_s = 14.9
    assert await bench.sees(Pilot.B, CABLE) == []
    bench.meter_age_s = 15.1
    [event] = await bench.sees(Pilot.B, CABLE)
    assert isinstance(event, FaultFound)
    assert event.fault == "the energy meter does not answer"


async def test_a_meter_that_has_said_nothing_yet_is_given_the_same_time() -> None:
    bench = Bench()
    bench.meter_age_s = float("inf")
    bench.clock.advance(14)
    assert await bench.sees(Pilot.A, IDLE) == []
    bench.clock.advance(2)
    [event] = await bench.sees(Pilot.A, IDLE)
    assert isinstance(event, FaultFound)


async def test_the_cables_limit_is_kept() -> None:
    bench = Bench()
    assert bench.watch.cable_limit_a is None
    await bench.sees(Pilot.B, IDLE)
    assert bench.watch.cable_limit_a == 32
