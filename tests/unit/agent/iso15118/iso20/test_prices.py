"""Prices of OCPP 2.1 and of SalesTariffs, as a vehicle is told them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.iso20.prices import prices_of
from agent.iso15118.iso20.session import Plan, Pricing, Slot
from agent.iso15118.iso20.states import Phase
from agent.smartcharging.tariffs import PriceEntry, PriceOffer, SalesTariff
from tests.unit.agent.iso15118.iso20.evse import NOW, OFFER
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle

TEN = {"exponent": -1, "value": 100}
ABSOLUTE: dict[str, Any] = {
    "timeAnchor": "2026-05-04T10:00:00Z",
    "priceScheduleID": 3,
    "priceScheduleDescription": "by day",
    "currency": "EUR",
    "language": "deu",
    "priceAlgorithm": "urn:iso:std:iso:15118:-20:PriceAlgorithm:1-Power",
    "minimumCost": TEN,
    "maximumCost": {"exponent": 0, "value": 50},
    "priceRuleStacks": [
        {
            "duration": 3600,
            "priceRule": [
                {
                    "energyFee": {"exponent": -2, "value": 39},
                    "parkingFee": {"exponent": 0, "value": 1},
                    "parkingFeePeriod": 3600,
                    "carbonDioxideEmission": 120,
                    "renewableGenerationPercentage": 60,
                    "powerRangeStart": {"exponent": 0, "value": 0},
                }
            ],
        }
    ],
    "taxRules": [
        {
            "taxRuleID": 1,
            "taxRuleName": "VAT",
            "taxIncludedInPrice": True,
            "appliesToEnergyFee": True,
            "appliesToParkingFee": True,
            "appliesToOverstayFee": True,
            "appliesToMinimumMaximumCost": False,
            "taxRate": {"exponent": 0, "value": 19},
        }
    ],
    "overstayRuleList": {
        "overstayTimeThreshold": 600,
        "overstayPowerThreshold": {"exponent": 2, "value": 5},
        "overstayRule": [
            {
                "overstayRuleDescription": "full",
                "startTime": 900,
                "overstayFee": TEN,
                "overstayFeePeriod": 60,
            }
        ],
    },
    "additionalSelectedServices": [{"serviceName": "washing", "serviceFee": TEN}],
}
LEVELS = {
    "timeAnchor": "2026-05-04T10:00:00Z",
    "priceScheduleId": 0,
    "numberOfPriceLevels": 3,
    "priceLevelScheduleEntries": [
        {"duration": 1800, "priceLevel": 1},
        {"duration": 1800, "priceLevel": 3},
    ],
}
TARIFF = SalesTariff(
    id=4, entries=(PriceEntry(start_s=0, level=2), PriceEntry(start_s=900, level=1)), levels=2
)


def _plan(prices: Any = None, tariff: SalesTariff | None = None) -> Plan:
    priced = None if prices is None else PriceOffer(prices=json.dumps(prices))
    return Plan(
        number=1,
        start=NOW,
        duration_s=3600,
        slots=(Slot(start_s=0, most_w=Decimal(1)),),
        offer=replace(OFFER, priced=priced, tariff=tariff),
    )


def test_prices_reach_the_vehicle() -> None:
    pricing_absolute_three_phases = 7
    vehicle = Vehicle("AC", parameter_set=pricing_absolute_three_phases).go_to(Phase.SCHEDULES)
    vehicle.evse.offers = (_plan({"absolutePriceSchedule": ABSOLUTE}).offer or OFFER,)
    vehicle.send("ScheduleExchangeReq")
    response = vehicle.send("ScheduleExchangeReq")
    [only] = response["Scheduled_SEResControlMode"]["ScheduleTuple"]
    told = only["ChargingSchedule"]["AbsolutePriceSchedule"]
    assert told["TimeAnchor"] == 1777888800
    assert (told["PriceScheduleID"], told["Currency"], told["Language"]) == (3, "EUR", "deu")
    assert told["PriceScheduleDescription"] == "by day"
    assert told["MinimumCost"] == {"Exponent": 0, "Value": 10}
    [stack] = told["PriceRuleStacks"]["PriceRuleStack"]
    assert stack["Duration"] == 3600
    [rule] = stack["PriceRule"]
    assert rule["EnergyFee"] == {"Exponent": -2, "Value": 39}
    assert (rule["ParkingFeePeriod"], rule["CarbonDioxideEmission"]) == (3600, 120)
    [tax] = told["TaxRules"]["TaxRule"]
    assert (tax["TaxRuleName"], tax["AppliesMinimumMaximumCost"]) == ("VAT", False)
    assert told["OverstayRules"]["OverstayTimeThreshold"] == 600
    [overstay] = told["OverstayRules"]["OverstayRule"]
    assert (overstay["StartTime"], overstay["OverstayFeePeriod"]) == (900, 60)
    [service] = told["AdditionalSelectedServices"]["AdditionalService"]
    assert service["ServiceName"] == "washing"


def test_price_levels() -> None:
    told = prices_of(_plan({"priceLevelSchedule": LEVELS}), "levels", 12)["PriceLevelSchedule"]
    assert (told["PriceScheduleID"], told["NumberOfPriceLevels"]) == (1, 3)
    entries = told["PriceLevelScheduleEntries"]["PriceLevelScheduleEntry"]
    assert entries == [{"Duration": 1800, "PriceLevel": 1}, {"Duration": 1800, "PriceLevel": 3}]


def test_the_levels_of_a_sales_tariff() -> None:
    told = prices_of(_plan(tariff=TARIFF), "levels", 12)["PriceLevelSchedule"]
    assert (told["PriceScheduleID"], told["NumberOfPriceLevels"]) == (4, 2)
    entries = told["PriceLevelScheduleEntries"]["PriceLevelScheduleEntry"]
    assert entries == [{"Duration": 900, "PriceLevel": 2}, {"Duration": 2700, "PriceLevel": 1}]


@pytest.mark.parametrize(
    ("plan", "pricing"),
    [
        (_plan({"absolutePriceSchedule": ABSOLUTE}), "none"),
        (_plan({"absolutePriceSchedule": ABSOLUTE}), "levels"),
        (_plan({"priceLevelSchedule": LEVELS}), "absolute"),
        (_plan(), "absolute"),
        (_plan(tariff=TARIFF), "absolute"),
        (_plan({"absolutePriceSchedule": {**ABSOLUTE, "timeAnchor": "yesterday"}}), "absolute"),
        (
            _plan({"absolutePriceSchedule": {**ABSOLUTE, "minimumCost": {"exponent": 999, "value": 1}}}),
            "absolute",
        ),
        (
            _plan(
                {"absolutePriceSchedule": {**ABSOLUTE, "priceRuleStacks": ABSOLUTE["priceRuleStacks"] * 13}}
            ),
            "absolute",
        ),
        (_plan({"priceLevelSchedule": {**LEVELS, "numberOfPriceLevels": 300}}), "levels"),
        (_plan({"absolutePriceSchedule": {**ABSOLUTE, "taxRules": ABSOLUTE["taxRules"] * 11}}), "absolute"),
        (_plan({"priceLevelSchedule": {**LEVELS, "priceLevelScheduleEntries": []}}), "levels"),
        (_plan(tariff=replace(TARIFF, entries=(PriceEntry(start_s=0),))), "levels"),
        (replace(_plan(), offer=None), "levels"),
    ],
)
def test_no_prices(plan: Plan, pricing: Pricing) -> None:
    assert prices_of(plan, pricing, 12) == {}
