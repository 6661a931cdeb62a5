"""Tariffs and what the tests of block I do with them again and again."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.sessions import set_variables, unplug
from tests.conformance.station import StationUnderTest

VAT = ({"type": "VAT", "tax": 20},)


def tariff(number: str = "TestSystem1", **parts: Any) -> Payload:
    """Return a tariff of 2.00 EUR/kWh, or of these parts."""
    return {"tariffId": number, "currency": "EUR", **(parts or {"energy": prices(2)})}


def prices(*amounts: float | tuple[float, Payload], kind: str = "priceKwh", **more: Any) -> Payload:
    """Return prices, each with its conditions if it has some."""
    pairs = [one if isinstance(one, tuple) else (one, None) for one in amounts]
    elements = [{kind: price} | ({} if when is None else {"conditions": when}) for price, when in pairs]
    return {"prices": elements, **more}


def per_minute(*amounts: float | tuple[float, Payload], **more: Any) -> Payload:
    return prices(*amounts, kind="priceMinute", **more)


def fee(*amounts: float | tuple[float, Payload], **more: Any) -> Payload:
    return prices(*amounts, kind="priceFixed", **more)


async def set_default(csms: Csms, tariff: Payload, evse_id: int = 0) -> str:
    answer = await csms.call("SetDefaultTariff", {"evseId": evse_id, "tariff": tariff})
    status: str = answer["status"]
    return status


async def change(csms: Csms, transaction: str, tariff: Payload) -> str:
    answer = await csms.call("ChangeTransactionTariff", {"transactionId": transaction, "tariff": tariff})
    status: str = answer["status"]
    return status


async def assigned(csms: Csms, evse_id: int = 0) -> list[Payload]:
    """Return the tariffs that there are."""
    answer = await csms.call("GetTariffs", {"evseId": evse_id})
    assert (answer["status"] == "Accepted") == ("tariffAssignments" in answer)
    found: list[Payload] = answer.get("tariffAssignments", [])
    return found


async def clear(csms: Csms, **which: Any) -> list[tuple[str | None, str]]:
    answer = await csms.call("ClearTariffs", which)
    return [(one.get("tariffId"), one["status"]) for one in answer["clearTariffsResult"]]


async def tell_running_cost(csms: Csms, interval_s: int = 1) -> None:
    settings = {
        "TariffCostCtrlr.Enabled[RunningCost]": "true",
        "TariffCostCtrlr.Interval[Cost]": str(interval_s),
    }
    assert await set_variables(csms, settings) == ["Accepted", "Accepted"]


async def ended(station: StationUnderTest, csms: Csms) -> Payload:
    """End the session by the vehicle's leaving, and return the last event."""
    await unplug(station, csms)
    return await csms.event(eventType="Ended")


async def until_charged(station: StationUnderTest, wh: int = 200, evse: int = 1) -> None:
    """Wait until so much more has flowed; at the speed of the tests that takes a second or two."""
    first: int | None = None
    async with asyncio.timeout(30):
        while True:
            meter = (await station.evse(evse))["meter"]
            count = None if meter is None else meter["energy_wh"]
            first = count if first is None else first
            if count is not None and first is not None and count - first >= wh:
                return
            await asyncio.sleep(0.05)


def energy_wh(event: Payload) -> int:
    """Return what the first and last count of an Ended event say was charged."""
    counts = [
        value["value"]
        for sample in event["meterValue"]
        for value in sample["sampledValue"]
        if value.get("measurand") == "Energy.Active.Import.Register"
    ]
    return int(counts[-1] - counts[0])


def costs(event: Payload) -> Payload:
    details: Payload = event["costDetails"]
    return details


def incl(price: Payload) -> Decimal:
    return Decimal(str(price["inclTax"]))


def excl(price: Payload) -> Decimal:
    return Decimal(str(price["exclTax"]))


def volumes(event: Payload, kind: str) -> float:
    """Return how much of a dimension all periods together have."""
    return sum(
        float(one["volume"])
        for period in costs(event)["chargingPeriods"]
        for one in period.get("dimensions", ())
        if one["type"] == kind
    )


async def until_read(station: StationUnderTest, wanted: str, evse: int = 1) -> None:
    """Wait until the driver reads this."""
    async with asyncio.timeout(30):
        while wanted not in await read(station, evse):
            await asyncio.sleep(0.05)


async def read(station: StationUnderTest, evse: int = 1) -> list[str]:
    """Return what the driver reads at an EVSE."""
    shown = await station.ask(do="display")
    (here,) = (place for place in shown["places"] if place["evse"] == evse)
    return [text["text"] for text in here["cycle"]]
