"""Schedules and prices as a vehicle is told them (SAScheduleList)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.schedules import DAY_S, MOST_ENTRIES, Offered
from agent.smartcharging.tariffs import Consumption, Cost, PriceEntry, SalesTariff

_BYTE: Final = range(256)
_AMOUNTS: Final = range(1 << 32)
_MULTIPLIERS: Final = range(-3, 4)
_LONGEST_DESCRIPTION: Final = 32
_MOST_COSTS: Final = 3
_COST_KINDS: Final = {
    "RelativePricePercentage": "relativePricePercentage",
    "RenewableGenerationPercentage": "RenewableGenerationPercentage",
    "CarbonDioxideEmission": "CarbonDioxideEmission",
}


def schedule_list(offered: Sequence[Offered], most_entries: int) -> dict[str, Any]:
    """Return SAScheduleList; a tariff that cannot be told as it is, is left out."""
    return {"SAScheduleTuple": [_tuple(one, most_entries) for one in offered]}


def _tuple(offered: Offered, most_entries: int) -> dict[str, Any]:
    entries: list[dict[str, Any]] = [
        {"RelativeTimeInterval": {"start": entry.start_s}, "PMax": physical(entry.most_w, "W")}
        for entry in offered.entries
    ]
    entries[-1]["RelativeTimeInterval"]["duration"] = offered.duration_s - offered.entries[-1].start_s
    fields: dict[str, Any] = {"SAScheduleTupleID": offered.id, "PMaxSchedule": {"PMaxScheduleEntry": entries}}
    tariff = offered.tariff
    if tariff is not None and len(tariff.entries) <= most_entries and _can_be_told(tariff):
        fields["SalesTariff"] = _sales_tariff(tariff, offered.duration_s)
    return fields


def _sales_tariff(tariff: SalesTariff, duration_s: int) -> dict[str, Any]:
    entries = [_price(entry) for entry in tariff.entries]
    last = entries[-1]["RelativeTimeInterval"]
    last["duration"] = max(0, min(DAY_S, duration_s - last["start"]))
    return {
        "SalesTariffID": tariff.id,
        "SalesTariffDescription": tariff.description,
        "NumEPriceLevels": tariff.levels,
        "SalesTariffEntry": entries,
    }


def _price(entry: PriceEntry) -> dict[str, Any]:
    return {
        "RelativeTimeInterval": {"start": entry.start_s},
        "EPriceLevel": entry.level,
        "ConsumptionCost": [_consumption(one) for one in entry.consumptions],
    }


def _consumption(consumption: Consumption) -> dict[str, Any]:
    return {
        "startValue": physical(consumption.start_w, "W"),
        "Cost": [
            {"costKind": _COST_KINDS[cost.kind], "amount": cost.amount, "amountMultiplier": cost.exponent}
            for cost in consumption.costs
        ],
    }


def _can_be_told(tariff: SalesTariff) -> bool:
    """Return whether a tariff keeps to the bounds of this protocol: the backend's are wider."""
    return (
        tariff.id in _BYTE[1:]
        and len(tariff.description or "") <= _LONGEST_DESCRIPTION
        and (tariff.levels is None or tariff.levels in _BYTE)
        and 0 < len(tariff.entries) <= MOST_ENTRIES
        and all(_is_price(entry) for entry in tariff.entries)
    )


def _is_price(entry: PriceEntry) -> bool:
    return (
        (entry.level is None or entry.level in _BYTE)
        and (entry.level is not None or bool(entry.consumptions))
        and len(entry.consumptions) <= _MOST_COSTS
        and all(0 < len(one.costs) <= _MOST_COSTS for one in entry.consumptions)
        and all(_is_cost(cost) for one in entry.consumptions for cost in one.costs)
    )


def _is_cost(cost: Cost) -> bool:
    return cost.amount in _AMOUNTS and (cost.exponent is None or cost.exponent in _MULTIPLIERS)
