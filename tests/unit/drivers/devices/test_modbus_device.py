from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.devices.modbus_meter import SLOW_EVERY_S, ModbusMeter
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import SerialEndpoint, transport_for
from drivers.modbus.errors import NoReply
from drivers.modbus.terms import Terms
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.readings import Instant, MeterReading, Quality, Reading
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import RtuSlave, rtu_slave, running, silent

PROFILE = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: Three
modbus: {word_order: big, unit: 1, max_hole: 4, tcp_port: 502, request_gap_ms: 20}
points:
  energy:
    {space: holding, address: 0, type: uint32, scaled_by: {multiplier: transformer},
     measurand: Energy.Active.Import.Register, unit: Wh}
  voltage:
    {space: holding, address: 2, type: uint16, scaled_by: {decimals: digits}, measurand: Voltage, unit: V}
  digits: {space: holding, address: 3, type: uint16}
  power_in: {space: holding, address: 4, type: uint16, unit: W, sentinels: [0xFFFF]}
  power_out: {space: holding, address: 5, type: uint16, unit: W}
  frequency: {space: holding, address: 20, type: uint16, measurand: Frequency, unit: Hz, poll: slow}
  lid: {space: holding, address: 30, type: uint16, poll: slow}
  transformer: {space: holding, address: 100, type: uint16, poll: once}
derived:
  power: {plus: [power_in], minus: [power_out], measurand: Power.Active.Import}
"""


class Clock:
    """A clock that the test moves."""

    now_s = 1000.0

    def __call__(self) -> Instant:
        self.now_s += 0.001
        return Instant(self.now_s, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.now_s))


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "demo.yaml"
    path.write_text(PROFILE)
    return load_profile(path)


@pytest.fixture
async def slave(tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with rtu_slave(tmp_path) as one:
        yield one


@pytest.fixture
def registers(slave: RtuSlave, profile: Profile) -> Registers:
    memory = Registers(profile)
    memory.set_words("energy", 0, 1000)
    memory.set_words("voltage", 2301)
    memory.set_words("digits", 1)
    memory.set_words("power_in", 10)
    memory.set_words("power_out", 2300)
    memory.set_words("frequency", 50)
    memory.set_words("transformer", 40)
    slave.script = memory
    return memory


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def meter(slave: RtuSlave, profile: Profile, clock: Clock) -> AsyncIterator[ModbusMeter]:
    bus = Bus(transport_for(SerialEndpoint(port=str(slave.link), settings=slave.settings()), clock))
    async with running(bus):
        yield ModbusMeter(bus, 1, profile, timeout_s=0.2)


def one(reading: MeterReading, measurand: str) -> Reading:
    (found,) = (item for item in reading.readings if item.measurand == measurand)
    return found


async def test_scales_of_the_same_block_and_scales_read_once(
    meter: ModbusMeter, registers: Registers
) -> None:
    reading = await meter.read()
    assert reading.energy_import_mwh == 40_000_000
    assert one(reading, "Voltage").value == Decimal("230.1")
    registers.set_words("digits", 2)
    assert one(await meter.read(), "Voltage").value == Decimal("23.01")


async def test_what_was_read_once_is_not_read_again(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave
) -> None:
    for _ in range(3):
        await meter.read()
    assert [asked.address for asked in slave.asked].count(100) == 1


async def test_what_was_read_once_is_forgotten_when_the_device_fell_silent(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave
) -> None:
    await meter.read()
    slave.script = silent
    with pytest.raises(NoReply):
        await meter.read()
    registers.set_words("transformer", 10)
    slave.script = registers
    assert (await meter.read()).energy_import_mwh == 10_000_000


async def test_a_scale_that_makes_no_sense_makes_its_values_invalid(
    meter: ModbusMeter, registers: Registers
) -> None:
    registers.set_words("transformer", 0)
    reading = await meter.read()
    assert reading.energy_import_mwh is None
    assert one(reading, "Energy.Active.Import.Register").quality is Quality.INVALID


async def test_a_derived_value_is_a_reading_like_any_other(meter: ModbusMeter, registers: Registers) -> None:
    power = one(await meter.read(), "Power.Active.Import")
    assert (power.value, power.unit, power.quality) == (Decimal(-2290), "W", Quality.GOOD)
    registers.set_words("power_in", 0xFFFF)
    power = one(await meter.read(), "Power.Active.Import")
    assert (power.value, power.quality) == (None, Quality.INVALID)


async def test_slow_points_are_in_a_reading_only_when_they_were_read(
    meter: ModbusMeter, registers: Registers, clock: Clock, slave: RtuSlave
) -> None:
    first, second = await meter.read(), await meter.read()
    clock.now_s += SLOW_EVERY_S
    third = await meter.read()
    assert [reading.find("Frequency") is not None for reading in (first, second, third)] == [
        True,
        False,
        True,
    ]
    assert 30 not in {asked.address for asked in slave.asked}  # it measures nothing


async def test_the_units_gap_is_kept_between_requests(
    meter: ModbusMeter, registers: Registers, slave: RtuSlave
) -> None:
    await meter.read()
    await meter.read()
    times_s = [asked.at_s for asked in slave.asked]
    assert len(times_s) > 3
    assert all(later - earlier >= 0.02 for earlier, later in pairwise(times_s))


async def test_a_gap_for_a_change_of_unit_is_kept_only_then(slave: RtuSlave, tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_text(PROFILE.replace("request_gap_ms: 20", "unit_change_gap_ms: 60"))
    other_gap = load_profile(path)
    slave.script = Registers(other_gap)
    async with running(slave.bus()) as bus:
        one_meter, other_meter = (ModbusMeter(bus, unit, other_gap) for unit in (1, 2))
        await one_meter.read()
        await other_meter.read()
    asked = slave.asked
    changes = [later.at_s - earlier.at_s for earlier, later in pairwise(asked) if earlier.unit != later.unit]
    assert len(changes) == 1
    assert changes[0] >= 0.06


def test_the_longer_gap_counts() -> None:
    terms = Terms(request_gap_s=0.02, unit_change_gap_s=0.2)
    assert (terms.gap_s(unit_changes=False), terms.gap_s(unit_changes=True)) == (0.02, 0.2)
    assert Terms().gap_s(unit_changes=True) == 0
