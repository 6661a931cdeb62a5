"""What OCPP 2.1 adds to display messages: languages, QR codes, states."""

from __future__ import annotations

from typing import Any

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import charge
from tests.conformance.ocpp201.test_o_display import info, messages, set_message, shows
from tests.conformance.station import CARD

GERMAN = {"format": "UTF8", "language": "de", "content": "Hallo"}
DUTCH = {"format": "UTF8", "language": "nl", "content": "Hoi"}


async def test_a_message_is_shown_in_the_drivers_language(start: Start, csms: Csms) -> None:
    """With messageExtra: the first text until somebody is known, then theirs; all are reported."""
    csms.tokens[CARD] = {"status": "Accepted", "language1": "nl"}
    station = await start()
    message = info(1, content={"language": "en", "content": "Hello"}, messageExtra=[GERMAN, DUTCH])
    assert await set_message(csms, message) == "Accepted"
    await shows(station, "Hello")
    await charge(station, csms)
    await shows(station, "Hoi")
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    [told] = await messages(csms)
    assert (told["message"]["content"], told["messageExtra"]) == ("Hello", [GERMAN, DUTCH])


async def test_what_a_display_cannot_show_is_refused(start: Start, csms: Csms) -> None:
    """QR codes only where a screen shows them, in no language another format; it never is Discharging."""
    await start(DisplayMessageCtrlr__SupportedFormats="UTF8,QRCODE")
    code: dict[str, Any] = {"format": "QRCODE", "content": "https://pay.example/1"}
    assert await set_message(csms, info(1, content=code)) == "Accepted"
    assert [told["message"]["format"] for told in await messages(csms)] == ["QRCODE"]
    page = {"format": "HTML", "content": "<b>1</b>"}
    assert await set_message(csms, info(2, messageExtra=[page])) == "NotSupportedMessageFormat"
    assert await set_message(csms, info(3, state="Discharging")) == "NotSupportedState"
    assert await set_message(csms, info(4, messageExtra=[GERMAN | {"language": "?"}])) == "Rejected"


async def test_a_message_for_a_suspended_charge_is_shown_while_it_is(start: Start, csms: Csms) -> None:
    """The state Suspended, which 2.1 adds: neither before, nor while energy flows."""
    station = await start()
    assert await set_message(csms, info(1, state="Suspended")) == "Accepted"
    assert await set_message(csms, info(2, state="Charging")) == "Accepted"
    assert [told["state"] for told in await messages(csms, state="Suspended")] == ["Suspended"]
    await shows(station)
    await charge(station, csms)
    await shows(station, "text 2")
    await station.ask(do="limit-set", source="EMS", periods=[[0, 0]])
    await csms.event(chargingState="SuspendedEVSE")
    await shows(station, "text 1")
    await station.ask(do="limit-clear", source="EMS")
    await shows(station, "text 2")
