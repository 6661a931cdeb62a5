"""Direct current from the test of the cable to the open contactor, on emulated hardware and real lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

import pytest

from agent.iso15118.turns import Deliver
from agent.system.clock import StationClock
from agent.vehicle.insulation import InsulationWatch
from agent.vehicle.path import DcPath
from agent.vehicle.sequence import Stage
from drivers.emulated.defects import Defect
from drivers.open import Hardware
from drivers.readings import Pilot
from tests.real_time import clock, until
from tests.stack.dc import PROFILES, DcPlace, dc_place


@dataclass
class Scene:
    """A path that runs, with its pilot read as the EVSE does, and what flowed when the contactor opened."""

    place: DcPlace
    path: DcPath
    pilot: Pilot = Pilot.A
    fault: str | None = None

    async def watch(self) -> None:
        while True:
            reading = await self.path.read_pilot()
            self.pilot, self.fault = reading.pilot, reading.fault
            await asyncio.sleep(0.1)

    async def charge(self, wanted: Deliver, reached: Callable[[], object]) -> None:
        """Ask for this as a vehicle does, until something is so."""
        async with asyncio.timeout(20):
            while not reached():
                self.path.deliver(wanted)
                await asyncio.sleep(0.05)

    async def checked(self) -> None:
        self.place.bay.plug_in()
        await until(lambda: self.pilot is Pilot.C)
        self.path.check(Decimal(500))
        await self.path.offer(63)
        await until(lambda: self.path.path.stage in (Stage.READY, Stage.FAULTED))


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    async with dc_place() as place:
        hardware = Hardware(clock=clock, profiles=PROFILES)
        controller = hardware.charge_controller(place.address("controller"))
        digital = hardware.digital_pilot(place.address("controller"))
        monitor = hardware.isolation_monitor(place.address("monitor"))
        time = StationClock()
        path = DcPath(
            "EVSE 1",
            controller,
            hardware.dc_supply(place.address("supply")),
            InsulationWatch("EVSE 1", monitor, time),
            time,
            Decimal(3 * 230),
        )
        one = Scene(place, path)
        async with hardware.running():
            await digital.demand(digital=True)
            jobs = [asyncio.create_task(path.run()), asyncio.create_task(one.watch())]
            try:
                await path.withdraw()
                yield one
            finally:
                for job in jobs:
                    job.cancel()
                await asyncio.gather(*jobs, return_exceptions=True)


async def test_from_the_cable_check_to_the_open_contactor() -> None:
    async with scene() as one:
        opened_at: list[float] = []
        was_closed = False

        def note() -> None:
            nonlocal was_closed
            closed = one.place.bay.state.contactor_closed
            if was_closed and not closed:
                opened_at.append(one.place.current_a)
            was_closed = closed

        one.place.rig.on_change = note
        await one.checked()
        assert (one.path.path.stage, one.path.path.isolation) == (Stage.READY, "valid")
        assert (one.place.bay.state.contactor_closed, one.place.supply.is_on) == (True, False)
        await one.charge(Deliver(Decimal(400), Decimal(100)), lambda: one.place.current_a > 1)
        assert one.place.current_a <= 2, "a pre-charge"
        one.path.is_energised = True
        await one.charge(Deliver(Decimal(420), Decimal(500)), lambda: one.place.current_a > 50)
        assert one.place.supply.set_a <= Decimal(63 * 690) / 420, "not above the limit of the mains"
        await one.charge(Deliver(Decimal(2000), Decimal(5)), lambda: abs(one.place.current_a - 5) < 0.2)
        assert one.place.supply.set_v <= 1000, "not above what the supply can"
        await until(lambda: one.place.current_a == 0)
        assert one.place.supply.is_on, "a vehicle that asks no more gets a voltage, and no current"
        await one.charge(Deliver(Decimal(400), Decimal(80)), lambda: one.place.current_a > 40)
        await one.path.withdraw()
        assert (one.place.bay.state.contactor_closed, one.place.supply.is_on) == (False, False)
        assert opened_at == [0.0]


async def test_a_limit_that_falls_is_kept_to_at_once() -> None:
    async with scene() as one:
        await one.checked()
        one.path.is_energised = True
        wanted = Deliver(Decimal(420), Decimal(200))
        await one.charge(wanted, lambda: one.place.current_a > 90)
        await one.path.offer(10)
        await one.charge(wanted, lambda: one.place.current_a < 20)
        assert one.place.supply.set_a * one.place.supply.set_v <= 6900


@pytest.mark.parametrize(
    ("defect", "fault"),
    [("earth-fault", "insulation fault: 8 kOhm"), ("monitor-broken", "fails its own test")],
)
async def test_no_current_where_the_insulation_is_bad(defect: Defect, fault: str) -> None:
    async with scene() as one:
        one.place.bay.break_down(defect, broken=True)
        await one.checked()
        assert (one.path.path.stage, one.path.path.isolation) == (Stage.FAULTED, "fault")
        await until(lambda: fault in (one.fault or ""))
        await until(lambda: not one.place.supply.is_on)


async def test_an_earth_fault_while_charging_takes_the_power() -> None:
    async with scene() as one:
        await one.checked()
        one.path.is_energised = True
        wanted = Deliver(Decimal(420), Decimal(100))
        await one.charge(wanted, lambda: one.place.current_a > 50)
        one.place.bay.break_down("earth-fault", broken=True)
        await one.charge(wanted, lambda: not one.place.supply.is_on)
        assert one.path.path.isolation == "fault"
        await one.path.withdraw()
        assert not one.place.bay.state.contactor_closed
        one.place.bay.break_down("earth-fault", broken=False)
        one.place.bay.unplug()
        await until(lambda: one.fault is None)


@pytest.mark.parametrize("silent", ["supply", "monitor"])
async def test_a_device_that_falls_silent_ends_charging(silent: str) -> None:
    async with scene() as one:
        await one.checked()
        one.path.is_energised = True
        wanted = Deliver(Decimal(420), Decimal(100))
        await one.charge(wanted, lambda: one.place.current_a > 50)
        one.place.silence(silent)
        await one.charge(wanted, lambda: one.path.path.stage is Stage.FAULTED)
        await until(lambda: "does not answer" in (one.fault or ""))
        one.place.silence(silent, silent=False)
        await until(lambda: not one.place.supply.is_on)
