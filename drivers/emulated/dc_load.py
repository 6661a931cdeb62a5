"""A battery behind a DC supply: how much current it takes at which voltage. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

EMPTY = Decimal("0.60")
"""Open-circuit voltage of an empty battery, as a part of what its supply can deliver."""
SPAN = Decimal("0.30")
"""How much that rises until it is full."""
DROP_AT_MOST = Decimal("0.05")
"""Voltage that drops inside at the supply's highest current, as a part of what it can deliver."""

NEARLY_EMPTY = Decimal("0.90")
"""Open-circuit voltage of a vehicle's empty battery, as a part of its nominal one."""
STRONG_A = Decimal(300)
"""The current at which `DROP_AT_MOST` drops inside a vehicle's battery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """A battery that fits a supply."""

    open_v: Decimal
    resistance_ohm: Decimal

    @classmethod
    def for_supply(cls, most_v: Decimal, most_a: Decimal, charged: Decimal) -> Battery:
        """Return one that is charged to this fraction."""
        return cls(open_v=most_v * (EMPTY + SPAN * charged), resistance_ohm=most_v * DROP_AT_MOST / most_a)

    @classmethod
    def of_vehicle(cls, nominal_v: Decimal, charged: Decimal) -> Battery:
        """Return a vehicle's, charged to this fraction."""
        open_v = nominal_v * (NEARLY_EMPTY + (1 - NEARLY_EMPTY) * charged)
        return cls(open_v=open_v, resistance_ohm=nominal_v * DROP_AT_MOST / STRONG_A)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is at a supply's terminals."""

    voltage_v: Decimal
    current_a: Decimal
    limits: Literal["voltage", "current"]
    """Which of the set values holds it back."""


def output(set_v: Decimal, set_a: Decimal, battery: Battery | None) -> Output:
    """Return what a supply that is on delivers; without a battery its terminals are open."""
    if battery is None or set_v <= battery.open_v:
        return Output(voltage_v=set_v, current_a=Decimal(0), limits="voltage")
    wanted_a = (set_v - battery.open_v) / battery.resistance_ohm
    if wanted_a <= set_a:
        return Output(voltage_v=set_v, current_a=wanted_a, limits="voltage")
    voltage_v = battery.open_v + set_a * battery.resistance_ohm
    return Output(voltage_v=voltage_v, current_a=set_a, limits="current")
