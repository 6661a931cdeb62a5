"""What a charger's meter values say about energy and power."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ocppj.messages import v201

ENERGY = "Energy.Active.Import.Register"
POWER = "Power.Active.Import"
TOTALS = frozenset({ENERGY, POWER})
AT_OUTLET = frozenset({None, "Outlet"})
MAX_WH = 10**15
MAX_W = 10**9
KILO = {"kWh": "Wh", "kW": "W"}


class Readings(NamedTuple):
    """The import register (Wh) at the earliest and at the latest time, and the latest power (W)."""

    energy_first_wh: int | None = None
    energy_wh: int | None = None
    power_w: int | None = None


NONE = Readings()


def readings_of(meter_values: Sequence[v201.MeterValueType] | None) -> Readings:
    """Read the totals at the outlet; single phases and other places do not count.

    Defaults as SampledValueType has them: the import register, in Wh, at the outlet.
    """
    if meter_values is None:
        return NONE
    first_wh = last_wh = power_w = None
    if len(meter_values) > 1:
        meter_values = sorted(meter_values, key=lambda each: each.timestamp)
    for meter_value in meter_values:
        for sample in meter_value.sampled_value:
            measurand = sample.measurand or ENERGY
            if measurand not in TOTALS or sample.phase is not None:
                continue
            if sample.location not in AT_OUTLET:
                continue
            if measurand == POWER:
                power_w = _whole(sample, "W", MAX_W)
            elif (energy_wh := _whole(sample, "Wh", MAX_WH)) is not None:
                first_wh = energy_wh if first_wh is None else first_wh
                last_wh = energy_wh
    return Readings(first_wh, last_wh, power_w)


def _whole(sample: v201.SampledValueType, unit: str, limit: int) -> int | None:
    """Return the value in whole units, or None if it is in another unit or beyond all reason."""
    stated = sample.unit_of_measure
    if stated is None or (stated.multiplier is None and (stated.unit or unit) == unit):
        return round(sample.value) if -limit <= sample.value <= limit else None
    name, exponent = stated.unit or unit, stated.multiplier or 0
    if KILO.get(name) == unit:
        exponent += 3
    elif name != unit:
        return None
    if abs(exponent) > 15 or abs(sample.value) > limit:
        return None
    whole = round(Decimal(repr(sample.value)).scaleb(exponent))
    return whole if abs(whole) <= limit else None
