"""Every shipped charge controller, emulated: what the driver commands happens, and what is, it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.devices.modbus_control import SILENT_AFTER
from drivers.devices.writing import NeedNotMet, WriteNotApplied
from drivers.emulated.faults.requests import WriteIgnored
from drivers.emulated.kinds.charge_controller import ChargeController
from drivers.ports import DeviceError
from drivers.readings import Pilot
from tests.hil.controlled import Bench, bench, hardware, retried, shipped
from tests.profiles import shipped_profile
from tests.real_time import until

CONTROLLERS = shipped("charge-controller")
CANNOT_BE_READ_BACK = {"abb-terra-ac"}
"""Controllers none of whose settings can be read."""
WITH_LOCK = [name for name in CONTROLLERS if shipped_profile(name).role("lock")]
WITH_PHASES = [name for name in CONTROLLERS if shipped_profile(name).role("phases")]


def offered_a(on_bench: Bench) -> int:
    """Return the current that the emulated pilot really offers, as near as its duty cycle can say."""
    return round(on_bench.bay.offered_ma / 1000)


def behaviour(on_bench: Bench) -> ChargeController:
    found = on_bench.device.behaviour
    assert isinstance(found, ChargeController)
    return found


@pytest.mark.parametrize("name", CONTROLLERS)
async def test_a_session_from_plug_to_plug(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        controller = driver.charge_controller(on_bench.address)
        async with driver.running():
            assert (await controller.read_pilot()).pilot is Pilot.A
            on_bench.bay.plug_in()
            reading = await controller.read_pilot()
            assert reading.pilot is Pilot.B
            assert reading.cable_limit_a in {None, 32}
            for limit_a in (6, 16, 13):
                await controller.offer(limit_a)
                assert offered_a(on_bench) == limit_a
            await until(lambda: on_bench.bay.state.contactor_closed)
            assert (await controller.read_pilot()).pilot is Pilot.C
            await controller.withdraw()
            assert offered_a(on_bench) == 0
            await until(lambda: on_bench.bay.state.pilot is Pilot.B)
            assert (await controller.read_pilot()).pilot is Pilot.B
            on_bench.bay.unplug()
            assert (await controller.read_pilot()).pilot is Pilot.A


@pytest.mark.parametrize("name", CONTROLLERS)
async def test_an_offer_is_withdrawn_when_the_driver_leaves(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        controller = driver.charge_controller(on_bench.address)
        on_bench.bay.plug_in()
        async with driver.running():
            await controller.offer(16)
            await until(lambda: on_bench.bay.state.contactor_closed)
        watchdog = shipped_profile(name).watchdog
        safe_a = 0 if watchdog is None or watchdog.safe_a is None else int(watchdog.safe_a)
        assert offered_a(on_bench) == safe_a


@pytest.mark.parametrize("name", sorted(set(CONTROLLERS) - CANNOT_BE_READ_BACK))
async def test_a_write_that_is_confirmed_but_not_applied_is_found(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        controller = driver.charge_controller(on_bench.address)
        on_bench.bay.plug_in()
        async with driver.running():
            await controller.offer(6)
            fault = on_bench.rig.inject(WriteIgnored())
            with pytest.raises(WriteNotApplied):
                await controller.withdraw()
            assert offered_a(on_bench) == 6
            await on_bench.rig.clear(fault.id)
            await controller.withdraw()
            assert offered_a(on_bench) == 0


@pytest.mark.parametrize("name", CONTROLLERS)
async def test_a_controller_that_lost_its_power_is_prepared_again_and_told_again(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        controller = driver.charge_controller(replace(on_bench.address, timeout_s=0.3))
        on_bench.bay.plug_in()
        async with driver.running():
            await controller.offer(16)
            on_bench.device.cut_power()
            for _ in range(SILENT_AFTER):
                with pytest.raises(DeviceError):
                    await controller.read_pilot()
            on_bench.device.return_power()
            await retried(controller.read_pilot)
            assert offered_a(on_bench) == 0
            await controller.offer(16)
            assert offered_a(on_bench) == 16


@pytest.mark.parametrize("name", WITH_LOCK)
async def test_the_bolt_does_what_it_is_told_and_says_so(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        lock = driver.lock(on_bench.address)
        async with driver.running():
            for locked in (True, False, True):
                await (lock.lock() if locked else lock.unlock())
                assert behaviour(on_bench).is_locked is locked
                assert (await lock.read_lock()).is_locked is locked


@pytest.mark.parametrize("name", WITH_PHASES)
async def test_phases_are_switched_while_nothing_is_charged(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        controller, switch = driver.charge_controller(on_bench.address), driver.phase_switch(on_bench.address)
        on_bench.bay.plug_in()
        async with driver.running():
            await switch.use_phases(1)
            await controller.offer(16)
            await until(lambda: on_bench.bay.scene.measured.currents_ma[0] > 15_000)
            assert on_bench.bay.scene.measured.currents_ma[1:] == (0, 0)
            with pytest.raises(NeedNotMet):
                await switch.use_phases(3)
            await controller.withdraw()
            await until(lambda: not on_bench.bay.state.contactor_closed)
            await switch.use_phases(3)
            assert on_bench.bay.state.controller.phases == 3


@pytest.mark.parametrize("resolution", ["ampere", "centiampere"])
async def test_the_resolution_of_the_limit_is_the_boards(resolution: str) -> None:
    driver = hardware()
    async with bench("evracing-evse-din", shows={"resolution": resolution}) as on_bench:
        controller = driver.charge_controller(on_bench.address)
        on_bench.bay.plug_in()
        async with driver.running():
            await controller.offer(13)
            assert offered_a(on_bench) == 13


async def test_each_connector_of_a_charger_is_driven_alone() -> None:
    driver = hardware()
    async with bench("phoenix-charx-sec", instance=7) as on_bench:
        controller = driver.charge_controller(on_bench.address)
        on_bench.bay.plug_in()
        async with driver.running():
            await controller.offer(16)
            assert offered_a(on_bench) == 16


async def test_settings_of_the_device_are_made_before_it_is_used() -> None:
    driver = hardware()
    async with bench("heidelberg-energy-control") as on_bench:
        controller = driver.charge_controller(on_bench.address)
        async with driver.running():
            await controller.read_pilot()
            image = on_bench.device.image
            assert image.shown("standby") == "never"
            assert image.shown("remote_lock") == "unlocked"
            assert (image.shown("watchdog_timeout"), image.shown("failsafe_current")) == (15, 0)
