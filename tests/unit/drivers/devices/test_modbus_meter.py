from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.devices.modbus_meter import SERIAL_ATTEMPTS, ModbusMeter
from drivers.modbus.errors import ModbusError, NoReply
from drivers.ports import DeviceError, EnergyMeter
from drivers.readings import Quality
from tests.profiles import shipped_profile
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import Answers, Asked, RtuSlave, Slave, rtu_slave, running, silent

PROFILE = shipped_profile("eastron-sdm630")


@pytest.fixture
async def slave(tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with rtu_slave(tmp_path) as one:
        yield one


@pytest.fixture
def registers(slave: RtuSlave) -> Registers:
    memory = Registers(PROFILE)
    slave.script = memory
    return memory


@pytest.fixture
async def meter(slave: RtuSlave) -> AsyncIterator[ModbusMeter]:
    async with running(slave.bus()) as bus:
        yield ModbusMeter(bus, 1, PROFILE, timeout_s=0.2)


async def test_every_measurand_comes_with_phase_and_unit(meter: ModbusMeter, registers: Registers) -> None:
    registers.set("voltage_l2", Decimal("230.5"))
    registers.set("current_l3", Decimal("15.75"))
    registers.set("power", Decimal(11040))
    registers.set("energy_import", Decimal(12_345_500_000))
    reading = await meter.read()
    found = {(r.measurand, r.phase): f"{r.value} {r.unit}" for r in reading.readings}
    assert len(found) == len(PROFILE.points)
    assert found["Voltage", "L2-N"] == "230.5 V"
    assert found["Current.Import", "L3"] == "15.75 A"
    assert found["Power.Active.Import", None] == "11040 W"
    assert found["Energy.Active.Import.Register", None] == "12345500000 mWh"
    assert reading.energy_import_mwh == 12_345_500_000
    assert found["Energy.Active.Import.Register", "L1"] == "0 mWh"


async def test_an_implausible_register_is_invalid_and_has_no_value(
    meter: ModbusMeter, registers: Registers
) -> None:
    registers.set_words("voltage_l1", 0x7FC0, 0)
    registers.set("voltage_l2", Decimal(5000))
    reading = await meter.read()
    by_phase = {r.phase: r for r in reading.readings if r.measurand == "Voltage"}
    for phase in ("L1-N", "L2-N"):
        assert (by_phase[phase].quality, by_phase[phase].value) == (Quality.INVALID, None)
        assert reading.find("Voltage", phase) is None
    assert by_phase["L3-N"].quality is Quality.GOOD


async def test_an_energy_register_without_a_value_gives_none(
    meter: ModbusMeter, registers: Registers
) -> None:
    registers.set_words("energy_import", 0xFFFF, 0xFFFF)
    assert (await meter.read()).energy_import_mwh is None


async def test_a_reading_is_as_old_as_its_oldest_block(meter: ModbusMeter, registers: Registers) -> None:
    reading = await meter.read()
    times = [r.taken_at.monotonic_s for r in reading.readings]
    assert reading.taken_at.monotonic_s == min(times)
    assert len(set(times)) == len(PROFILE.blocks)


@pytest.mark.parametrize("lost", range(3))
async def test_a_poll_that_lost_a_block_gives_nothing(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave, lost: int
) -> None:
    def script(slave: Slave, asked: Asked) -> Answers:
        return (
            silent(slave, asked) if asked.address == PROFILE.blocks[lost].start else registers(slave, asked)
        )

    slave.script = script
    with pytest.raises(NoReply):
        await meter.read()
    slave.script = registers
    assert len((await meter.read()).readings) == len(PROFILE.points)


async def test_a_meter_that_refuses_raises_a_device_error(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave
) -> None:
    port: EnergyMeter = meter
    slave.script = silent
    with pytest.raises(DeviceError):
        await port.read()


async def test_a_cancelled_poll_leaves_the_next_one_right(meter: ModbusMeter, registers: Registers) -> None:
    registers.set("energy_import", Decimal(1_000_000))
    for pause_s in (0.0005, 0.002, 0.005, 0.01):
        poll = asyncio.create_task(meter.read())
        await asyncio.sleep(pause_s)
        poll.cancel()
        assert (await meter.read()).energy_import_mwh == 1_000_000


async def test_the_probe_of_the_profile_is_used_after_a_failure(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave
) -> None:
    assert PROFILE.probe is not None
    slave.script = silent
    with pytest.raises(ModbusError):
        await meter.read()
    slave.script = registers
    await meter.read()
    first = PROFILE.blocks[0]
    assert [(asked.address, asked.count) for asked in slave.asked[:3]] == [
        (first.start, first.count),
        (PROFILE.probe.start, PROFILE.probe.count),
        (first.start, first.count),
    ]


async def test_a_controller_profile_with_a_meter_is_read_without_its_control_registers(
    slave: RtuSlave,
) -> None:
    profile = shipped_profile("phoenix-em-cp-pp-eth")
    registers = Registers(profile)
    registers.set("energy_import", Decimal(98_760_000))
    slave.script = registers
    async with running(slave.bus()) as bus:
        reading = await ModbusMeter(bus, 180, profile).read()
    assert reading.energy_import_mwh == 98_760_000
    assert [(asked.address, asked.count) for asked in slave.asked] == [(107, 15), (128, 2)]


NUMBERED = shipped_profile("carlo-gavazzi-em24-e1")


@pytest.fixture
async def numbered(slave: RtuSlave) -> AsyncIterator[tuple[ModbusMeter, Registers]]:
    memory = Registers(NUMBERED)
    memory.set("energy_import", Decimal(5_000_000_000))
    memory.set("serial_number", "A1")
    slave.script = memory
    async with running(slave.bus()) as bus:
        yield ModbusMeter(bus, 1, NUMBERED, timeout_s=0.2), memory


async def test_the_register_says_how_fine_it_is_and_whose(numbered: tuple[ModbusMeter, Registers]) -> None:
    meter, _ = numbered
    register = (await meter.read()).register
    assert (register.step_mwh, register.serial_number) == (100_000, "A1")
    assert register.wraps_at_mwh == 2**31 * 100_000


async def test_a_meter_that_was_silent_is_asked_who_it_is(
    numbered: tuple[ModbusMeter, Registers], slave: RtuSlave
) -> None:
    meter, memory = numbered
    await meter.read()
    memory.set("serial_number", "B2")
    assert (await meter.read()).register.serial_number == "A1", "nothing has happened to it"
    slave.script = silent
    with pytest.raises(NoReply):
        await meter.read()
    slave.script = memory
    assert (await meter.read()).register.serial_number == "B2"


async def test_a_meter_without_a_serial_number_is_still_a_meter(
    numbered: tuple[ModbusMeter, Registers], slave: RtuSlave
) -> None:
    meter, memory = numbered
    serial = NUMBERED.point("serial_number")

    def script(slave: Slave, asked: Asked) -> Answers:
        if asked.function == 3 and asked.address <= serial.address < asked.address + asked.count:
            return silent(slave, asked)
        return memory(slave, asked)

    slave.script = script
    for _ in range(SERIAL_ATTEMPTS + 1):
        reading = await meter.read()
        assert (reading.energy_import_mwh, reading.register.serial_number) == (5_000_000_000, None)
    asked = len(slave.asked)
    await meter.read()
    blocks = len([block for block in NUMBERED.blocks if any(point.measurand for point in block.points)])
    assert len(slave.asked) - asked <= blocks, "it is not asked any more"
