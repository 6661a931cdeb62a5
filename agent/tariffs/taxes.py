"""Taxes in stacks, and money as it is told and shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from agent.tariffs.tariff import Bound, TaxRate

EXACT: Final = Context(prec=60)
"""Sums and products of prices and quantities lose nothing in so many digits."""
TOLD: Final = Decimal("0.000001")
"""Amounts are told to a millionth of the currency: the one place where they are rounded."""
_HUNDRED: Final = Decimal(100)
_WITHOUT_CENTS: Final = frozenset(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"))
_IN_THOUSANDTHS: Final = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))


def taxed(net: Decimal, taxes: Sequence[TaxRate]) -> Decimal:
    """Return an amount with its taxes: those of one stack are on the same base (I12.FR.13)."""
    return EXACT.multiply(net, factor(taxes))


def factor(taxes: Sequence[TaxRate]) -> Decimal:
    """Return what an amount is multiplied with by its taxes."""
    whole = Decimal(1)
    for stack in sorted({tax.stack for tax in taxes}):
        percent = sum((tax.percent for tax in taxes if tax.stack == stack), Decimal(0))
        whole = EXACT.multiply(whole, 1 + EXACT.divide(percent, _HUNDRED))
    return whole


def both(bound: Bound) -> tuple[Decimal | None, Decimal | None]:
    """Return a bound without and with tax; a half that is not said follows from the other by its taxes."""
    excl, incl = bound.excl_tax, bound.incl_tax
    if excl is None and incl is not None and bound.taxes:
        excl = EXACT.divide(incl, factor(bound.taxes))
    if incl is None and excl is not None and bound.taxes:
        incl = taxed(excl, bound.taxes)
    return excl, incl


def told(amount: Decimal) -> Decimal:
    """Return an amount as it is told: to a millionth."""
    rounded = amount.quantize(TOLD, ROUND_HALF_UP, EXACT).normalize(EXACT)
    return rounded if rounded.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]  # finite


def payable(amount: Decimal, currency: str) -> Decimal:
    """Return an amount as it is shown and paid: in whole cents, or what the currency has instead."""
    if currency in _WITHOUT_CENTS:
        return amount.quantize(Decimal(1), ROUND_HALF_UP, EXACT)
    smallest = "0.001" if currency in _IN_THOUSANDTHS else "0.01"
    return amount.quantize(Decimal(smallest), ROUND_HALF_UP, EXACT)
