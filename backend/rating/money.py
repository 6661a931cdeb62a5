"""Prices before and after VAT, and the rounding that a contract asks for."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import msgspec

ARITHMETIC = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)
"""Sums, products and quotients are taken in this context (IEEE decimal128), whatever the thread has set."""

HUNDRED = Decimal(100)
_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(7))


class RoundingMode(StrEnum):
    """Where a value exactly between two representable amounts goes."""

    HALF_UP = "HALF_UP"
    HALF_EVEN = "HALF_EVEN"


_ROUNDINGS = {mode: f"ROUND_{mode}" for mode in RoundingMode}


class RoundingScope(StrEnum):
    """What is rounded: each cost line, or only the totals of the CDR."""

    LINE = "LINE"
    TOTAL = "TOTAL"


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """The rounding agreed for a session; OCPI leaves it open, so it is stored with every CDR."""

    decimals: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    scope: RoundingScope = RoundingScope.TOTAL

    def __post_init__(self) -> None:
        if not 0 <= self.decimals < len(_STEPS):
            raise ValueError(f"money is rounded to 0 to {len(_STEPS) - 1} decimals, not {self.decimals}")

    def __str__(self) -> str:
        return f"{self.mode}/{self.decimals}/{self.scope}"

    @classmethod
    def parse(cls, text: str) -> RoundingPolicy:
        """Read what `str()` wrote, such as "HALF_UP/2/TOTAL".

        Raises:
            ValueError: If the text is not a rounding policy.
        """
        return _parse(text)

    def round(self, amount: Decimal) -> Decimal:
        """Return the amount with exactly `decimals` decimals."""
        return amount.quantize(_STEPS[self.decimals], _ROUNDINGS[self.mode], ARITHMETIC)


@lru_cache
def _parse(text: str) -> RoundingPolicy:
    """Return the same object for the same text: sessions of one contract share it."""
    mode, decimals, scope = text.split("/")
    return RoundingPolicy(int(decimals), RoundingMode(mode), RoundingScope(scope))


class Price(msgspec.Struct, frozen=True):
    """An amount before and after VAT, in the currency of the tariff (OCPI 2.2.1, Price)."""

    excl_vat: Decimal
    incl_vat: Decimal

    def __add__(self, other: Price) -> Price:
        return Price(
            ARITHMETIC.add(self.excl_vat, other.excl_vat), ARITHMETIC.add(self.incl_vat, other.incl_vat)
        )

    def __sub__(self, other: Price) -> Price:
        return Price(
            ARITHMETIC.subtract(self.excl_vat, other.excl_vat),
            ARITHMETIC.subtract(self.incl_vat, other.incl_vat),
        )

    def rounded(self, policy: RoundingPolicy) -> Price:
        """Round both amounts, each from its exact value."""
        return Price(policy.round(self.excl_vat), policy.round(self.incl_vat))


FREE = Price(Decimal(0), Decimal(0))


def with_vat(excl_vat: Decimal, vat_percent: Decimal | None) -> Price:
    """Add VAT. No percentage means that VAT does not apply, which costs the same as 0 %."""
    if not vat_percent:
        return Price(excl_vat, excl_vat)
    factor = ARITHMETIC.add(Decimal(1), ARITHMETIC.divide(vat_percent, HUNDRED))
    return Price(excl_vat, ARITHMETIC.multiply(excl_vat, factor))
