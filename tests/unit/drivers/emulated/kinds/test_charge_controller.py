from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from drivers.emulated.controller import ControllerState
from drivers.emulated.kinds.charge_controller import ChargeController, make_charge_controller
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from drivers.readings import Pilot
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

PHOENIX = shipped_profile("phoenix-em-cp-pp-eth")
MAX_CURRENT, ENABLE = PHOENIX.point("max_current"), PHOENIX.point("enable")
AVAILABLE = PHOENIX.point("station_available")


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def controller(place: Place) -> ChargeController:
    made = make_charge_controller(place.surroundings(PHOENIX))
    assert isinstance(made, ChargeController)
    return made


@pytest.mark.parametrize(
    ("name", "charging", "idle"),
    [
        ("pilot", "C", "A"),
        ("cable_limit", Decimal(32), Decimal(0)),
        ("charge_time_s", Decimal(19), Decimal(0)),
        ("error_code", None, None),
        ("max_current", Decimal(16), Decimal(6)),
        ("enable", True, False),
        ("station_available", True, True),
        ("power", Decimal("8829.792"), Decimal(0)),
    ],
)
def test_what_it_shows(
    place: Place, controller: ChargeController, name: str, charging: Value | None, idle: Value | None
) -> None:
    point = PHOENIX.point(name)
    assert controller.shows(point) == idle
    place.charge()
    assert controller.shows(point) == charging


@pytest.mark.parametrize(
    ("point", "value", "after"),
    [
        (ENABLE, True, ControllerState(enabled=True)),
        (MAX_CURRENT, Decimal("13.5"), ControllerState(limit_ma=13_500)),
        (AVAILABLE, False, ControllerState(available=False)),
        (PHOENIX.point("voltage_l1"), Decimal(1), ControllerState()),
    ],
)
def test_what_a_write_changes(
    place: Place, controller: ChargeController, point: Point, value: Value, after: ControllerState
) -> None:
    controller.written(((point, value),))
    assert place.bay.state.controller == after


def test_without_power_the_contactor_opens_and_with_it_the_defaults_are_back(
    place: Place, controller: ChargeController
) -> None:
    place.charge()
    controller.power_lost()
    assert not place.bay.state.contactor_closed
    place.pass_time(4)
    controller.power_returned()
    assert place.bay.state.controller == ControllerState()
    assert place.bay.state.charging_us == 0


@pytest.mark.parametrize(("safe_a", "pilot"), [(Decimal(6), Pilot.C), (Decimal(0), Pilot.B)])
def test_its_watchdog_takes_the_limit_to_the_safe_value(
    place: Place, controller: ChargeController, safe_a: Decimal, pilot: Pilot
) -> None:
    place.charge()
    controller.fall_back(Watchdog(arm=(), feed="read", every_s=1, within_s=3, safe_a=safe_a))
    place.pass_time(10)
    assert place.bay.state.pilot is pilot
    assert place.bay.scene.measured.currents_ma[0] <= safe_a * 1000


def made(place: Place, profile: str) -> ChargeController:
    found = make_charge_controller(place.surroundings(profile))
    assert isinstance(found, ChargeController)
    return found


def test_one_without_a_switch_is_on_while_it_has_a_limit(place: Place) -> None:
    bender = shipped_profile("bender-cc612")
    limit = bender.point("max_current")
    controller = made(place, "bender-cc612")
    assert controller.shows(limit) == 0
    place.bay.plug_in()
    controller.written(((limit, Decimal(16)),))
    place.pass_time(20)
    assert (controller.shows(limit), controller.shows(bender.point("relay"))) == (16, "three_phases")
    controller.written(((limit, Decimal(0)),))
    assert (controller.shows(limit), controller.shows(bender.point("relay"))) == (0, "open")


def test_states_switch_as_well_as_bits(place: Place) -> None:
    enable = shipped_profile("phoenix-charx-sec").point("enable")
    controller = made(place, "phoenix-charx-sec")
    for state in ("on", "off"):
        controller.written(((enable, state),))
        assert controller.shows(enable) == state
        assert place.bay.state.controller.enabled is (state == "on")


def test_one_phase_carries_all_the_current(place: Place) -> None:
    phases = shipped_profile("mennekes-amtron-compact").point("phases")
    controller = made(place, "mennekes-amtron-compact")
    place.charge()
    controller.written(((phases, "1"),))
    assert controller.shows(phases) == "1"
    assert [current_ma > 0 for current_ma in place.bay.scene.measured.currents_ma] == [True, False, False]


def test_the_bolt_holds_and_lets_go(place: Place) -> None:
    abb = shipped_profile("abb-terra-ac")
    controller = made(place, "abb-terra-ac")
    for state in ("locked", "unlocked"):
        controller.written(((abb.point("lock"), state),))
        assert controller.shows(abb.point("lock_state")) == state


def test_without_its_resistor_nobody_knows_the_cable(place: Place, controller: ChargeController) -> None:
    place.charge()
    place.bay.break_down("proximity-open", broken=True)
    assert controller.shows(PHOENIX.point("cable_limit")) == 0


def test_a_state_that_the_controller_has_no_name_for_is_none(
    place: Place, controller: ChargeController
) -> None:
    place.bay.break_down("pilot-short", broken=True)
    pilot = PHOENIX.point("pilot")
    assert controller.shows(pilot) == "E"
    assert controller.shows(replace(pilot, states={"A": "A"})) is None


def test_a_bolt_that_is_stuck_stays_where_it_is(place: Place, controller: ChargeController) -> None:
    lock = replace(ENABLE, role="lock")
    controller.written(((lock, True),))
    place.bay.break_down("lock-stuck", broken=True)
    controller.written(((lock, False),))
    assert controller.is_locked
    place.bay.break_down("lock-stuck", broken=False)
    controller.written(((lock, False),))
    assert not controller.is_locked
