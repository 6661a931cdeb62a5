"""Prices as they came from the backend (OCPP 2.1, or a SalesTariff), for a vehicle of ISO 15118-20."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from agent.iso15118.iso20.messages import COMMON
from agent.iso15118.iso20.rational import rational
from agent.iso15118.iso20.session import Plan, Pricing, seconds
from agent.smartcharging.tariffs import SalesTariff
from certs.exi.codec import encode_fragment
from certs.exi.errors import CannotEncode
from certs.exi.tables import schema

_LONGEST: Final[Mapping[str, int]] = {
    "PriceScheduleDescription": 160,
    "Currency": 3,
    "Language": 3,
    "PriceAlgorithm": 255,
    "TaxRuleName": 80,
    "OverstayRuleDescription": 160,
    "ServiceName": 80,
}
_MOST_LEVEL: Final = 255
_LEAST_ID: Final = 1
_WITHIN_A_POWER: Final = range(-128, 128)


def prices_of(plan: Plan, pricing: Pricing, most_entries: int) -> dict[str, Any]:
    """Return the prices along a plan, of the kind that the vehicle has chosen, under their element's name.

    Empty where there are none of that kind, or they cannot be told: the vehicle charges without.
    """
    offer = plan.offer
    if pricing == "none" or offer is None:
        return {}
    told = offer.priced.prices if offer.priced is not None else None
    try:
        if pricing == "absolute":
            return _checked(_absolute(json.loads(told or "{}").get("absolutePriceSchedule"), most_entries))
        given = json.loads(told or "{}").get("priceLevelSchedule")
        if given is None and offer.tariff is not None:
            return _checked(_levels_of_tariff(offer.tariff, plan, most_entries))
        return _checked(_levels(given, most_entries))
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, CannotEncode):
        return {}


def _checked(prices: dict[str, Any]) -> dict[str, Any]:
    """Return prices that the schema has room for.

    Raises:
        CannotEncode: If it has not.
    """
    for name, fields in prices.items():
        encode_fragment(schema(COMMON), name, fields)
    return prices


def _absolute(given: Mapping[str, Any] | None, most_entries: int) -> dict[str, Any]:
    if given is None or len(given["priceRuleStacks"]) > most_entries:
        return {}
    fields: dict[str, Any] = {
        "TimeAnchor": _anchor(given["timeAnchor"]),
        "PriceScheduleID": _id(given["priceScheduleID"]),
        "PriceScheduleDescription": given.get("priceScheduleDescription"),
        "Currency": given["currency"],
        "Language": given["language"],
        "PriceAlgorithm": given["priceAlgorithm"],
        "MinimumCost": _number(given.get("minimumCost")),
        "MaximumCost": _number(given.get("maximumCost")),
        "PriceRuleStacks": {"PriceRuleStack": [_stack(one) for one in given["priceRuleStacks"]]},
    }
    if given.get("taxRules"):
        fields["TaxRules"] = {"TaxRule": [_tax(one) for one in given["taxRules"]]}
    if given.get("overstayRuleList"):
        fields["OverstayRules"] = _overstay(given["overstayRuleList"])
    if given.get("additionalSelectedServices"):
        fields["AdditionalSelectedServices"] = {
            "AdditionalService": [
                _told({"ServiceName": one["serviceName"], "ServiceFee": _number(one["serviceFee"])})
                for one in given["additionalSelectedServices"]
            ]
        }
    return {"AbsolutePriceSchedule": _told(fields)}


def _stack(given: Mapping[str, Any]) -> dict[str, Any]:
    rules = [
        _told(
            {
                "EnergyFee": _number(rule["energyFee"]),
                "ParkingFee": _number(rule.get("parkingFee")),
                "ParkingFeePeriod": rule.get("parkingFeePeriod"),
                "CarbonDioxideEmission": rule.get("carbonDioxideEmission"),
                "RenewableGenerationPercentage": rule.get("renewableGenerationPercentage"),
                "PowerRangeStart": _number(rule["powerRangeStart"]),
            }
        )
        for rule in given["priceRule"]
    ]
    return {"Duration": given["duration"], "PriceRule": rules}


def _tax(given: Mapping[str, Any]) -> dict[str, Any]:
    return _told(
        {
            "TaxRuleID": _id(given["taxRuleID"]),
            "TaxRuleName": given.get("taxRuleName"),
            "TaxRate": _number(given["taxRate"]),
            "TaxIncludedInPrice": given.get("taxIncludedInPrice"),
            "AppliesToEnergyFee": given["appliesToEnergyFee"],
            "AppliesToParkingFee": given["appliesToParkingFee"],
            "AppliesToOverstayFee": given["appliesToOverstayFee"],
            "AppliesMinimumMaximumCost": given["appliesToMinimumMaximumCost"],
        }
    )


def _overstay(given: Mapping[str, Any]) -> dict[str, Any]:
    rules = [
        _told(
            {
                "OverstayRuleDescription": rule.get("overstayRuleDescription"),
                "StartTime": rule["startTime"],
                "OverstayFee": _number(rule["overstayFee"]),
                "OverstayFeePeriod": rule["overstayFeePeriod"],
            }
        )
        for rule in given["overstayRule"]
    ]
    return _told(
        {
            "OverstayTimeThreshold": given.get("overstayTimeThreshold"),
            "OverstayPowerThreshold": _number(given.get("overstayPowerThreshold")),
            "OverstayRule": rules,
        }
    )


def _levels(given: Mapping[str, Any] | None, most_entries: int) -> dict[str, Any]:
    if given is None or len(given["priceLevelScheduleEntries"]) > most_entries:
        return {}
    entries = [
        {"Duration": one["duration"], "PriceLevel": _level(one["priceLevel"])}
        for one in given["priceLevelScheduleEntries"]
    ]
    fields = {
        "TimeAnchor": _anchor(given["timeAnchor"]),
        "PriceScheduleID": _id(given["priceScheduleId"]),
        "PriceScheduleDescription": given.get("priceScheduleDescription"),
        "NumberOfPriceLevels": _level(given["numberOfPriceLevels"]),
        "PriceLevelScheduleEntries": {"PriceLevelScheduleEntry": entries},
    }
    return {"PriceLevelSchedule": _told(fields)}


def _levels_of_tariff(tariff: SalesTariff, plan: Plan, most_entries: int) -> dict[str, Any]:
    """Return the price levels of a SalesTariff, if each of its entries has one."""
    entries = tariff.entries
    if not entries or len(entries) > most_entries or any(entry.level is None for entry in entries):
        return {}
    ends = [entry.start_s for entry in entries[1:]] + [max(plan.duration_s, entries[-1].start_s + 1)]
    told = [
        {"Duration": max(0, end_s - entry.start_s), "PriceLevel": _level(entry.level)}
        for entry, end_s in zip(entries, ends, strict=True)
    ]
    levels = tariff.levels or max(entry.level or 0 for entry in entries)
    fields = {
        "TimeAnchor": seconds(plan.start) + entries[0].start_s,
        "PriceScheduleID": _id(tariff.id),
        "PriceScheduleDescription": tariff.description,
        "NumberOfPriceLevels": _level(levels),
        "PriceLevelScheduleEntries": {"PriceLevelScheduleEntry": told},
    }
    return {"PriceLevelSchedule": _told(fields)}


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is there, no text longer than its element."""
    return {
        name: value[: _LONGEST[name]] if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }


def _number(given: Mapping[str, Any] | None) -> dict[str, int] | None:
    if given is None:
        return None
    if given["exponent"] not in _WITHIN_A_POWER:
        raise InvalidOperation(f"10 to the {given['exponent']}")
    return rational(Decimal(given["value"]).scaleb(given["exponent"]))


def _anchor(text: str) -> int:
    return seconds(datetime.fromisoformat(text))


def _id(number: int) -> int:
    return max(_LEAST_ID, number)


def _level(number: int | None) -> int:
    if number is None or not 0 <= number <= _MOST_LEVEL:
        raise ValueError(f"{number} is no price level")
    return number
