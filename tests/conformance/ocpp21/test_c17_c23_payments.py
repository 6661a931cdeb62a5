"""C17 to C23: prepaid cards, and a payment terminal that is connected to the station."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from agent.cli import main
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.tariffs import (
    costs,
    ended,
    fee,
    incl,
    per_minute,
    prices,
    set_default,
    tariff,
    until_charged,
    until_read,
)
from tests.conformance.ocpp201.sessions import charge, charging, get_variables, plug_in, set_variables, unplug
from tests.conformance.station import CARD, StationUnderTest

TERMINAL = '[payment]\nterminal = "emulated"\n'
VISA = {"PaymentBrand": "VISA", "PaymentRecognition": "CC", "CardLast4Digits": "1234"}
REFERENCE = "PSP-0001"


@pytest.fixture(autouse=True)
def payments_are_known(csms: Csms) -> None:
    """Let the CSMS accept what a terminal has accepted, in its answers to events too."""
    csms.tokens |= {reference: {"status": "Accepted"} for reference in (REFERENCE, "PSP-0002")}


async def pay(station: StationUnderTest, reference: str = REFERENCE, evse: int = 1) -> Mapping[str, Any]:
    return await station.ask(do="pay", reference=reference, evse=evse, details=VISA)


async def orders(station: StationUnderTest, mood: str | None = None) -> list[tuple[str, str | None]]:
    """Return what the terminal was told; let it be in this mood from now on."""
    told = await station.ask(do="pay-terminal", mood=mood)
    return [(one["what"], one["amount"]) for one in told["orders"]]


async def charge_by_card(station: StationUnderTest, csms: Csms, reference: str = REFERENCE) -> str:
    """Plug in, pay, and wait until energy flows; return the transaction."""
    await plug_in(station, csms)
    outcome = await pay(station, reference)
    assert outcome["accepted"], outcome
    return await charging(csms)


async def test_tc_c_103_104_a_prepaid_card(csms: Csms, start: Start) -> None:
    """C17.FR.04, C17.FR.05. TC_C_103, TC_C_104: it is asked about each time; it goes as far as the backend
    says the credit does; without credit nothing begins.
    """
    now = csms.now()
    csms.tokens[CARD] = {"status": "Accepted", "cacheExpiryDateTime": now}
    station: StationUnderTest = await start(AuthCacheCtrlr__Enabled=True, AuthCtrlr__LocalPreAuthorize=True)
    await charge(station, csms)
    await ended(station, csms)
    csms.script["TransactionEvent"] = {"transactionLimit": {"maxCost": 0.1}}
    assert await set_default(csms, tariff(energy=prices(5))) == "Accepted"
    await charge(station, csms)
    told = await csms.event(triggerReason="LimitSet")
    assert told["transactionInfo"]["transactionLimit"] == {"maxCost": 0.1}
    await csms.event(triggerReason="CostLimitReached", chargingState="SuspendedEVSE")
    await unplug(station, csms)
    assert incl(costs(await csms.event(eventType="Ended"))["totalCost"]["total"]) >= Decimal("0.1")
    del csms.script["TransactionEvent"]
    csms.tokens[CARD] = {"status": "NoCredit", "cacheExpiryDateTime": now}
    await plug_in(station, csms)
    outcome = await station.tap()
    await csms.expect("Authorize")
    assert (outcome["accepted"], outcome["why"]) == (False, "NoCredit")
    await csms.nothing_more(0.3, "TransactionEvent")


async def test_tc_c_106_114_paid_settled_and_receipted_at_the_terminal(csms: Csms, start: Start) -> None:
    """C21.FR.01, C21.FR.02, C21.FR.04. TC_C_106, TC_C_114.

    The payment's reference is the driver's token, with what the backend wants to know of the card; a price
    for the way of paying holds. The receipt is shown.
    """
    station: StationUnderTest = await start(sections=TERMINAL)
    by_brand = fee((3, {"paymentBrand": "VISA"}), 0)
    assert await set_default(csms, tariff(energy=prices(1), fixedFee=by_brand)) == "Accepted"
    transaction = await charge_by_card(station, csms)
    assert csms.calls("Authorize") == []
    assert csms.events(transaction)[0]["idToken"] == {
        "idToken": REFERENCE,
        "type": "DirectPayment",
        "additionalInfo": [
            {"additionalIdToken": "VISA", "type": "PaymentBrand"},
            {"additionalIdToken": "CC", "type": "PaymentRecognition"},
        ],
    }
    await until_charged(station)
    assert (await pay(station))["accepted"]  # the same card again: stop
    last = await csms.event(eventType="Ended", triggerReason="StopAuthorized")
    total = incl(costs(last)["totalCost"]["total"])
    assert incl(costs(last)["totalCost"]["fixed"]) == 3
    told = (await csms.expect("NotifySettlement")).payload
    assert (told["pspRef"], told["status"], told["transactionId"]) == (REFERENCE, "Settled", transaction)
    assert Decimal(str(told["settlementAmount"])) == round(total, 2)
    assert told["receiptUrl"] == f"https://receipts.example/{REFERENCE}"
    assert await orders(station) == [("settle", str(round(total, 2)))]
    await until_read(station, told["receiptUrl"])


async def test_tc_c_107_116_the_backend_authorizes_and_makes_the_receipt(csms: Csms, start: Start) -> None:
    """C18.FR.08, C21.FR.03. TC_C_107, TC_C_108, TC_C_116: with a VAT number that it knows."""
    station: StationUnderTest = await start(
        sections=TERMINAL,
        PaymentCtrlr__AuthorizeDirectPayment=True,
        PaymentCtrlr__ReceiptByCSMS=True,
    )
    csms.script["Authorize"] = {"idTokenInfo": {"status": "Accepted"}, "tariff": tariff("by card")}
    transaction = await charge_by_card(station, csms)
    (asked,) = csms.calls("Authorize")
    assert (asked.payload["idToken"]["idToken"], asked.payload["idToken"]["type"]) == (
        REFERENCE,
        "DirectPayment",
    )
    assert csms.events(transaction)[0]["transactionInfo"]["tariffId"] == "by card"
    company = {"name": "Example", "address1": "1 Main Street", "city": "Town", "country": "NL"}

    def check(question: Payload) -> Payload:
        is_known = question["vatNumber"] == "NL1"
        return (
            {**question, "status": "Accepted", "company": company}
            if is_known
            else {**question, "status": "Rejected"}
        )

    csms.script["VatNumberValidation"] = check
    assert (await station.ask(do="pay-vat", number="XX", evse=1))["valid"] is False
    assert (await station.ask(do="pay-vat", number="NL1", evse=1))["company"] == "Example"
    await until_charged(station)
    csms.script["NotifySettlement"] = {"receiptUrl": "https://csms.example/r/1", "receiptId": "1"}
    await ended(station, csms)
    told = (await csms.expect("NotifySettlement")).payload
    assert (told["vatNumber"], told["vatCompany"]) == ("NL1", company)
    assert "receiptUrl" not in told
    await until_read(station, "https://csms.example/r/1")


async def test_tc_c_105_the_backend_does_not_authorize(csms: Csms, start: Start) -> None:
    """TC_C_105: what is held is given back; offline too."""
    station: StationUnderTest = await start(sections=TERMINAL, PaymentCtrlr__AuthorizeDirectPayment=True)
    csms.tokens.clear()
    await plug_in(station, csms)
    assert (await pay(station))["why"] == "Unknown"
    assert await orders(station) == [("release", None)]
    await csms.close()
    await csms.until(lambda: not csms.is_connected)
    assert not (await pay(station, "PSP-0002"))["accepted"]
    assert await orders(station) == [("release", None)] * 2


async def test_tc_c_109_110_canceled_before_there_is_a_transaction(csms: Csms, start: Start) -> None:
    """C01.FR.26, C19.FR.01, C19.FR.02. TC_C_109, TC_C_110, TC_C_111, TC_C_112: both ways."""
    station: StationUnderTest = await start(sections=TERMINAL, TxCtrlr__EVConnectionTimeOut=1)
    assert (await pay(station))["accepted"]
    await station.until(token=None)
    await csms.nothing_more(0.5, "NotifySettlement", "TransactionEvent")
    assert await orders(station) == [("release", None)]
    settings = {"PaymentCtrlr.AuthorizeDirectPayment": "true", "TxCtrlr.EVConnectionTimeOut": "60"}
    assert await set_variables(csms, settings) == ["Accepted", "Accepted"]
    assert (await pay(station, "PSP-0002"))["accepted"]
    assert (await pay(station, "PSP-0002"))["accepted"]  # the driver cancels
    told = (await csms.expect("NotifySettlement")).payload
    assert (told["pspRef"], told["status"], told["settlementAmount"]) == ("PSP-0002", "Canceled", 0)
    assert "transactionId" not in told


async def test_tc_c_113_canceled_after_a_transaction_began(csms: Csms, start: Start) -> None:
    """C20.FR.02. TC_C_113: nothing was used, nothing is due, not even the least."""
    station: StationUnderTest = await start(
        sections=TERMINAL, TxCtrlr__TxStartPoint="Authorized", TxCtrlr__EVConnectionTimeOut=1
    )
    least = tariff(energy=prices(1), idleTime=per_minute(1), minCost={"inclTax": 5})
    assert await set_default(csms, least) == "Accepted"
    assert (await pay(station))["accepted"]
    last = await csms.event(eventType="Ended")
    assert last["triggerReason"] == "EVConnectTimeout"
    assert incl(costs(last)["totalCost"]["total"]) == 0
    assert costs(last)["totalUsage"] == {"energy": 0, "chargingTime": 0, "idleTime": 0}
    told = (await csms.expect("NotifySettlement")).payload
    assert (told["status"], told["settlementAmount"]) == ("Canceled", 0)
    assert told["transactionId"] == last["transactionInfo"]["transactionId"]
    assert await orders(station) == [("release", None)]


async def test_tc_c_115_the_backend_settles(csms: Csms, start: Start) -> None:
    """C21.FR.06. TC_C_115: the terminal is told nothing, and there is nothing to tell."""
    station: StationUnderTest = await start(sections=TERMINAL, PaymentCtrlr__SettlementByCSMS=True)
    assert await set_default(csms, tariff()) == "Accepted"
    await charge_by_card(station, csms)
    await until_charged(station)
    await ended(station, csms)
    await csms.nothing_more(0.8, "NotifySettlement")
    assert await orders(station) == []


async def test_a_cost_that_the_backend_says_is_settled(csms: Csms, start: Start) -> None:
    """C21.FR.01: central cost calculation; where the total is zero all is given back."""
    station: StationUnderTest = await start(sections=TERMINAL)
    for reference, total, status in ((REFERENCE, 4.25, "Settled"), ("PSP-0002", 0, "Canceled")):
        await charge_by_card(station, csms, reference)
        csms.script["TransactionEvent"] = {"totalCost": total}
        await ended(station, csms)
        told = (await csms.expect("NotifySettlement")).payload
        assert (told["pspRef"], told["status"], told["settlementAmount"]) == (reference, status, total)
        del csms.script["TransactionEvent"]
    assert await orders(station) == [("settle", "4.25"), ("release", None)]


async def test_tc_c_119_120_a_settlement_that_does_not_succeed(csms: Csms, start: Start) -> None:
    """C22.FR.01, C22.FR.02. TC_C_119, TC_C_120: with what the provider says, and without a receipt."""
    station: StationUnderTest = await start(sections=TERMINAL)
    assert await set_default(csms, tariff()) == "Accepted"
    for reference, mood, status in ((REFERENCE, "rejects", "Rejected"), ("PSP-0002", "fails", "Failed")):
        await orders(station, mood)
        await charge_by_card(station, csms, reference)
        await until_charged(station, 50)
        await ended(station, csms)
        told = (await csms.expect("NotifySettlement")).payload
        assert (told["status"], told["pspRef"]) == (status, reference)
        assert told["statusInfo"]
        assert not {"receiptUrl", "receiptId"} & told.keys()
    (problem,) = await get_variables(csms, "PaymentCtrlr.Problem")
    assert problem["attributeValue"] == "true"


async def test_tc_c_121_122_more_is_held_or_no_more_flows(csms: Csms, start: Start) -> None:
    """C23.FR.01, C23.FR.02. TC_C_121, TC_C_122."""
    station: StationUnderTest = await start(
        sections=TERMINAL,
        PaymentCtrlr__AuthorizationAmount="1",
        PaymentCtrlr__IncrementalAuthorizationAmount="1",
        PaymentCtrlr__IncrementalAuthorizationThreshold="0.5",
    )
    assert await set_default(csms, tariff(energy=prices(5))) == "Accepted"
    transaction = await charge_by_card(station, csms)
    await until_charged(station, 300)
    assert ("hold", "2") in await orders(station)
    told = [one for one in csms.events(transaction) if one["triggerReason"] == "LimitSet"]
    assert [one["transactionInfo"]["transactionLimit"]["maxCost"] for one in told][:2] == [1, 2]
    none = {"PaymentCtrlr.IncrementalAuthorizationAmount": "0"}
    assert await set_variables(csms, none) == ["Accepted"]
    await csms.event(triggerReason="CostLimitReached", chargingState="SuspendedEVSE")
    await unplug(station, csms)
    total = incl(costs(await csms.event(eventType="Ended"))["totalCost"]["total"])
    assert Decimal(2) <= total < Decimal("3.5")


async def test_a_payment_survives_power_cuts_and_a_backend_that_is_away(csms: Csms, start: Start) -> None:
    """C21.FR.02: settled once, and told once there is somebody to tell."""
    station: StationUnderTest = await start(sections=TERMINAL)
    assert await set_default(csms, tariff()) == "Accepted"
    transaction = await charge_by_card(station, csms)
    await until_charged(station)
    port = csms.port
    await csms.close()
    await csms.until(lambda: not csms.is_connected)
    await station.cut_power()
    await station.power_on()
    await station.until(charging_state="Charging")
    station.bay.unplug()
    await station.until(transaction=None)
    await csms.listen(port)
    told = (await csms.expect("NotifySettlement")).payload
    assert (told["transactionId"], told["status"]) == (transaction, "Settled")
    assert [what for what, _ in await orders(station)] == ["settle"]


async def test_hands_on_the_command_line(
    csms: Csms, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    station: StationUnderTest = await start(sections=TERMINAL)

    async def run(*words: str) -> tuple[int, str]:
        file = str(station.directory / "station.toml")
        code = await asyncio.to_thread(main, [*words, "--config", file])
        out, err = capsys.readouterr()
        return code, out + err

    csms.script["VatNumberValidation"] = lambda question: {**question, "status": "Rejected"}
    assert await run("pay-vat", "NL1") == (1, "the backend does not know this number\n")
    assert await run("tariff-refuse", "1") == (1, "chargehand-agent: nobody is authorized at EVSE 1\n")
    nowhere = (1, "chargehand-agent: there is no EVSE 9; there are [1]\n")
    assert await run("tariff-refuse", "9") == nowhere
    assert await run("pay", REFERENCE, "--evse", "9") == nowhere
    assert await run("pay-vat", "NL1", "--evse", "9") == nowhere
    await plug_in(station, csms)
    assert await run("pay", REFERENCE, "--evse", "1", "--detail", "PaymentBrand=VISA") == (0, "accepted\n")
    started = await csms.event(eventType="Started")
    assert started["idToken"]["additionalInfo"] == [{"additionalIdToken": "VISA", "type": "PaymentBrand"}]
    assert await run("pay", "PSP-0002", "--evse", "1") == (1, "refused: another driver is charging here\n")
    assert await run("pay-terminal", "fails") == (0, "the terminal fails\nrelease PSP-0002\n")
    code, said = await run("pay", "PSP-0003", "--evse", "1")
    assert (code, "does not answer" in said) == (1, True)
