"""C24 and C25: payments at a stand-alone terminal, and on the web by the code on the display."""

from __future__ import annotations

import asyncio
import re
import time

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.tariffs import costs, ended, prices, read, set_default, tariff, until_charged
from tests.conformance.ocpp201.sessions import get_variables, plug_in, set_variables
from tests.conformance.station import STATION_ID, StationUnderTest

PAID: Payload = {
    "evseId": 1,
    "remoteStartId": 9,
    "idToken": {
        "idToken": "PSP-0009",
        "type": "DirectPayment",
        "additionalInfo": [{"additionalIdToken": "VISA", "type": "PaymentBrand"}],
    },
}
TEMPLATE = "https://pay.example/{chargingstationid}/{evse}/{totp}/{version}"


async def test_tc_c_123_a_stand_alone_terminal(csms: Csms, start: Start) -> None:
    """TC_C_123: the backend starts for who has paid; nobody is asked, and the cost is calculated."""
    csms.tokens["PSP-0009"] = {"status": "Accepted"}
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=True)
    assert await set_default(csms, tariff(energy=prices(2))) == "Accepted"
    await plug_in(station, csms)
    assert (await csms.call("RequestStartTransaction", PAID))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    assert started["idToken"] == PAID["idToken"]
    assert csms.calls("Authorize") == []
    await until_charged(station)
    assert costs(await ended(station, csms))["totalCost"]["energy"]


async def test_tc_c_127_128_129_130_the_code_on_the_display(csms: Csms, start: Start) -> None:
    """C25.FR.01, C25.FR.03, C25.FR.04, C25.FR.05, C25.FR.06, C25.FR.50, C25.FR.51, C25.FR.52, C25.FR.56.

    C25.FR.57, C25.FR.58, TC_C_128, TC_C_129, TC_C_130. After its time the password is another; who charges
    sees none.
    """
    station: StationUnderTest = await start()
    (secret,) = await get_variables(csms, "WebPaymentsCtrlr.SharedSecret")
    assert secret["attributeStatus"] == "Rejected"  # nobody reads it
    settings = {
        "WebPaymentsCtrlr.URLTemplate": TEMPLATE,
        "WebPaymentsCtrlr.SharedSecret": "MySharedSecret",
        "WebPaymentsCtrlr.ValidityTime": "6",
        "WebPaymentsCtrlr.Enabled": "true",
    }
    assert set(await set_variables(csms, settings)) == {"Accepted"}
    assert await set_variables(csms, {"WebPaymentsCtrlr.Length": "5"}) == ["Rejected"]
    first = await code(station)
    assert re.fullmatch(rf"https://pay\.example/{STATION_ID}/1/[0-9A-Za-z]{{8}}/v1", first)
    limits = {"maxcost": "20", "maxtime": "3600", "maxenergy": "20000"}
    chosen = await station.ask(do="web-limits", evse=1, limits=limits)
    assert chosen["code"].endswith("/v1?maxcost=20&maxtime=3600&maxenergy=20000")
    deadline_s = time.monotonic() + 15
    while (await code(station)).split("/")[5] == first.split("/")[5]:
        assert time.monotonic() < deadline_s
        await asyncio.sleep(0.2)
    await plug_in(station, csms)
    await station.accepted()
    await csms.event(eventType="Started")
    async with asyncio.timeout(30):
        while any(text.startswith("https://pay.example") for text in await read(station)):
            await asyncio.sleep(0.1)


async def test_tc_c_127_an_evse_waits_for_who_is_paying(csms: Csms, start: Start) -> None:
    """C25.FR.21, C25.FR.22, C25.FR.27: for nobody else, as long as the backend said."""
    csms.tokens["PSP-0009"] = {"status": "Accepted"}
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    assert await csms.call("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 60}) == {}
    refused = await station.tap()
    assert (refused["accepted"], "web" in refused["why"]) == (False, True)
    assert (await csms.call("RequestStartTransaction", PAID))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    assert started["idToken"]["idToken"] == "PSP-0009"
    await ended(station, csms)
    assert await csms.call("NotifyWebPaymentStarted", {"evseId": 1, "timeout": 1}) == {}
    await plug_in(station, csms)
    async with asyncio.timeout(30):
        while not (await station.tap())["accepted"]:
            await asyncio.sleep(0.2)


async def code(station: StationUnderTest) -> str:
    """Return the address that is shown at EVSE 1."""
    async with asyncio.timeout(30):
        while True:
            for text in await read(station):
                if text.startswith("https://pay.example"):
                    return text
            await asyncio.sleep(0.1)
