from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.emulated.kinds.dc_charger import MOST_W, VEHICLE_W, DcCharger, make_dc_charger
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

DELTA = shipped_profile("delta-dc-wallbox")
HYC = shipped_profile("alpitronic-hyc")


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def delta(place: Place) -> DcCharger:
    made = make_dc_charger(place.surroundings(DELTA))
    assert isinstance(made, DcCharger)
    return made


def write(charger: DcCharger, name: str, value: Value) -> None:
    charger.written([(DELTA.point(name), value)])


def test_a_vehicle_takes_what_it_can_until_it_is_limited(place: Place, delta: DcCharger) -> None:
    assert (delta.state, delta.power_w, delta.limit_w) == ("free", 0, MOST_W)
    place.bay.plug_in()
    assert (delta.state, delta.power_w) == ("charging", VEHICLE_W)
    write(delta, "set_power", Decimal(11_000))
    assert delta.shows(DELTA.point("power")) == 11_000
    current, voltage = (delta.shows(DELTA.point(name)) for name in ("current", "voltage"))
    assert isinstance(current, Decimal)
    assert isinstance(voltage, Decimal)
    assert round(current * voltage, 6) == 11_000


def test_a_suspended_vehicle_waits(place: Place, delta: DcCharger) -> None:
    place.bay.plug_in()
    write(delta, "suspend", "off")
    assert (delta.state, delta.power_w) == ("occupied", 0)
    write(delta, "suspend", "on")
    assert delta.state == "charging"


def test_energy_is_counted_exactly_and_each_session_alone(place: Place, delta: DcCharger) -> None:
    place.bay.plug_in()
    write(delta, "set_power", Decimal(36_000))
    began_mwh = delta.energy_mwh
    place.pass_time(100)
    delta.tick()
    assert delta.energy_mwh - began_mwh == 1_000_000
    assert delta.shows(DELTA.point("energy_session")) == 1_000_000
    place.bay.unplug()
    delta.tick()
    place.pass_time(10)
    delta.tick()
    place.bay.plug_in()
    delta.tick()
    assert delta.shows(DELTA.point("energy_session")) == 0
    assert delta.energy_mwh - began_mwh == 1_000_000


def test_its_watchdog_takes_it_to_the_safe_power(place: Place, delta: DcCharger) -> None:
    place.bay.plug_in()
    delta.fall_back(Watchdog(arm=(), feed="read", every_s=1, within_s=3, safe_w=Decimal(0)))
    assert delta.power_w == 0


def test_a_connector_without_a_switch_is_unavailable_at_0(place: Place) -> None:
    charger = make_dc_charger(place.surroundings(HYC))
    assert isinstance(charger, DcCharger)
    charger.written([(HYC.point("set_power"), Decimal(0))])
    assert charger.shows(HYC.point("state")) == "unavailable"
