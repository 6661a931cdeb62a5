from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.emulated.counter import FLOAT_ENDS_MWH, Counter, end_of
from tests.profiles import shipped_profile

ENERGY = replace(shipped_profile("eastron-sdm630").point("energy_import"), unit="Wh")


def test_it_counts_on_from_where_it_stood() -> None:
    counter = Counter(start_mwh=5)
    assert [counter.shows_mwh(passed) for passed in (0, 7)] == [5, 12]
    counter.set(100, 7)
    assert [counter.shows_mwh(passed) for passed in (7, 8)] == [100, 101]


def test_it_goes_on_at_zero_where_it_ends() -> None:
    counter = Counter(start_mwh=95, ends_mwh=100)
    assert [counter.shows_mwh(passed) for passed in (0, 4, 5, 6)] == [95, 99, 0, 1]


@pytest.mark.parametrize(
    ("type_name", "scale", "factor", "ends_mwh"),
    [
        ("float32", "1", "1", FLOAT_ENDS_MWH),
        ("bcd32", "1", "1", FLOAT_ENDS_MWH),
        ("uint32", "1", "1", 1000 << 32),
        ("int32", "1", "1", 1000 << 31),
        ("uint32", "0.1", "10", 1000 << 32),
        ("uint48", "1", "1", 1000 << 48),
        ("uint64", "1", "1", None),
    ],
)
def test_where_registers_end(type_name: str, scale: str, factor: str, ends_mwh: int | None) -> None:
    point = replace(ENERGY, type=type_name, scale=Decimal(scale))
    assert end_of(point, Decimal(factor)) == ends_mwh
