from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.emulated.counter import FLOAT_ENDS_MWH
from drivers.emulated.kinds.meter import Meter, make_meter
from drivers.profiles.values import Value
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

SDM = shipped_profile("eastron-sdm630")


@pytest.fixture
def place() -> Place:
    return Place()


def meter(place: Place, profile: str = "eastron-sdm630", start_mwh: int = 3_000_000) -> Meter:
    made = make_meter(place.surroundings(profile, start_mwh))
    assert isinstance(made, Meter)
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("voltage_l2", Decimal(230)),
        ("current_l1", Decimal("15.996")),
        ("power_l2", Decimal("2943.264")),
        ("power", Decimal("8829.792")),
        ("reactive_power_l1", Decimal("2207.448")),
        ("power_factor", Decimal("0.8")),
        ("frequency", Decimal(50)),
        ("energy_export", None),
    ],
)
def test_what_a_loaded_meter_shows(place: Place, name: str, value: Value | None) -> None:
    shown = meter(place)
    place.charge()
    assert shown.shows(SDM.point(name)) == value


def test_without_load_the_power_factor_is_1_and_the_counter_stands(place: Place) -> None:
    shown = meter(place)
    place.pass_time(3600)
    assert shown.shows(SDM.point("power_factor_l3")) == 1
    assert shown.shows(SDM.point("energy_import")) == 3_000_000
    assert shown.shows(SDM.point("energy_import_l1")) == 1_000_000


def test_the_counter_and_its_phases_count_what_passes(place: Place) -> None:
    shown = meter(place)
    place.charge()
    before = shown.shows(SDM.point("energy_import"))
    place.pass_time(3600)
    after = shown.shows(SDM.point("energy_import"))
    assert isinstance(before, Decimal)
    assert isinstance(after, Decimal)
    assert after - before == 8_829_792
    phases = [shown.shows(SDM.point(f"energy_import_l{phase}")) for phase in (1, 2, 3)]
    assert len(set(phases)) == 1
    assert isinstance(phases[0], Decimal)
    assert 0 <= after - 3 * phases[0] < 3


def test_a_voltage_without_a_phase_is_the_mean_and_between_phases_there_is_none(place: Place) -> None:
    shown, voltage = meter(place), SDM.point("voltage_l1")
    assert shown.shows(replace(voltage, phase=None)) == 230
    assert shown.shows(replace(voltage, phase="L1-L2")) is None


def test_the_state_of_charge_is_known_while_the_vehicle_is_there(place: Place) -> None:
    shown = meter(place)
    soc = replace(SDM.point("frequency"), measurand="SoC")
    assert shown.shows(soc) is None
    place.bay.plug_in()
    assert shown.shows(soc) == Decimal("33.3333")


@pytest.mark.parametrize(
    ("profile", "ends_mwh"),
    [
        ("eastron-sdm630", FLOAT_ENDS_MWH),
        ("phoenix-em-cp-pp-eth", (1 << 32) * 10_000),
        ("schneider-iem3155", None),
        ("chint-dtsu666", FLOAT_ENDS_MWH),
    ],
)
def test_where_the_register_overflows(place: Place, profile: str, ends_mwh: int | None) -> None:
    counter = Meter(place.surroundings(profile)).counter
    assert counter is not None
    assert counter.ends_mwh == ends_mwh


def test_a_controller_is_no_meter(place: Place) -> None:
    assert make_meter(place.surroundings("phoenix-em-cp-pp-eth")) is None
