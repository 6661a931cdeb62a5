from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.emulated.controller import ControllerState
from drivers.emulated.ev import MW_US_PER_MWH, EvSpec, EvState, Seen
from drivers.emulated.physics import BayState, Measured
from drivers.emulated.quantities import Scene, change, value_of
from drivers.profiles.load import load_profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

METER = load_profile("eastron-sdm630")
CONTROLLER = load_profile("phoenix-em-cp-pp-eth")
MAX_CURRENT, ENABLE = CONTROLLER.point("max_current"), CONTROLLER.point("enable")

SCENE = Scene(
    state=BayState(
        ev=EvState(plugged=True, acts_on=Seen(2_666, asks=True)),
        controller=ControllerState(enabled=True, limit_ma=16_000),
        charging_us=61_999_999,
        passed_mw_us=(1 * MW_US_PER_MWH, 2 * MW_US_PER_MWH, 4 * MW_US_PER_MWH - 1),
    ),
    measured=Measured(
        voltages_mv=(230_100, 229_900, 231_000),
        currents_ma=(15_996, 15_900, 0),
        powers_mw=(3_600_000, 3_500_000, 0),
        frequency_mhz=50_012,
    ),
    ev=EvSpec(power_factor=0.8, cable_limit_a=20),
    meter_start_mwh=3_000_000,
)
IDLE = replace(SCENE, state=BayState(ev=EvState()), measured=replace(SCENE.measured, powers_mw=(0, 0, 0)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("voltage_l2", Decimal("229.9")),
        ("current_l1", Decimal("15.996")),
        ("current_l3", Decimal(0)),
        ("power_l2", Decimal(3500)),
        ("power", Decimal(7100)),
        ("reactive_power_l1", Decimal(2700)),
        ("reactive_power", Decimal(5325)),
        ("power_factor", Decimal("0.8")),
        ("power_factor_l3", Decimal(1)),
        ("frequency", Decimal("50.012")),
        ("energy_import", Decimal(3_000_006)),
        ("energy_import_l1", Decimal(1_000_001)),
        ("energy_import_l3", Decimal(1_000_003)),
        ("energy_export", None),
    ],
)
def test_what_the_meter_shows(name: str, value: Value | None) -> None:
    assert value_of(METER.point(name), SCENE) == value


@pytest.mark.parametrize(
    ("name", "charging", "idle"),
    [
        ("pilot", "C", "A"),
        ("cable_limit", Decimal(20), Decimal(0)),
        ("charge_time_s", Decimal(61), Decimal(0)),
        ("error_code", None, None),
        ("max_current", Decimal(16), Decimal(6)),
        ("enable", True, False),
        ("station_available", True, True),
        ("power", Decimal(7100), Decimal(0)),
        ("energy_import", Decimal(3_000_006), Decimal(3_000_000)),
    ],
)
def test_what_the_controller_shows(name: str, charging: Value | None, idle: Value | None) -> None:
    assert value_of(CONTROLLER.point(name), SCENE) == charging
    assert value_of(CONTROLLER.point(name), IDLE) == idle


def test_a_voltage_without_a_phase_is_the_mean_of_all() -> None:
    mean = replace(METER.point("voltage_l1"), phase=None)
    assert value_of(mean, SCENE) == Decimal("230.333")


def test_what_the_emulated_hardware_does_not_measure_is_nothing() -> None:
    between = replace(METER.point("voltage_l1"), phase="L1-L2")
    assert value_of(between, SCENE) is None


@pytest.mark.parametrize(
    ("point", "value", "after"),
    [
        (ENABLE, True, ControllerState(enabled=True)),
        (MAX_CURRENT, Decimal("13.5"), ControllerState(limit_ma=13_500)),
        (CONTROLLER.point("station_available"), False, ControllerState(available=False)),
        (METER.point("voltage_l1"), Decimal(1), ControllerState()),
    ],
)
def test_what_a_write_changes(point: Point, value: Value, after: ControllerState) -> None:
    assert change(ControllerState(), point, value) == after
