"""Block N: what the station holds about a customer, reported and cleared (TC_N_27 and following)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Refuse, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, transaction_id, unplug
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

TOKEN = {"idToken": CARD, "type": "ISO14443"}
CERTIFICATE = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "00",
    "issuerKeyHash": "00",
    "serialNumber": "1",
}


async def ask(csms: Csms, *, report: bool, clear: bool, request_id: int = 4, **reference: Any) -> str:
    """Ask about a customer, the one with the card if no other is named; return the status."""
    request: Payload = {"requestId": request_id, "report": report, "clear": clear}
    answer = await csms.call("CustomerInformation", request | (reference or {"idToken": TOKEN}))
    status: str = answer["status"]
    return status


async def told(csms: Csms, request_id: int = 4) -> str:
    """Return what the station tells about a customer, put together from the parts."""
    text, seq_no, is_complete = "", 0, False
    while not is_complete:
        part = (await csms.expect("NotifyCustomerInformation")).payload
        assert (part["requestId"], part["seqNo"]) == (request_id, seq_no)
        assert len(part["data"]) <= 512
        text, seq_no, is_complete = text + part["data"], seq_no + 1, not part.get("tbc", False)
    return text


async def about(csms: Csms, *, report: bool = True, clear: bool = False, **reference: Any) -> str:
    assert await ask(csms, report=report, clear=clear, **reference) == "Accepted"
    return await told(csms)


async def in_the_list(csms: Csms, *cards: str) -> None:
    """Put cards into the local authorization list."""
    entries = [
        {"idToken": {"idToken": card, "type": "ISO14443"}, "idTokenInfo": {"status": "Accepted"}}
        for card in cards
    ]
    answer = await csms.call(
        "SendLocalList",
        {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": entries},
    )
    assert answer["status"] == "Accepted"


async def test_tc_n_27_what_is_held_is_reported_in_as_many_parts_as_it_takes(
    csms: Csms, start: Start
) -> None:
    """N09.FR.02, N09.FR.05."""
    csms.tokens[CARD] = {
        "status": "Accepted",
        "cacheExpiryDateTime": "2030-01-01T00:00:00Z",
        "groupIdToken": {"idToken": "FAMILY", "type": "Central"},
    }
    station: StationUnderTest = await start()
    await in_the_list(csms, CARD, OTHER_CARD)
    transaction = await charge(station, csms)
    text = await about(csms)
    assert len(csms.calls("NotifyCustomerInformation")) >= 2
    for expected in (f"local authorization list: ISO14443 {CARD}", transaction):
        assert expected in text
    assert OTHER_CARD not in text
    other = await about(csms, idToken={"idToken": OTHER_CARD, "type": "ISO14443"})
    assert "local authorization list" in other
    assert transaction not in other
    assert await about(csms, customerIdentifier=CARD.lower()) == text


async def test_tc_n_27_the_cache_is_reported(csms: Csms, start: Start) -> None:
    """N09.FR.05: and another type of token with the same number is somebody else."""
    csms.tokens[CARD] = {"status": "Accepted", "groupIdToken": {"idToken": "FAMILY", "type": "Central"}}
    station: StationUnderTest = await start()
    await charge(station, csms)
    text = await about(csms)
    assert "authorization cache" in text
    assert "FAMILY" in text
    nobody = await about(csms, idToken={"idToken": CARD, "type": "eMAID"})
    assert nobody == "No data about this customer was found."


@pytest.mark.parametrize(
    "reference",
    [{}, {"customerIdentifier": "NL-ABC-C123"}, {"customerCertificate": CERTIFICATE}],
    ids=["token", "identifier", "certificate"],
)
async def test_tc_n_28_and_31_nothing_is_said_to_be_nothing(
    csms: Csms, start: Start, reference: dict[str, Any]
) -> None:
    """N09.FR.06, N10.FR.04: in one message. TC_N_31, TC_N_63: nothing is known of the certificate."""
    await start()
    for clear in (False, True):
        assert await about(csms, clear=clear, **reference) == "No data about this customer was found."
    assert len(csms.calls("NotifyCustomerInformation")) == 2


async def test_tc_n_29_a_request_that_cannot_be_served_now_is_rejected(csms: Csms, start: Start) -> None:
    """N09.FR.03, N10.FR.05: other reports wait for the backend."""
    await start()
    csms.script["NotifyCustomerInformation"] = Silence()
    statuses = [await ask(csms, report=True, clear=False, request_id=number) for number in range(4)]
    assert statuses == ["Accepted", "Accepted", "Accepted", "Rejected"]
    assert await ask(csms, report=False, clear=True) == "Rejected"


@pytest.mark.parametrize("reference", [{"idToken": TOKEN}, {"customerIdentifier": CARD}])
async def test_tc_n_30_and_62_cleared_data_is_reported_and_gone(
    csms: Csms, start: Start, reference: dict[str, Any]
) -> None:
    """N10.FR.01, N10.FR.03: TC_N_62 by the number alone."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    await station.accepted()
    await csms.event(eventType="Ended")
    await unplug(station, csms)
    text = await about(csms, clear=True, **reference)
    assert "authorization cache" in text
    assert text.endswith("All data about this customer was cleared.")
    assert await about(csms) == "No data about this customer was found."
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert await about(csms) == "No data about this customer was found."


async def test_tc_n_32_clearing_says_that_it_is_done(csms: Csms, start: Start) -> None:
    """N10.FR.06: in one message, whether there was something or not."""
    station: StationUnderTest = await start()
    assert await about(csms, report=False, clear=True) == "All data about this customer was cleared."
    await charge(station, csms)
    await station.accepted()
    await csms.event(eventType="Ended")
    csms.tokens[CARD] = {"status": "Blocked"}
    assert await about(csms, report=False, clear=True) == "All data about this customer was cleared."
    assert await about(csms) == "No data about this customer was found."


async def test_clearing_loses_neither_the_local_list_nor_a_transaction(csms: Csms, start: Start) -> None:
    """N10.FR.03, N10.FR.06: the list is the backend's; what it does not have yet is delivered first."""
    station: StationUnderTest = await start(**{"OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": 1})
    await in_the_list(csms, CARD)
    csms.script["TransactionEvent"] = Refuse("InternalError")
    station.bay.plug_in()
    await station.accepted()
    started = await csms.event(eventType="Started")
    text = await about(csms, clear=True)
    kept = text.partition("Cleared, except what is needed still:")[2]
    assert "local authorization list" in kept
    assert f"transaction {transaction_id(started)}" in kept
    assert "events with the token to be delivered" in kept
    assert (await csms.call("GetLocalListVersion", {}))["versionNumber"] == 1
    del csms.script["TransactionEvent"]
    await csms.drop()
    again = await csms.event(eventType="Started")
    assert again["idToken"]["idToken"] == CARD
    await csms.event(chargingState="Charging")


@pytest.mark.parametrize(
    ("reference", "report", "clear", "status"),
    [
        ({"idToken": TOKEN}, False, False, "Rejected"),  # N09.FR.07, N10.FR.07
        ({"customerIdentifier": "A", "idToken": TOKEN}, True, False, "Invalid"),  # N09.FR.09
        ({"customerIdentifier": "A", "customerCertificate": CERTIFICATE}, False, True, "Invalid"),
    ],
)
async def test_tc_n_33_what_makes_no_sense_is_refused(
    csms: Csms, start: Start, reference: dict[str, Any], report: bool, clear: bool, status: str
) -> None:
    await start()
    assert await ask(csms, report=report, clear=clear, **reference) == status
    nobody = await csms.call("CustomerInformation", {"requestId": 1, "report": True, "clear": True})
    assert nobody["status"] == "Invalid"  # N09.FR.09
    await csms.nothing_more(0.2, "NotifyCustomerInformation")
