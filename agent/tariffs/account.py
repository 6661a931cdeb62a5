"""From a bill to the cost details that are told. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from msgspec.structs import replace

from agent.tariffs.bill import Bill, sum_of
from agent.tariffs.details import Amount, CostDetails, Part
from agent.tariffs.tariff import Bound, TaxRate
from agent.tariffs.taxes import both, told

_PARTS: tuple[Part, ...] = get_args(Part)
_MS_PER_S = 1000
_MWH_PER_WH = 1000


def details(bill: Bill, *, is_final: bool) -> CostDetails:
    """Return what the transaction costs so far; with its periods, and no less than the least, if it is over.

    The least that a transaction costs is not due where nothing was used at all (C20).
    """
    parts, total = _parts(bill)
    found = CostDetails(
        tariff_id=bill.tariff.id,
        currency=bill.tariff.currency,
        kind="MaxCost" if bill.is_capped else "NormalCost",
        parts=parts,
        total=total,
        energy_wh=Decimal(bill.usage.energy_mwh) / _MWH_PER_WH,
        charging_s=bill.usage.charging_ms // _MS_PER_S,
        idle_s=bill.usage.idle_ms // _MS_PER_S,
        reservation_s=None if bill.reserved_ms is None else bill.reserved_ms // _MS_PER_S,
        periods=bill.periods if is_final else (),
    )
    bound = bill.tariff.min_cost
    was_used = bool(bill.usage.energy_mwh or bill.usage.charging_ms or any(sum_of(bill)))
    return _at_least(found, bound) if is_final and bound is not None and was_used else found


def failed(tariff_id: str, currency: str, why: str) -> CostDetails:
    """Return that nothing could be calculated, and why (failureToCalculate)."""
    zero = Amount(excl_tax=Decimal(0), incl_tax=Decimal(0))
    return CostDetails(tariff_id=tariff_id, currency=currency, total=zero, failure=why)


def _parts(bill: Bill) -> tuple[dict[Part, Amount], Amount]:
    """Return each part and the total as they are told; the dearest part bears what rounding leaves."""
    excl, incl = map(told, sum_of(bill))
    parts: dict[Part, Amount] = {}
    for part in _PARTS:
        rates = {line.taxes for line in bill.lines if line.part == part}
        if rates:
            net, gross = map(told, sum_of(bill, part))
            parts[part] = Amount(excl_tax=net, incl_tax=gross, taxes=rates.pop() if len(rates) == 1 else ())
    if parts:
        dearest = max(parts, key=lambda part: parts[part].incl_tax or Decimal(0))
        parts[dearest] = _corrected(parts, dearest, excl, incl)
    return parts, Amount(excl_tax=excl, incl_tax=incl)


def _corrected(parts: dict[Part, Amount], part: Part, excl: Decimal, incl: Decimal) -> Amount:
    others = [amount for name, amount in parts.items() if name != part]
    net = excl - sum((amount.excl_tax or Decimal(0) for amount in others), Decimal(0))
    gross = incl - sum((amount.incl_tax or Decimal(0) for amount in others), Decimal(0))
    return replace(parts[part], excl_tax=net, incl_tax=gross)


def _at_least(found: CostDetails, bound: Bound) -> CostDetails:
    """Return the details with the least amount in place of all parts, if they come to less (I12.FR.38)."""
    excl, incl = both(bound)
    is_enough = [
        (reached or Decimal(0)) >= wanted
        for reached, wanted in ((found.total.excl_tax, excl), (found.total.incl_tax, incl))
        if wanted is not None
    ]
    if all(is_enough):
        return found
    taxes: tuple[TaxRate, ...] = bound.taxes
    least = Amount(
        excl_tax=None if excl is None else told(excl),
        incl_tax=None if incl is None else told(incl),
        taxes=taxes,
    )
    return replace(found, kind="MinCost", parts={"fixed": least}, total=replace(least, taxes=()))
