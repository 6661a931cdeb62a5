"""Numbers as messages have them (RationalNumber): 16 bits times a power of ten."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

_LARGEST: Final = 32767
_SMALLEST: Final = -32768
_EXPONENTS: Final = range(-128, 128)
ZERO: Final[Mapping[str, int]] = {"Exponent": 0, "Value": 0}


def decimal(number: Mapping[str, Any]) -> Decimal:
    """Return the number, exactly."""
    return Decimal(number["Value"]).scaleb(number["Exponent"])


def optional(number: Mapping[str, Any] | None) -> Decimal | None:
    """Return the number, None where there is none."""
    return None if number is None else decimal(number)


def rational(value: Decimal) -> dict[str, int]:
    """Return a number for a message: exactly where 16 bits can tell it, else the next nearer to zero.

    So a limit is never told larger than it is.

    Raises:
        ValueError: If it has more digits before the point than any RationalNumber.
    """
    sign, digits, exponent = value.normalize().as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no number to tell")
    coefficient = int("".join(map(str, digits))) * (-1 if sign else 1)
    while exponent > 0 and _fits(coefficient * 10):
        coefficient, exponent = coefficient * 10, exponent - 1
    while not _fits(coefficient) or exponent < _EXPONENTS.start:
        coefficient, exponent = _without_last_digit(coefficient), exponent + 1
    if coefficient == 0:
        return dict(ZERO)
    if exponent not in _EXPONENTS:
        raise ValueError(f"{value} is too large to tell")
    return {"Exponent": exponent, "Value": coefficient}


def rounded_down(value: Decimal, step: Decimal = Decimal("0.1")) -> Decimal:
    """Return a limit in steps, the next nearer to zero."""
    return value.quantize(step, rounding=ROUND_DOWN)


def _fits(coefficient: int) -> bool:
    return _SMALLEST <= coefficient <= _LARGEST


def _without_last_digit(coefficient: int) -> int:
    return coefficient // 10 if coefficient >= 0 else -(-coefficient // 10)
