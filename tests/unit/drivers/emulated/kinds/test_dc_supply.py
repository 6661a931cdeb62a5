from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.emulated.kinds.dc_supply import DcSupply, make_dc_supply
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

RIDEN = shipped_profile("riden-rd60xx").variant({"model_id": Decimal(60062)})


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def supply(place: Place) -> DcSupply:
    made = make_dc_supply(place.surroundings(RIDEN))
    assert isinstance(made, DcSupply)
    return made


def command(supply: DcSupply, volts: int, amperes: int, output: str) -> None:
    values = (("set_voltage", Decimal(volts)), ("set_current", Decimal(amperes)), ("output", output))
    supply.written([(RIDEN.point(name), value) for name, value in values])


def shown(supply: DcSupply, *names: str) -> list[object]:
    return [supply.shows(RIDEN.point(name)) for name in names]


def test_it_delivers_nothing_until_it_is_switched_on(supply: DcSupply) -> None:
    command(supply, 50, 3, "off")
    assert shown(supply, "voltage", "current", "power", "output") == [0, 0, 0, "off"]
    command(supply, 50, 3, "on")
    assert shown(supply, "voltage", "current", "power", "output") == [50, 0, 0, "on"]
    assert shown(supply, "set_voltage", "set_current", "regulation", "protection") == [50, 3, "voltage", "ok"]


def test_a_vehicle_draws_at_most_the_set_current(supply: DcSupply, place: Place) -> None:
    place.bay.plug_in()
    command(supply, 60, 2, "on")
    voltage, current, power, regulation = shown(supply, "voltage", "current", "power", "regulation")
    assert (current, regulation) == (2, "current")
    assert isinstance(voltage, Decimal)
    assert 36 < voltage < 60
    assert power == 2 * voltage


def test_without_power_it_is_off(supply: DcSupply) -> None:
    command(supply, 50, 3, "on")
    supply.power_lost()
    assert shown(supply, "voltage", "output") == [0, "off"]


def test_other_devices_are_none(place: Place) -> None:
    assert make_dc_supply(place.surroundings("eastron-sdm630")) is None
