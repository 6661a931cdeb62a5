"""Units a profile file may use for a register, and the unit its readings come out in."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from drivers.readings import Measurand, Unit

READING_UNIT: Final[dict[str, tuple[Unit, Decimal]]] = {
    "A": ("A", Decimal(1)),
    "mA": ("A", Decimal("0.001")),
    "V": ("V", Decimal(1)),
    "W": ("W", Decimal(1)),
    "kW": ("W", Decimal(1000)),
    "var": ("var", Decimal(1)),
    "kvar": ("var", Decimal(1000)),
    "Hz": ("Hz", Decimal(1)),
    "Wh": ("mWh", Decimal(1000)),
    "kWh": ("mWh", Decimal(1_000_000)),
    "varh": ("mvarh", Decimal(1000)),
    "kvarh": ("mvarh", Decimal(1_000_000)),
    "Percent": ("Percent", Decimal(1)),
    "ratio": ("ratio", Decimal(1)),
    "Ohm": ("Ohm", Decimal(1)),
    "kOhm": ("Ohm", Decimal(1000)),
    "Celsius": ("Celsius", Decimal(1)),
    "s": ("s", Decimal(1)),
    "ms": ("s", Decimal("0.001")),
}
"""A register's unit -> the reading's unit and how many of those one of the register's is."""

COUNTED_IN_WHOLES: Final[frozenset[Unit]] = frozenset({"mWh", "mvarh"})
"""Units whose readings are whole numbers: energy is never a fraction of a mWh."""

MEASURED_IN: Final[dict[Measurand, Unit]] = {
    "Current.Import": "A",
    "Current.Export": "A",
    "Current.Offered": "A",
    "Energy.Active.Export.Register": "mWh",
    "Energy.Active.Import.Register": "mWh",
    "Energy.Reactive.Export.Register": "mvarh",
    "Energy.Reactive.Import.Register": "mvarh",
    "Frequency": "Hz",
    "Power.Active.Export": "W",
    "Power.Active.Import": "W",
    "Power.Factor": "ratio",
    "Power.Offered": "W",
    "Power.Reactive.Export": "var",
    "Power.Reactive.Import": "var",
    "SoC": "Percent",
    "Voltage": "V",
}


def units_of(measurand: Measurand) -> tuple[str, ...]:
    """Return the register units that fit a measurand."""
    return tuple(unit for unit, (reading, _) in READING_UNIT.items() if reading == MEASURED_IN[measurand])
