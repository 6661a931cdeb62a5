"""Physical values of DIN 70121 and ISO 15118-2: an integer of 16 bits, a power of ten, a unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final, Literal

Unit = Literal["s", "A", "V", "W", "Wh"]
MOST: Final = 32767
LEAST: Final = -32768
_BY_PREFERENCE: Final = (0, -1, -2, -3, 1, 2, 3)
"""Multipliers for what several can tell: the plainest."""
_BY_PRECISION: Final = sorted(_BY_PREFERENCE)


class WrongUnit(ValueError):
    """A value came in a unit that it cannot have."""


def physical(amount: Decimal, unit: Unit) -> dict[str, Any]:
    """Return a value as it is sent: exactly, or as near to it on the side of zero as can be told."""
    multiplier = _exact(amount)
    if multiplier is None:
        multiplier = next((power for power in _BY_PRECISION if _fits(amount, power)), 3)
    value = int(amount.scaleb(-multiplier).to_integral_value(ROUND_DOWN))
    return {"Multiplier": multiplier, "Unit": unit, "Value": max(LEAST, min(value, MOST))}


def amount_of(value: Mapping[str, Any], unit: Unit) -> Decimal:
    """Return the amount of a value that came.

    Raises:
        WrongUnit: If it came in another unit. In DIN 70121 it may come without one.
    """
    if value.get("Unit", unit) != unit:
        raise WrongUnit(f"a value in {value['Unit']}, expected in {unit}")
    return Decimal(value["Value"]).scaleb(value["Multiplier"])


def _exact(amount: Decimal) -> int | None:
    for power in _BY_PREFERENCE:
        scaled = amount.scaleb(-power)
        if scaled == scaled.to_integral_value() and LEAST <= scaled <= MOST:
            return power
    return None


def _fits(amount: Decimal, multiplier: int) -> bool:
    return LEAST <= amount.scaleb(-multiplier).to_integral_value(ROUND_DOWN) <= MOST
