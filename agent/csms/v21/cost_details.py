"""CostDetailsType: what a transaction costs by its tariff (I12)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from agent.csms.v21.tariff import rates
from agent.tariffs.details import Amount, CostDetails, Period
from ocppj.messages import v21

_MWH_PER_WH = 1000
_MS_PER_S = 1000
_LONGEST_REASON = 500


def details(cost: CostDetails) -> v21.CostDetailsType:
    """Return the whole account."""
    total = v21.TotalCostType(
        currency=cost.currency,
        type_of_cost=cost.kind,
        total=v21.TotalPriceType(excl_tax=cost.total.excl_tax, incl_tax=cost.total.incl_tax),
    )
    return v21.CostDetailsType(
        charging_periods=tuple(map(_period, cost.periods)) or None,
        total_cost=replace(total, **{part: _price(amount) for part, amount in cost.parts.items()}),
        total_usage=v21.TotalUsageType(
            energy=float(cost.energy_wh),
            charging_time=cost.charging_s,
            idle_time=cost.idle_s,
            reservation_time=cost.reservation_s,
        ),
        failure_to_calculate=True if cost.failure is not None else None,
        failure_reason=None if cost.failure is None else cost.failure[:_LONGEST_REASON],
    )


def _price(amount: Amount) -> v21.PriceType:
    return v21.PriceType(excl_tax=amount.excl_tax, incl_tax=amount.incl_tax, tax_rates=rates(amount.taxes))


def _period(period: Period) -> v21.ChargingPeriodType:
    return v21.ChargingPeriodType(
        start_period=period.start, tariff_id=period.tariff_id, dimensions=tuple(_dimensions(period)) or None
    )


def _dimensions(period: Period) -> Iterator[v21.CostDimensionType]:
    """Yield what was used: energy in Wh, times in s, and the bounds of power (W) and current (A)."""
    if period.energy_mwh:
        wh = Decimal(period.energy_mwh) / _MWH_PER_WH
        yield v21.CostDimensionType(type="Energy", volume=float(wh))
    if period.charging_ms >= _MS_PER_S:
        yield v21.CostDimensionType(type="ChargingTime", volume=float(period.charging_ms // _MS_PER_S))
    if period.idle_ms >= _MS_PER_S:
        yield v21.CostDimensionType(type="IdleTIme", volume=float(period.idle_ms // _MS_PER_S))
    if period.min_power_w is not None and period.max_power_w is not None:
        yield v21.CostDimensionType(type="MinPower", volume=float(period.min_power_w))
        yield v21.CostDimensionType(type="MaxPower", volume=float(period.max_power_w))
    if period.min_current_a is not None and period.max_current_a is not None:
        yield v21.CostDimensionType(type="MinCurrent", volume=float(period.min_current_a))
        yield v21.CostDimensionType(type="MaxCurrent", volume=float(period.max_current_a))
