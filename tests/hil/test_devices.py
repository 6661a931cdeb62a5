"""The drivers on emulated hardware, over a real pseudo-terminal and real sockets: what is read is true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.open import DeviceAddress, Hardware
from drivers.ports import DeviceError
from drivers.readings import Phase, Pilot, Quality
from tests.real_time import clock, until


class Rig:
    """A bay and the drivers on it."""

    def __init__(self, bay: EmulatedBay, hardware: Hardware) -> None:
        self.bay = bay
        self.hardware = hardware
        self.meter = hardware.meter(
            DeviceAddress(
                profile="eastron-sdm630",
                port=bay.meter_port,
                baud=19200,
                parity="N",
                stopbits=1,
                timeout_s=0.3,
            )
        )
        address = DeviceAddress(
            profile="phoenix-em-cp-pp-eth",
            host=bay.controller_host,
            tcp_port=bay.controller_port,
            timeout_s=0.3,
        )
        self.controller = hardware.charge_controller(address)
        self.second_meter = hardware.meter(address)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with EmulatedBay(speed=20, baud=19200) as bay:
        one = Rig(bay, Hardware(clock=clock))
        async with one.hardware.running():
            yield one


async def charge(rig: Rig, limit_a: int) -> None:
    rig.bay.plug_in()
    await rig.controller.offer(limit_a)
    await until(lambda: rig.bay.contactor_closed and min(rig.bay.currents_a) > limit_a * 0.9)


async def test_an_idle_meter_reads_exactly_the_emulated_register(rig: Rig) -> None:
    reading = await rig.meter.read()
    assert reading.energy_import_mwh == rig.bay.energy_register_mwh
    assert all(one.quality is Quality.GOOD for one in reading.readings)


async def test_the_pilot_follows_the_vehicle(rig: Rig) -> None:
    seen = [(await rig.controller.read_pilot()).pilot]
    rig.bay.plug_in()
    seen.append((await rig.controller.read_pilot()).pilot)
    await rig.controller.offer(16)
    await until(lambda: rig.bay.pilot is Pilot.C)
    reading = await rig.controller.read_pilot()
    seen.append(reading.pilot)
    assert reading.cable_limit_a == 32
    rig.bay.unplug()
    seen.append((await rig.controller.read_pilot()).pilot)
    assert seen == [Pilot.A, Pilot.B, Pilot.C, Pilot.A]


async def test_the_vehicle_draws_what_is_offered_and_stops_when_it_is_withdrawn(rig: Rig) -> None:
    await charge(rig, 10)
    assert max(rig.bay.currents_a) <= 10.1
    await rig.controller.withdraw()
    await until(lambda: not rig.bay.contactor_closed)
    assert max(rig.bay.currents_a) == 0
    assert [(write.address, write.values) for write in rig.bay.writes] == [
        (300, (10,)),
        (400, (1,)),
        (400, (0,)),
    ]


async def test_a_charging_meter_never_reads_less_or_more_than_was_delivered(rig: Rig) -> None:
    await charge(rig, 32)
    last_mwh = 0
    for _ in range(10):
        before_mwh = rig.bay.energy_register_mwh
        energy_mwh = (await rig.meter.read()).energy_import_mwh
        assert energy_mwh is not None
        assert max(before_mwh, last_mwh) <= energy_mwh <= rig.bay.energy_register_mwh
        last_mwh = energy_mwh
    assert last_mwh > rig.bay.meter_start_mwh


async def test_phases_and_totals_agree_with_each_other(rig: Rig) -> None:
    await charge(rig, 16)
    reading = await rig.meter.read()
    phases: tuple[tuple[Phase, Phase], ...] = (("L1", "L1-N"), ("L2", "L2-N"), ("L3", "L3-N"))
    total = Decimal(0)
    for line, to_neutral in phases:
        current, voltage = reading.find("Current.Import", line), reading.find("Voltage", to_neutral)
        power, factor = reading.find("Power.Active.Import", line), reading.find("Power.Factor", line)
        assert current is not None
        assert current.value is not None
        assert voltage is not None
        assert voltage.value is not None
        assert power is not None
        assert power.value is not None
        assert factor is not None
        assert factor.value is not None
        assert abs(current.value * voltage.value * factor.value - power.value) <= power.value / 100
        total += power.value
    sum_of_phases = reading.find("Power.Active.Import")
    assert sum_of_phases is not None
    assert sum_of_phases.value is not None
    assert abs(sum_of_phases.value - total) <= total / 50


async def test_the_meter_behind_the_controller_reads_the_same_energy_to_its_own_resolution(rig: Rig) -> None:
    first, second = await rig.meter.read(), await rig.second_meter.read()
    assert first.energy_import_mwh is not None
    assert second.energy_import_mwh is not None
    assert abs(first.energy_import_mwh - second.energy_import_mwh) <= 10_000


async def test_a_silent_meter_gives_no_reading_and_comes_back(rig: Rig) -> None:
    await rig.meter.read()
    rig.bay.silence_meter(True)
    with pytest.raises(DeviceError):
        await rig.meter.read()
    rig.bay.silence_meter(False)
    assert (await rig.meter.read()).energy_import_mwh == rig.bay.energy_register_mwh


async def test_a_silent_controller_can_still_be_told_to_stop_when_it_comes_back(rig: Rig) -> None:
    await charge(rig, 16)
    rig.bay.silence_controller(True)
    with pytest.raises(DeviceError):
        await rig.controller.withdraw()
    rig.bay.silence_controller(False)
    await rig.controller.withdraw()
    await until(lambda: not rig.bay.contactor_closed)
