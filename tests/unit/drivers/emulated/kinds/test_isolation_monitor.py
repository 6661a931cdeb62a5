from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.emulated.kinds.dc_supply import make_dc_supply
from drivers.emulated.kinds.isolation_monitor import (
    EARTH_FAULT_OHM,
    FULL_TEST_S,
    QUICK_TEST_S,
    SOUND_OHM,
    IsolationMonitor,
    make_isolation_monitor,
)
from drivers.profiles.values import Value
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

ISOCHA = shipped_profile("bender-isocha425hv").variant({"firmware": Decimal(501)})
RIDEN = shipped_profile("riden-rd60xx").variant({"model_id": Decimal(60062)})


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def monitor(place: Place) -> IsolationMonitor:
    made = make_isolation_monitor(place.surroundings(ISOCHA))
    assert isinstance(made, IsolationMonitor)
    return made


def write(monitor: IsolationMonitor, name: str, value: Value) -> None:
    monitor.written([(ISOCHA.point(name), value)])


@pytest.mark.parametrize(
    ("resistance", "alarm"),
    [(600_000, "none"), (599_999, "warning"), (120_000, "warning"), (119_999, "alarm")],
)
def test_it_compares_with_its_thresholds(monitor: IsolationMonitor, resistance: int, alarm: str) -> None:
    write(monitor, "warning_resistance", Decimal(600_000))
    write(monitor, "alarm_resistance", Decimal(120_000))
    monitor.sound_ohm = Decimal(resistance)
    assert monitor.shows(ISOCHA.point("alarm")) == alarm
    assert monitor.shows(ISOCHA.point("resistance")) == resistance


@pytest.mark.parametrize(("mode", "lasts_s"), [("fast", QUICK_TEST_S), ("off", FULL_TEST_S)])
@pytest.mark.parametrize("is_faulty", [False, True])
def test_a_test_takes_its_time_and_finds_what_there_is(
    place: Place, monitor: IsolationMonitor, mode: str, lasts_s: float, is_faulty: bool
) -> None:
    place.bay.break_down("monitor-broken", broken=is_faulty)
    write(monitor, "cable_check", mode)
    write(monitor, "self_test", "run")
    place.pass_time(lasts_s - 0.01)
    monitor.tick()
    assert monitor.shows(ISOCHA.point("test")) == "external"
    place.pass_time(0.02)
    monitor.tick()
    assert monitor.shows(ISOCHA.point("test")) == "none"
    assert monitor.shows(ISOCHA.point("alarm")) == ("device_fault" if is_faulty else "none")
    assert monitor.shows(ISOCHA.point("validity")) == ("invalid" if is_faulty else "exact")


def test_it_measures_nothing_while_it_is_switched_off(monitor: IsolationMonitor) -> None:
    write(monitor, "device_on", "off")
    assert monitor.shows(ISOCHA.point("validity")) == "invalid"


def test_it_shows_the_voltage_of_the_bays_supplies(place: Place) -> None:
    supply = make_dc_supply(place.surroundings(RIDEN))
    assert supply is not None
    supply.written([(RIDEN.point("set_voltage"), Decimal(48)), (RIDEN.point("output"), "on")])
    monitor = make_isolation_monitor(replace(place.surroundings(ISOCHA), peers=lambda: (supply,)))
    assert monitor is not None
    assert monitor.shows(ISOCHA.point("voltage")) == 48


def test_after_a_power_cut_it_has_no_thresholds(monitor: IsolationMonitor) -> None:
    write(monitor, "alarm_resistance", Decimal(120_000))
    monitor.sound_ohm = Decimal(1)
    monitor.power_returned()
    assert monitor.shows(ISOCHA.point("alarm")) == "none"


def test_an_earth_fault_is_there_until_it_is_mended(place: Place, monitor: IsolationMonitor) -> None:
    for broken, ohm in ((True, EARTH_FAULT_OHM), (False, SOUND_OHM)):
        place.bay.break_down("earth-fault", broken=broken)
        assert monitor.shows(ISOCHA.point("resistance")) == ohm
