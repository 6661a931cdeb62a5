"""Every shipped meter, emulated on a pseudo terminal and read by the driver: exactly true, or INVALID."""

from __future__ import annotations

import random
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from fractions import Fraction

import pytest

from drivers.devices.modbus_meter import ModbusMeter
from drivers.emulated.bay import EmulatedBay
from drivers.emulated.image import Image
from drivers.emulated.line import LineTiming
from drivers.emulated.pdu import Space
from drivers.emulated.pty_line import PtyLine
from drivers.open import DeviceAddress, Hardware
from drivers.profiles.find import list_profiles
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.readings import Quality, Reading
from tests.plain_slave import Slave
from tests.profiles import shipped_profile
from tests.real_time import clock

METERS = sorted(
    name
    for name, path in list_profiles().items()
    if path.parent.name == "meter"
    and (profile := shipped_profile(name)).protocol == "modbus"
    and profile.modbus.sunspec is None
)
"""All but those whose map has to be looked for first: see test_sunspec."""
BAUD = 115200
COUNTED_IN = {"kW": 1000, "kvar": 1000, "Wh": 1000, "kWh": 1_000_000}
"""Units of the reading (W, var, mWh) in one of the register's; 1 for all others."""
CANNOT_SAY_INVALID = {"dzg-dvh4013"}
"""Meters of whose energy register every pattern is a number."""


class Device:
    """An emulated meter whose truth the test decides; `broken` replaces the words of single points."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.truth: dict[str, Decimal] = {}
        self.broken: dict[str, tuple[int, ...]] = {}
        self.image = Image(profile, self._value, lambda _: None)
        self.functions = self.image.functions

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        words = list(self.image.read(space, address, count))
        for name, pattern in self.broken.items():
            point = self.profile.point(name)
            for at, word in enumerate(pattern, point.address - address):
                if point.space == space and 0 <= at < count:
                    words[at] = word
        return words

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        self.image.write(space, address, values)

    def _value(self, point: Point) -> Value | None:
        return self.truth.get(point.name)


@asynccontextmanager
async def emulated(profile: Profile) -> AsyncIterator[tuple[Device, ModbusMeter]]:
    """Run the device on a line of its own, and the driver on the other end."""
    device = Device(profile)
    line = PtyLine({profile.modbus.unit: Slave(device)}, timing=LineTiming(baud=BAUD))
    line.open()
    try:
        async with driven(profile.id, line.path) as meter:
            yield device, meter
    finally:
        line.close()


@asynccontextmanager
async def driven(profile: str, port: str) -> AsyncIterator[ModbusMeter]:
    hardware = Hardware(clock=clock)
    address = DeviceAddress(profile=profile, port=port, baud=BAUD, parity="N", stopbits=1, timeout_s=1)
    meter = hardware.meter(address)
    assert isinstance(meter, ModbusMeter)
    async with hardware.running():
        yield meter


def invented(profile: Profile, rng: random.Random) -> dict[str, Decimal]:
    """Return a value of its own for every measured point, in its reading's unit, with too many digits."""
    ranges: dict[str, tuple[float, float]] = {
        "V": (180, 260),
        "A": (0.5, 63),
        "W": (10, 15_000),
        "var": (10, 5_000),
        "Hz": (49, 51),
        "ratio": (0.1, 1),
        "mWh": (1e6, 9e11),
    }
    return {
        point.name: Decimal(str(rng.uniform(*ranges[point.reading_unit]))).quantize(Decimal("0.000001"))
        for point in profile.points
        if point.reading_unit in ranges and point.poll == "fast"
    }


def quantised(profile: Profile, point: Point, value: Decimal) -> Fraction:
    """Return what a register of this kind can hold of a value, reckoned without the driver's own code."""
    unit = Fraction(COUNTED_IN.get(point.unit or "", 1))
    count = Fraction(point.scale) * unit
    for scaled_by in point.scaled_by:
        exponent = profile.point(scaled_by.point).example
        assert isinstance(exponent, Decimal)
        count *= Fraction(10) ** int(exponent)
    held = _nearest(point.type, Fraction(value) / count) * count
    return Fraction(round(held)) if point.reading_unit in {"mWh", "mvarh"} else held


def _nearest(type_name: str, number: Fraction) -> Fraction:
    if type_name == "float32":
        return Fraction(struct.unpack(">f", struct.pack(">f", float(number)))[0])
    if type_name == "float64":
        return Fraction(float(number))
    if type_name.startswith("iskra"):
        bits = 24 if type_name == "iskra_t5" else 23
        step = Fraction(1, 10**9)
        while round(number / step) >= 2**bits:
            step *= 10
        return round(number / step) * step
    return Fraction(round(number))


def by_meaning(readings: Sequence[Reading]) -> dict[tuple[str, str | None], Reading]:
    found: dict[tuple[str, str | None], Reading] = {(one.measurand, one.phase): one for one in readings}
    assert len(found) == len(readings)
    return found


@pytest.mark.parametrize("name", METERS)
async def test_the_driver_reads_exactly_what_the_registers_can_hold(name: str) -> None:
    profile = shipped_profile(name)
    rng = random.Random(name)
    async with emulated(profile) as (device, meter):
        for _ in range(5):
            device.truth = invented(profile, rng)
            found = by_meaning((await meter.read()).readings)
            measured = [point for point in profile.points if point.measurand is not None]
            assert len(found) == len(measured) + len(profile.derived)
            for point in measured:
                reading = found[point.measurand or "", point.phase]
                assert (reading.quality, reading.unit) == (Quality.GOOD, point.reading_unit), point.name
                wanted = quantised(profile, point, device.truth[point.name])
                assert Fraction(reading.value or 0) == wanted, point.name
            for derived in profile.derived:
                parts = [(1, part) for part in derived.plus] + [(-1, part) for part in derived.minus]
                total = sum(
                    sign * quantised(profile, profile.point(part), device.truth[part]) for sign, part in parts
                )
                assert Fraction(found[derived.measurand, derived.phase].value or 0) == total


@pytest.mark.parametrize("name", METERS)
async def test_power_that_flows_back_has_a_minus(name: str) -> None:
    profile = shipped_profile(name)
    async with emulated(profile) as (device, meter):
        device.truth = invented(profile, random.Random(1))
        if profile.derived:
            device.truth |= {"power_import": Decimal(0), "power_export": Decimal(1000)}
        else:
            device.truth["power"] = Decimal(-1000)
        power = by_meaning((await meter.read()).readings)["Power.Active.Import", None]
        assert power.value == -1000


@pytest.mark.parametrize("name", sorted(set(METERS) - CANNOT_SAY_INVALID))
async def test_a_register_without_a_value_is_invalid_and_the_others_stay_good(name: str) -> None:
    profile = shipped_profile(name)
    energy = profile.point("energy_import")
    async with emulated(profile) as (device, meter):
        device.truth = invented(profile, random.Random(2))
        device.broken = {energy.name: nothing(energy)}
        reading = await meter.read()
        assert reading.energy_import_mwh is None
        invalid = [one for one in reading.readings if one.quality is Quality.INVALID]
        assert [(one.measurand, one.phase, one.value) for one in invalid] == [
            ("Energy.Active.Import.Register", None, None)
        ]


@pytest.mark.parametrize("name", METERS)
async def test_every_sentinel_of_every_point_is_invalid(name: str) -> None:
    profile = shipped_profile(name)
    sentinels = [point for point in profile.points if point.sentinels and point.measurand]
    async with emulated(profile) as (device, meter):
        device.truth = invented(profile, random.Random(3))
        device.broken = {point.name: pattern(point, point.sentinels[0]) for point in sentinels}
        found = by_meaning((await meter.read()).readings)
        for point in profile.points:
            if point.measurand is not None:
                good = found[point.measurand, point.phase].quality is Quality.GOOD
                assert good is not bool(point.sentinels), point.name


@pytest.mark.parametrize("name", METERS)
async def test_the_emulated_bay_plays_every_meter(name: str) -> None:
    async with EmulatedBay(meter_profile=name, baud=BAUD) as bay, driven(name, bay.meter_port) as meter:
        reading = await meter.read()
        assert reading.energy_import_mwh == bay.energy_register_mwh
        assert abs(bay.energy_register_mwh - bay.energy_mwh) <= 1_000_000
        for one in reading.readings:
            if one.measurand == "Voltage":
                assert 225 < (one.value or 0) < 235
        power = reading.find("Power.Active.Import")
        assert power is not None
        assert power.value == 0


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("iskra-wm3m4", {"model": "WM3M4", "serial_number": "21800042"}),
        ("carlo-gavazzi-em340", {"identification": "EM340"}),
        ("bauer-bsm-ws36a", {"sunspec_model": "three_phase_wye_meter"}),
    ],
)
async def test_what_never_changes_is_read_once(name: str, wanted: dict[str, str]) -> None:
    async with emulated(shipped_profile(name)) as (_, meter):
        first = await meter.read_once()
        assert {name: item.value for name, item in first.items()} == wanted
        again = await meter.read_once()
        assert [item.taken_at for item in again.values()] == [item.taken_at for item in first.values()]


def nothing(point: Point) -> tuple[int, ...]:
    """Return the words by which this register says that it has no value, or what cannot be one."""
    if point.sentinels:
        return pattern(point, point.sentinels[0])
    return (0x7FF8, 0, 0, 0)[: point.count] if point.type.startswith("float") else (0xFFFF,) * point.count


def pattern(point: Point, sentinel: int) -> tuple[int, ...]:
    words = sentinel.to_bytes(2 * point.count, "big")
    in_order = [int.from_bytes(words[at : at + 2], "big") for at in range(0, len(words), 2)]
    return tuple(in_order if point.word_order == "big" else in_order[::-1])
