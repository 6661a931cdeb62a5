from __future__ import annotations

import pytest

from agent.station.bay import BayWatch
from agent.station.events import VehicleArrived, VehicleDeparted
from agent.station.evse import EvseState
from tests.unit.agent.hardware import HandClock, MemoryBaySensor

TAKEN, FREE = EvseState(has_vehicle=True), EvseState()


class Bay:
    """A watch and the sensor that it looks through."""

    def __init__(self, *, settle_s: float = 2, is_inverted: bool = False) -> None:
        self.clock = HandClock()
        self.sensor = MemoryBaySensor(self.clock)
        self.watch = BayWatch("EVSE 1", self.sensor, self.clock, settle_s=settle_s, is_inverted=is_inverted)

    async def says(self, says: bool, for_s: float) -> None:
        self.sensor.says = says
        await self.watch.read()
        self.clock.advance(for_s)
        await self.watch.read()

    def kinds(self, state: EvseState) -> list[type]:
        return [type(event) for event in self.watch.events(state)]


async def test_a_vehicle_is_seen_once_it_has_stood_for_a_while() -> None:
    bay = Bay()
    assert bay.kinds(FREE) == []
    await bay.says(True, 1.9)
    assert (bay.watch.is_taken, bay.kinds(FREE)) == (None, [])
    await bay.says(True, 0.1)
    assert (bay.kinds(FREE), bay.kinds(TAKEN)) == ([VehicleArrived], [])
    await bay.says(False, 2)
    assert bay.kinds(TAKEN) == [VehicleDeparted]


async def test_a_passer_by_parks_nowhere() -> None:
    bay = Bay()
    await bay.says(False, 2)
    await bay.says(True, 1)
    await bay.says(False, 1)
    assert bay.kinds(FREE) == []


async def test_a_contact_that_opens_for_a_vehicle() -> None:
    bay = Bay(settle_s=0, is_inverted=True)
    await bay.says(False, 0)
    assert bay.kinds(FREE) == [VehicleArrived]


async def test_a_silent_sensor_leaves_things_as_they_were(caplog: pytest.LogCaptureFixture) -> None:
    bay = Bay(settle_s=0)
    await bay.says(True, 0)
    bay.sensor.is_silent = True
    await bay.says(False, 60)
    assert (bay.watch.is_taken, bay.watch.has_failed) == (True, True)
    assert caplog.text.count("does not answer") == 1
    bay.sensor.is_silent = False
    await bay.says(False, 0)
    assert (bay.watch.is_taken, bay.watch.has_failed) == (False, False)
