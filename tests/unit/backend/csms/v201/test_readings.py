from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.csms.v201.readings import Readings, readings_of
from ocppj.messages import v201
from tests.unit.backend.seed import NOW


def sample(
    value: float, unit: str | None = None, multiplier: int | None = None, **more: Any
) -> v201.SampledValueType:
    stated = v201.UnitOfMeasureType(unit=unit, multiplier=multiplier) if unit or multiplier else None
    return v201.SampledValueType(value=value, unit_of_measure=stated, **more)


def read(*samples: v201.SampledValueType, minute: int = 0) -> v201.MeterValueType:
    return v201.MeterValueType(timestamp=NOW + timedelta(minutes=minute), sampled_value=samples)


POWER: dict[str, Any] = {"measurand": "Power.Active.Import"}


@pytest.mark.parametrize(
    ("given_", "energy_wh"),
    [
        (sample(1234.4), 1234),
        (sample(12.3456, "kWh"), 12_346),
        (sample(1.5, "Wh", 3), 1500),
        (sample(0.001234, "kWh", 3), 1234),
        (sample(5, "kvarh"), None),
        (sample(5, phase="L1"), None),
        (sample(5, location="Inlet"), None),
        (sample(5, location="Outlet"), 5),
        (sample(5, measurand="Energy.Active.Import.Interval"), None),
        (sample(1e300), None),
        (sample(1, "Wh", 2**40), None),
        (sample(1e15, "kWh"), None),
        (sample(-5), -5),
    ],
)
def test_energy_is_the_import_register_at_the_outlet_in_wh(
    given_: v201.SampledValueType, energy_wh: int | None
) -> None:
    assert readings_of((read(given_),)).energy_wh == energy_wh


def test_power_is_the_total_in_w() -> None:
    values = (read(sample(3.5, "kW", phase="L2", **POWER), sample(7.412, "kW", **POWER)),)
    assert readings_of(values).power_w == 7412


def test_the_earliest_and_the_latest_register_count_whatever_their_order() -> None:
    values = (read(sample(300), minute=5), read(sample(100)), read(sample(900, **POWER), minute=9))
    assert readings_of(values) == Readings(energy_first_wh=100, energy_wh=300, power_w=900)


def test_no_values_no_readings() -> None:
    assert readings_of(None) == Readings()


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([None, "Wh", "kWh"]),
    st.none() | st.integers(),
)
def test_nothing_that_a_charger_sends_breaks_it(
    value: float, unit: str | None, multiplier: int | None
) -> None:
    energy_wh = readings_of((read(sample(value, unit, multiplier)),)).energy_wh
    assert energy_wh is None or abs(energy_wh) <= 10**15
