"""Every shipped device that is controlled, emulated and read by the driver: exactly the truth."""

from __future__ import annotations

import random
import struct
from decimal import Decimal
from fractions import Fraction

import pytest

from drivers.modbus.terms import Priority
from drivers.profiles.codec import SIZED
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from tests.hil.controlled import bench, reading, shipped

KINDS = ("charge-controller", "dc-charger", "power-supply", "isolation-monitor")
DEVICES = sorted(name for kind in KINDS for name in shipped(kind))
RANGES: dict[str | None, tuple[float, float]] = {
    "V": (1, 50),
    "A": (6, 31),
    "W": (10, 200),
    "mWh": (1e6, 1e8),
    "Percent": (1, 99),
    "Ohm": (1e3, 1e6),
    "Celsius": (1, 60),
    "s": (1, 60),
    None: (1, 9000),
}
ONE = {
    "mA": Fraction(1, 1000),
    "ms": Fraction(1, 1000),
    "kOhm": Fraction(1000),
    "kW": Fraction(1000),
    "Wh": Fraction(1000),
    "kWh": Fraction(1_000_000),
}
"""What one of the register's unit is in the reading's (A, s, Ohm, W, mWh); 1 for all others."""
TEXTS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def invented(point: Point, rng: random.Random) -> Value:
    """Return a value that the point's registers can show."""
    if point.states:
        return rng.choice(sorted(set(point.states.values())))
    if point.bits:
        return frozenset(name for name in point.bits.values() if rng.random() < 0.5)
    if point.type == "coil":
        return rng.random() < 0.5
    if point.type == "bytes":
        return rng.randbytes(2 * (point.length or 1)).hex()
    if point.type in SIZED:
        return "".join(rng.choices(TEXTS, k=2 * (point.length or 1)))
    low, high = RANGES[point.reading_unit]
    return Decimal(str(rng.uniform(low, high))).quantize(Decimal("0.000001"))


def decides(profile: Profile) -> set[str]:
    """Return the names of the points that decide which variant the device is."""
    return {condition.point for point in profile.every_point for condition in point.when}


def held(point: Point, value: Decimal) -> Fraction:
    """Return what a register of this kind can hold of a number, reckoned without the driver's own code."""
    count = Fraction(point.scale) * ONE.get(point.unit or "", Fraction(1))
    number = Fraction(value) / count
    if point.type == "float32":
        number = Fraction(struct.unpack(">f", struct.pack(">f", float(number)))[0])
    elif point.type == "float64":
        number = Fraction(float(number))
    else:
        number = Fraction(round(number))
    return Fraction(round(number * count)) if point.reading_unit == "mWh" else number * count


@pytest.mark.parametrize("name", DEVICES)
async def test_every_point_that_is_polled_is_read_exactly(name: str) -> None:
    rng = random.Random(name)
    async with bench(name) as on_bench, reading(on_bench) as device:
        profile = await device.resolve()
        assert [point.name for point in profile.points] == [
            point.name for point in on_bench.device.profile.points
        ]
        polled = [point for point in profile.points if point.readable and point.poll != "on_demand"]
        free = [point for point in polled if point.name not in decides(profile)]
        for _ in range(3):
            truth = {point.name: invented(point, rng) for point in free}
            on_bench.device.overridden = dict(truth)
            found = await device.read_blocks(profile.blocks, Priority.FAST)
            assert {item.point.name for item in found} == {point.name for point in polled}
            for item in found:
                if item.point.name in truth:
                    wanted = truth[item.point.name]
                    if isinstance(wanted, Decimal):
                        assert isinstance(item.value, Decimal)
                        assert Fraction(item.value) == held(item.point, wanted), item.point.name
                    else:
                        assert item.value == wanted, item.point.name
