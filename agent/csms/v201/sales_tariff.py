"""Sales tariffs between OCPP 2.0.1 and the station's own records (K15)."""

from __future__ import annotations

from decimal import Decimal

from agent.smartcharging.tariffs import Consumption, Cost, PriceEntry, SalesTariff
from ocppj.messages import v201


def read(tariff: v201.SalesTariffType) -> SalesTariff:
    """Return the record of a tariff."""
    return SalesTariff(
        id=tariff.id,
        description=tariff.sales_tariff_description,
        levels=tariff.num_e_price_levels,
        entries=tuple(map(_read_entry, tariff.sales_tariff_entry)),
    )


def message(tariff: SalesTariff) -> v201.SalesTariffType:
    """Return the tariff as it is told."""
    return v201.SalesTariffType(
        id=tariff.id,
        sales_tariff_description=tariff.description,
        num_e_price_levels=tariff.levels,
        sales_tariff_entry=tuple(map(_entry_message, tariff.entries)),
    )


def _read_entry(entry: v201.SalesTariffEntryType) -> PriceEntry:
    return PriceEntry(
        start_s=entry.relative_time_interval.start,
        duration_s=entry.relative_time_interval.duration,
        level=entry.e_price_level,
        consumptions=tuple(
            Consumption(
                start_w=Decimal(str(one.start_value)),
                costs=tuple(
                    Cost(kind=cost.cost_kind, amount=cost.amount, exponent=cost.amount_multiplier)
                    for cost in one.cost
                ),
            )
            for one in entry.consumption_cost or ()
        ),
    )


def _entry_message(entry: PriceEntry) -> v201.SalesTariffEntryType:
    consumptions = tuple(
        v201.ConsumptionCostType(
            start_value=float(one.start_w),
            cost=tuple(
                v201.CostType(cost_kind=cost.kind, amount=cost.amount, amount_multiplier=cost.exponent)
                for cost in one.costs
            ),
        )
        for one in entry.consumptions
    )
    return v201.SalesTariffEntryType(
        relative_time_interval=v201.RelativeTimeIntervalType(start=entry.start_s, duration=entry.duration_s),
        e_price_level=entry.level,
        consumption_cost=consumptions or None,
    )
