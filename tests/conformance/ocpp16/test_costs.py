"""Prices and costs over DataTransfer (OCA: OCPP and California pricing requirements); read on the display."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, configuration
from tests.conformance.station import CARD, StationUnderTest

VENDOR = "org.openchargealliance.costmsg"


async def say(csms: Csms, message_id: str, text: str | None = None, **payload: Any) -> str:
    """Send one of the messages and return the status of its answer."""
    data = json.dumps(payload) if text is None else text
    return await asked(csms, "DataTransfer", vendorId=VENDOR, messageId=message_id, data=data)


def running(started: dict[str, Any], cost: str, **more: Any) -> str:
    """Return a RunningCost as text: its amounts are not to go through floats."""
    payload = {
        "transactionId": 1,
        "timestamp": datetime.now(UTC).isoformat(),
        "meterValue": started["meterStart"],
        "state": "Charging",
        "chargingPrice": {},
        **more,
    }
    return json.dumps(payload)[:-1] + f', "cost": {cost}}}'


async def read(station: StationUnderTest) -> list[str]:
    """Return what the driver at EVSE 1 reads."""
    shown = await station.ask(do="display")
    (at_evse,) = (place for place in shown["places"] if place["evse"] == 1)
    return [one["text"] for one in at_evse["cycle"]]


async def shows(station: StationUnderTest, *texts: str) -> None:
    async with asyncio.timeout(30):
        while await read(station) != list(texts):
            await asyncio.sleep(0.05)


async def test_a_drivers_price_running_costs_and_the_bill(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start(TariffCostCtrlr__Currency="USD")
    assert await say(csms, "SetUserPrice", idToken=CARD.lower(), priceText="0.30 $/kWh") == "Accepted"
    started = await charge(station, csms)
    await shows(station, "0.30 $/kWh")
    assert await say(csms, "RunningCost", running(started, "12345678901234567.89")) == "Accepted"
    await shows(station, "0.30 $/kWh", "12345678901234567.89 USD")
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    final = (
        '{"transactionId": 1, "cost": 3.310, "priceText": "Thank you", "qrCodeText": "https://cpo.example"}'
    )
    assert await say(csms, "FinalCost", final) == "Accepted"
    await shows(station, "Thank you", "3.310 USD", "https://cpo.example")
    known = (await station.evse())["cost"]
    assert (known["total"], known["is_final"]) == ("3.310", True)


async def test_texts_come_in_several_languages(csms: Csms, start: Start) -> None:
    """priceTextExtra: nobody knows which one the driver reads, so they take turns, each bill anew."""
    station: StationUnderTest = await start(TariffCostCtrlr__Currency="USD")
    dutch = {"format": "UTF8", "language": "nl", "content": "0,30 $ per kWh"}
    german = {"language": "de", "content": "0,30 $ je kWh"}
    price = {"idToken": CARD, "priceText": "0.30 $/kWh"}
    assert await say(csms, "SetUserPrice", **price, priceTextExtra=[dutch, german]) == "Accepted"
    started = await charge(station, csms)
    await shows(station, "0.30 $/kWh", "0,30 $ per kWh", "0,30 $ je kWh")
    assert await say(csms, "RunningCost", running(started, "1")) == "Accepted"
    for wrong in ({**dutch, "language": "?"}, {**dutch, "format": "PDF"}, {"content": "?"}):
        assert await say(csms, "SetUserPrice", **price, priceTextExtra=[wrong]) == "Rejected"
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    thanks = {"language": "nl", "content": "Bedankt"}
    final: dict[str, Any] = {
        "transactionId": 1,
        "cost": 3,
        "priceText": "Thank you",
        "priceTextExtra": [thanks],
    }
    assert await say(csms, "FinalCost", **final) == "Accepted"
    await shows(station, "Thank you", "Bedankt", "3 USD")


async def test_the_station_counts_on_by_itself(csms: Csms, start: Start) -> None:
    """By energy, with the decimals that are set, until the next word of the backend's."""
    station: StationUnderTest = await start(TariffCostCtrlr__NumberOfDecimalsForCostValues=3)
    started = await charge(station, csms)
    priced = running(started, "1", chargingPrice={"kWhPrice": 1000, "flatFee": 7})
    assert await say(csms, "RunningCost", priced) == "Accepted"
    async with asyncio.timeout(30):
        while not (texts := await read(station)) or Decimal(texts[0].split()[0]) <= 1:
            await asyncio.sleep(0.1)
    amount = Decimal(texts[0].split()[0])
    assert amount == amount.quantize(Decimal("0.001"))
    assert amount < 100_000


async def test_meter_values_when_the_backend_wants_them(csms: Csms, start: Start) -> None:
    """atCPStatus, atTime and atPowerkW."""
    station: StationUnderTest = await start()
    started = await charge(station, csms)
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    assert await say(csms, "RunningCost", running(started, "0", triggerMeterValue={"atTime": soon})) == (
        "Accepted"
    )
    values = (await csms.expect("MeterValues")).payload
    assert values["transactionId"] == 1
    assert {one["context"] for one in values["meterValue"][0]["sampledValue"]} == {"Trigger"}
    triggers = {"atCPStatus": ["SuspendedEV"], "atPowerkW": 0.5}
    await say(csms, "RunningCost", running(started, "0", triggerMeterValue=triggers))
    await asyncio.sleep(1)  # it must have been seen charging
    station.bay.pause()
    await csms.expect("MeterValues")


async def test_the_end_of_idle_fees_is_told(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    assert await asked(csms, "ChangeConfiguration", key="CustomIdleFeeAfterStop", value="true") == "Accepted"
    started = await charge(station, csms)
    await say(csms, "RunningCost", running(started, "1.50"))
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    idle = running(started, "2.25", state="Idle", idlePrice={"graceMinutes": 30, "hourPrice": 1})
    assert await say(csms, "RunningCost", idle) == "Accepted"
    await shows(station, "2.25 EUR")
    await csms.expect("StatusNotification", on(1, "Finishing"))
    station.bay.unplug()
    told = (await csms.expect("DataTransfer")).payload
    assert (told["vendorId"], told["messageId"]) == (VENDOR, "ConnectorUnplugged")
    assert json.loads(told["data"])["transactionId"] == 1


async def test_without_a_backend_the_default_price_counts(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start(AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    price = {
        "priceText": "0.15 per kWh",
        "priceTextOffline": "offline: 0.15 per kWh",
        "chargingPrice": {"kWhPrice": 0.15, "flatFee": 1.5},
    }
    set_it = {"key": "DefaultPrice", "value": json.dumps(price)}
    assert await asked(csms, "ChangeConfiguration", **set_it) == "Accepted"
    assert (await configuration(csms, "DefaultPrice"))["DefaultPrice"]["value"] == set_it["value"]
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(CARD)
    await station.until(charging_state="Charging")
    async with asyncio.timeout(30):
        while len(texts := await read(station)) < 2:
            await asyncio.sleep(0.05)
    assert texts[0] == "offline: 0.15 per kWh"
    assert Decimal(texts[1].split()[0]) >= Decimal("1.5")


async def test_what_cannot_be_taken(csms: Csms, start: Start) -> None:
    await start()
    assert await say(csms, "RunningCost", running({"meterStart": 0}, "1")) == "Rejected", (
        "no such transaction"
    )
    assert await say(csms, "RunningCost", "{}") == "Rejected"
    for wrong in ('"NaN"', '"Infinity"', "1e30", "0.00000000001"):
        final = f'{{"transactionId": 1, "cost": {wrong}}}'
        assert await say(csms, "FinalCost", final) == "Rejected"
    assert await say(csms, "FinalCost", transactionId=9, cost=1) == "Rejected"
    assert await say(csms, "Refund") == "UnknownMessageId"
    for wrong in ("free", '{"chargingPrice": {"kWhPrice": "free"}}'):
        assert await asked(csms, "ChangeConfiguration", key="DefaultPrice", value=wrong) == "Rejected"
    keys = await configuration(csms)
    assert (keys["CustomDisplayCostAndPrice"]["value"], keys["CustomDisplayCostAndPrice"]["readonly"]) == (
        "true",
        True,
    )
    assert keys["CustomMultiLanguageMessages"]["value"] == "true"
