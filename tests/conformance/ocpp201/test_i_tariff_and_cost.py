"""I01 to I06: what a driver is told of tariff and cost; read here over the control socket."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, set_variables, trigger, unplug
from tests.conformance.station import CARD, StationUnderTest

ACCEPTED: Payload = {"status": "Accepted"}


def message(text: str) -> Payload:
    """Return a text as it is sent to a driver."""
    return {"format": "UTF8", "language": "en", "content": text}


async def shows(station: StationUnderTest, *texts: str) -> None:
    """Wait until the driver at EVSE 1 reads these texts."""
    read: list[str] = []
    async with asyncio.timeout(30):
        while read != list(texts):
            shown = await station.ask(do="display")
            (at_evse,) = (place for place in shown["places"] if place["evse"] == 1)
            read = [one["text"] for one in at_evse["cycle"]]
            await asyncio.sleep(0.05)


async def cost(station: StationUnderTest) -> Any:
    """Return what the station knows of the cost at EVSE 1."""
    return (await station.evse())["cost"]


async def test_tc_i_01_02_tariff_running_cost_and_total(csms: Csms, start: Start) -> None:
    """I01.FR.03, I02.FR.02, I02.FR.03, I02.FR.04, I03.FR.01, I03.FR.03, I03.FR.05, I06.FR.03.

    TC_I_02, TC_I_07.
    The tariff comes with the authorization, another one with an answer; costs come with answers and by
    CostUpdated, to the last digit; one of a transaction that does not run changes nothing.
    """
    csms.tokens[CARD] = {**ACCEPTED, "personalMessage": message("0.30 EUR/kWh")}
    station: StationUnderTest = await start()
    assert await set_variables(csms, {"TariffCostCtrlr.Currency": "NOK"}) == ["Accepted"]
    transaction = await charge(station, csms)
    await shows(station, "0.30 EUR/kWh")
    assert await cost(station) is None

    assert await csms.call("CostUpdated", {"transactionId": transaction, "totalCost": 1.25}) == {}
    await shows(station, "0.30 EUR/kWh", "1.25 NOK")
    assert await csms.call("CostUpdated", {"transactionId": "none such", "totalCost": 99}) == {}
    assert (await cost(station))["total"] == "1.25"

    csms.script["TransactionEvent"] = {"totalCost": 2.5, "updatedPersonalMessage": message("0.25 EUR/kWh")}
    assert await trigger(csms, "TransactionEvent", evse={"id": 1}) == "Accepted"
    await shows(station, "0.25 EUR/kWh", "2.5 NOK")

    csms.script["TransactionEvent"] = {"totalCost": 4.75}
    await unplug(station, csms)
    await csms.event(eventType="Ended")
    await shows(station, "0.25 EUR/kWh", "4.75 NOK")
    known = await cost(station)
    assert (known["transaction"], known["total"], known["is_final"]) == (transaction, "4.75", True)


async def test_words_for_a_driver_whom_the_backend_tells_nothing(csms: Csms, start: Start) -> None:
    """I04.FR.01, I05.FR.02: offline there is neither a tariff nor a total cost."""
    station: StationUnderTest = await start(
        TariffCostCtrlr__TariffFallbackMessage="ask at the desk",
        TariffCostCtrlr__TotalCostFallbackMessage="see your invoice",
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
    )
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted()
    await station.until(charging_state="Charging")
    await shows(station, "ask at the desk")
    station.bay.unplug()
    await station.until(status="Available", transaction=None)
    await shows(station, "ask at the desk", "see your invoice")
