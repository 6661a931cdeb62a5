"""A charge controller that demands ISO 15118 over the pilot, and the emulated vehicle behind it."""

from __future__ import annotations

import asyncio

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from drivers.open import AddressError, DeviceAddress, Hardware
from drivers.ports import DeviceError
from drivers.readings import Pilot
from tests.real_time import clock, until

QUICK = EvSpec(reaction_s=0, ramp_a_per_s=1000, imbalance=0)


async def test_a_vehicle_that_speaks_waits_for_the_offer_at_five_percent() -> None:
    async with EmulatedBay(ev=QUICK) as bay:
        hardware = Hardware(clock=clock)
        address = DeviceAddress(
            profile="phoenix-em-cp-pp-eth", host=bay.controller_host, tcp_port=bay.controller_port
        )
        controller, pilot = hardware.charge_controller(address), hardware.digital_pilot(address)
        async with hardware.running():
            await pilot.demand(digital=True)
            bay.plug_in()
            await asyncio.sleep(0.3)
            assert (bay.pilot, bay.truth().offered_ma) == (Pilot.B, 0)
            await controller.offer(10)
            await until(lambda: bay.contactor_closed)
            assert bay.truth().offered_ma == 0, "the pilot says no current"
            await until(lambda: max(bay.currents_a) == 10)
            await controller.withdraw()
            await until(lambda: bay.pilot is Pilot.B and not bay.contactor_closed)
            await pilot.demand(digital=False)
            await controller.offer(13)
            await until(lambda: bay.contactor_closed)
            assert bay.truth().offered_ma > 12_000
            bay.silence_controller(True)
            with pytest.raises(DeviceError):
                await pilot.demand(digital=True)


async def test_a_controller_that_cannot_is_refused() -> None:
    address = DeviceAddress(profile="phoenix-charx-sec", host="127.0.0.1")
    with pytest.raises(AddressError, match="digital"):
        Hardware(clock=clock).digital_pilot(address)
