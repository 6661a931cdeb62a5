from __future__ import annotations

from decimal import Decimal

from drivers.emulated.dc_load import Battery, Output, output

BATTERY = Battery.for_supply(Decimal(1000), Decimal(100), Decimal("0.5"))


def test_open_terminals_have_the_set_voltage_and_no_current() -> None:
    at = output(Decimal(400), Decimal(10), None)
    assert at == Output(voltage_v=Decimal(400), current_a=Decimal(0), limits="voltage")


def test_a_battery_of_higher_voltage_takes_nothing() -> None:
    assert BATTERY.open_v == 750
    assert output(Decimal(749), Decimal(10), BATTERY).current_a == 0


def test_the_current_is_what_the_difference_drives_through_the_resistance() -> None:
    at = output(Decimal(755), Decimal(100), BATTERY)
    assert at == Output(voltage_v=Decimal(755), current_a=Decimal(10), limits="voltage")


def test_the_set_current_is_never_exceeded() -> None:
    at = output(Decimal(1000), Decimal(20), BATTERY)
    assert at == Output(voltage_v=Decimal(760), current_a=Decimal(20), limits="current")


def test_a_fuller_battery_has_a_higher_voltage() -> None:
    empty, full = (Battery.for_supply(Decimal(60), Decimal(6), Decimal(charged)) for charged in (0, 1))
    assert empty.open_v < full.open_v
