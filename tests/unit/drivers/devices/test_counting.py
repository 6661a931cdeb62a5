from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.devices.counting import step_mwh, wraps_at_mwh
from drivers.profiles.point import Point
from tests.profiles import shipped_profile

ONE = Decimal(1)
KWH = 1_000_000


def register(type_name: str, unit: str = "kWh", scale: str = "1") -> Point:
    return Point(
        name="energy",
        space="input",
        address=0,
        type=type_name,
        unit=unit,
        scale=Decimal(scale),
        measurand="Energy.Active.Import.Register",
    )


@pytest.mark.parametrize(
    ("point", "factor", "step", "wraps"),
    [
        (register("uint32", scale="0.01"), 1, 10_000, 2**32 * 10_000),
        (register("int32", scale="0.1"), 1, 100_000, 2**31 * 100_000),
        (register("uint32", "Wh"), 10, 10_000, 2**32 * 10_000),
        (register("bcd32", scale="0.1"), 1, 100_000, 10**8 * 100_000),
        (register("uint64", "Wh", "0.0001"), 1, 1, 2**64 // 10),
    ],
)
def test_a_register_of_whole_counts(point: Point, factor: int, step: int, wraps: int) -> None:
    assert step_mwh(point, Decimal(5 * KWH), Decimal(factor)) == step
    assert wraps_at_mwh(point, Decimal(factor)) == wraps


def test_a_float_grows_coarser_as_it_counts() -> None:
    """At 100 MWh in kWh: 2**17 / 2**24."""
    point = register("float32")
    assert step_mwh(point, Decimal(1 * KWH), ONE) == 1
    assert step_mwh(point, Decimal(100_000 * KWH), ONE) == 7_813
    assert step_mwh(register("float64"), Decimal(100_000 * KWH), ONE) == 1
    assert wraps_at_mwh(point, ONE) is None


@pytest.mark.parametrize("kwh", [1, 77, 4_095, 65_537, 99_999, 123_456])
def test_the_next_float_is_one_step_away(kwh: int) -> None:
    point = register("float32")
    words = point.encode(Decimal(kwh * KWH))
    following = point.decode((words[0], words[1] + 1))
    assert isinstance(following, Decimal)
    step = step_mwh(point, Decimal(kwh * KWH), ONE)
    assert step is not None
    assert 0 <= step - (following - kwh * KWH) < 2


def test_a_format_whose_step_is_not_known() -> None:
    exotic = register("iskra_t5")
    assert (step_mwh(exotic, Decimal(KWH), ONE), wraps_at_mwh(exotic, ONE)) == (None, None)


def test_every_shipped_meter_has_a_register_that_can_be_judged() -> None:
    point = shipped_profile("eastron-sdm630").find("Energy.Active.Import.Register")
    assert point is not None
    assert step_mwh(point, Decimal(12_345 * KWH), ONE) == 977
