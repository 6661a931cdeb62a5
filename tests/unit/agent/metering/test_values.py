from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.metering.problems import Problem
from agent.metering.values import Key, flowing_w, largest_current_a, marked, suspects
from drivers.readings import Quality
from tests.unit.agent.hardware import reading
from tests.unit.agent.metering.readings import LIMITS, charging, poll

TOTAL: Key = ("Power.Active.Import", None)
FIRST: Key = ("Power.Active.Import", "L1")


@pytest.mark.parametrize(
    ("key", "possible", "impossible"),
    [
        (("Voltage", "L1-N"), "0", "-1"),
        (("Voltage", "L1-N"), "305", "400"),
        (("Voltage", "L1-L2"), "440", "700"),
        (("Voltage", None), "920", "1501"),
        (("Current.Import", "L2"), "-25", "-31"),
        (("Current.Import", "L2"), "30", "31"),
        (("Current.Import", "N"), "20", "65535"),
        (("Power.Active.Import", None), "30000", "31000"),
        (("Power.Reactive.Import", "L1"), "-4000", "-31000"),
        (("Power.Factor", None), "-1", "1.1"),
        (("Frequency", None), "50.1", "501"),
        (("Frequency", None), "0", "39"),
        (("SoC", None), "100", "101"),
        (("Energy.Active.Export.Register", None), "0", "-1"),
    ],
)
def test_what_fuse_and_mains_allow(key: Key, possible: str, impossible: str) -> None:
    assert suspects(poll({key: possible}), LIMITS) == {}
    assert suspects(poll({key: impossible}), LIMITS) == {key: Problem.OUT_OF_RANGE}


def test_no_value_is_no_suspect() -> None:
    assert suspects(poll({("Voltage", "L1-N"): None}), LIMITS) == {}


def phase(power_w: str, factor: str | None = None, amperes: str = "16") -> dict[Key, int | str | None]:
    values: dict[Key, int | str | None] = {
        ("Voltage", "L1-N"): "230",
        ("Current.Import", "L1"): amperes,
        FIRST: power_w,
    }
    return values if factor is None else {**values, ("Power.Factor", "L1"): factor}


@pytest.mark.parametrize(
    ("values", "matches"),
    [
        (phase("3680"), True),
        (phase("3100"), True),
        (phase("368"), False),
        (phase("6000"), False),
        (phase("3680", "0.99"), True),
        (phase("1840", "0.99"), False),
        (phase("1840", "0.5"), True),
        (phase("-3600", "-0.99"), True),
        (phase("400", amperes="0"), True),
        (phase("900", amperes="0"), False),
    ],
)
def test_power_is_held_against_voltage_and_current(
    values: dict[Key, int | str | None], matches: bool
) -> None:
    found = suspects(poll(values), LIMITS).get(FIRST)
    assert found is not Problem.POWER_MISMATCH if matches else found is Problem.POWER_MISMATCH


def test_the_total_is_held_against_all_phases() -> None:
    assert suspects(charging(0, 0), LIMITS) == {}
    values: dict[Key, int | str | None] = {**phase("3680"), TOTAL: "3000", ("Current.Import", "L2"): "16"}
    assert suspects(poll(values), LIMITS) == {}, "the second phase's voltage is not known"
    values["Voltage", "L2-N"] = "230"
    assert suspects(poll(values), LIMITS) == {TOTAL: Problem.POWER_MISMATCH}


def test_what_is_out_of_range_contradicts_nothing_else() -> None:
    values: dict[Key, int | str | None] = {**phase("3680"), ("Current.Import", "L1"): "4000"}
    assert suspects(poll(values), LIMITS) == {("Current.Import", "L1"): Problem.OUT_OF_RANGE}


def test_power_that_flows_backwards() -> None:
    """A current transformer the wrong way round; noise around zero is none."""
    assert suspects(poll({TOTAL: "-99"}), LIMITS) == {}
    assert suspects(poll({TOTAL: "-101"}), LIMITS) == {TOTAL: Problem.BACKWARDS}


def test_the_power_that_flows_is_the_meters_or_what_current_shows_at_least() -> None:
    assert flowing_w(charging(0, 0), {}) == 11_040
    assert flowing_w(charging(0, 0), {TOTAL: Problem.POWER_MISMATCH}) == Decimal(11_040) * Decimal("0.7")
    assert flowing_w(poll({("Frequency", None): "50"}), {}) is None
    assert flowing_w(charging(0, 0), {TOTAL: Problem.FROZEN}) == 11_040


def test_the_largest_current() -> None:
    assert largest_current_a(poll({("Current.Import", "L1"): "2", ("Current.Import", "L2"): "-7"})) == 7
    assert largest_current_a(poll({("Current.Import", "L1"): None})) == 0


def test_a_suspect_value_stays_to_be_looked_at_but_is_not_good() -> None:
    suspect = marked(reading("Voltage", Decimal(900), "V"), Problem.OUT_OF_RANGE)
    assert (suspect.value, suspect.quality) == (Decimal(900), Quality.SUSPECT)
    invalid = reading("Voltage", None, "V")
    assert marked(invalid, Problem.FROZEN) is invalid
    good = reading("Voltage", Decimal(230), "V")
    assert marked(good, None) is good


@given(
    amperes=st.decimals(min_value=0, max_value=30, places=3),
    volts=st.decimals(min_value=200, max_value=260, places=1),
    factor=st.decimals(min_value=Decimal("0.3"), max_value=1, places=3),
    change_a=st.decimals(min_value=-2, max_value=2, places=2),
)
def test_a_healthy_phase_is_never_suspected(
    amperes: Decimal, volts: Decimal, factor: Decimal, change_a: Decimal
) -> None:
    """Also not while the vehicle changes its current between two registers."""
    power_w = max(Decimal(0), amperes + change_a) * volts * factor
    values: dict[Key, int | str | None] = {
        ("Voltage", "L1-N"): str(volts),
        ("Current.Import", "L1"): str(amperes),
        FIRST: str(power_w),
        ("Power.Factor", "L1"): str(factor),
    }
    assert suspects(poll(values), LIMITS) == {}
