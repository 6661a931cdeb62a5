"""C07: a driver whose vehicle shows a contract certificate, at a station that speaks ISO 15118 elsewhere."""

from __future__ import annotations

import asyncio

import pytest

from tests.conformance.contracts import EMAID, OCSP, Operator, refused, show
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import install
from tests.conformance.ocpp201.sessions import plug_in, set_variables
from tests.conformance.station import CARD, StationUnderTest

UNKNOWN_CHARGE = {"AuthCtrlr__OfflineTxForUnknownIdEnabled": True}
E_MAID = {"idToken": EMAID, "type": "eMAID"}


@pytest.fixture(scope="module")
def operator() -> Operator:
    return Operator.new()


async def installed(csms: Csms, operator: Operator) -> None:
    csms.tokens[EMAID] = {"status": "Accepted"}
    assert await install(csms, operator.root, "MORootCertificate") == "Accepted"


async def leave(station: StationUnderTest, csms: Csms) -> None:
    """Have the backend go away."""
    await csms.close()
    async with asyncio.timeout(30):
        while (await station.ask(do="status"))["backend"] != "disconnected":
            await asyncio.sleep(0.02)


async def test_a_contract_charges_and_is_asked_about_with_its_certificates(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """C07.FR.01, C07.FR.02: by its eMAID, with where the status of each certificate below the root is known.

    Shown again in the running transaction it stops nothing; refused then, it ends it.
    """
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    shown = await show(station, operator.chain)
    assert (shown["accepted"], shown["status"], shown["evse"]) == (True, "Accepted", 1)
    asked = (await csms.expect("Authorize")).payload
    assert asked["idToken"] == E_MAID
    assert [one["responderURL"] for one in asked["iso15118CertificateHashData"]] == [OCSP] * 3
    assert "certificate" not in asked
    started = await csms.event(eventType="Started")
    assert started["idToken"] == E_MAID
    await csms.event(chargingState="Charging")
    again = await show(station, operator.chain)
    assert (again["accepted"], again["transaction"]) == (True, started["transactionInfo"]["transactionId"])
    await csms.expect("Authorize")
    assert (await show(station, operator.chain, "DE83DUIEN83QGZX"))["certificate"] == "CertChainError"
    csms.tokens[EMAID] = {"status": "Blocked"}
    assert await refused(station, operator.chain) == ("Blocked", None)
    ended = await csms.event(eventType="Ended")
    assert ended["transactionInfo"]["stoppedReason"] == "DeAuthorized"


async def test_what_the_backend_has_against_certificates_charges_nobody(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """C01.FR.02 for contracts: whatever is wrong, although the number is accepted or blocked itself."""
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    flaws = ("SignatureError", "CertificateExpired", "CertificateRevoked", "CertChainError")
    for flaw in (*flaws, "NoCertificateAvailable", "ContractCancelled"):
        csms.script["Authorize"] = _answer("Accepted", flaw)
        assert await refused(station, operator.chain) == ("Invalid", flaw)
    csms.script["Authorize"] = _answer("Blocked", "ContractCancelled")
    assert await refused(station, operator.chain) == ("Blocked", "ContractCancelled")
    csms.script["Authorize"] = _answer("ConcurrentTx", "Accepted")
    assert await refused(station, operator.chain) == ("ConcurrentTx", None)
    assert csms.events() == []
    csms.script["Authorize"] = _answer("Accepted", "Accepted")
    assert (await show(station, operator.chain))["accepted"]


def _answer(status: str, certificates: str) -> Payload:
    return {"idTokenInfo": {"status": status}, "certificateStatus": certificates}


async def test_what_the_station_sees_itself_is_asked_of_nobody(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A contract that is over, forged, without its authorities, or another driver's; and with PnC off."""
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    assert await refused(station, operator.expired) == ("Expired", "CertificateExpired")
    assert await refused(station, operator.forged) == ("Invalid", "SignatureError")
    assert await refused(station, operator.incomplete) == ("Invalid", "CertChainError")
    assert await refused(station, operator.chain, "DE83DUIEN83QGZX") == ("Invalid", "CertChainError")
    assert await refused(station, "no certificate") == ("Invalid", "CertChainError")
    assert await set_variables(csms, {"ISO15118Ctrlr.PnCEnabled": "false"}) == ["Accepted"]
    assert await refused(station, operator.chain) == ("Invalid", None)
    assert csms.calls("Authorize") == []


async def test_an_evse_that_is_another_drivers_stays_so(csms: Csms, operator: Operator, start: Start) -> None:
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    shown = await show(station, operator.chain)
    assert (shown["accepted"], shown["status"]) == (False, "Accepted")
    assert shown["why"] == "another driver is charging here"


async def test_without_a_root_the_backend_judges_if_it_may(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """C07.FR.06: CentralContractValidationAllowed sends the chain; without it nobody is asked."""
    csms.tokens[EMAID] = {"status": "Accepted"}
    station = await start()
    await plug_in(station, csms)
    assert await refused(station, operator.chain) == ("Invalid", "CertChainError")
    assert csms.calls("Authorize") == []
    allowed = {"ISO15118Ctrlr.CentralContractValidationAllowed": "true"}
    assert await set_variables(csms, allowed) == ["Accepted"]
    assert await refused(station, operator.expired) == ("Invalid", "CertChainError")
    assert (await show(station, operator.chain))["accepted"]
    asked = (await csms.expect("Authorize")).payload
    assert (asked["idToken"], asked["certificate"]) == (E_MAID, operator.chain)
    assert "iso15118CertificateHashData" not in asked


async def test_offline_nobody_charges_without_contract_validation_offline(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """C07.FR.07: neither who is listed, nor who is unknown."""
    station = await start(ISO15118Ctrlr__ContractValidationOffline=False, **UNKNOWN_CHARGE)
    await installed(csms, operator)
    await _list(csms, "Accepted")
    await plug_in(station, csms)
    await leave(station, csms)
    assert await refused(station, operator.chain) == ("Offline", None)


@pytest.mark.parametrize(("listed", "is_accepted"), [("Accepted", True), ("Blocked", False)])
async def test_offline_a_valid_contract_counts_as_its_number_is_listed(
    csms: Csms, operator: Operator, start: Start, listed: str, is_accepted: bool
) -> None:
    """C07.FR.08, C07.FR.09: and a chain that is not valid charges nobody, listed or not."""
    station = await start(**UNKNOWN_CHARGE)
    await installed(csms, operator)
    await _list(csms, listed)
    await plug_in(station, csms)
    port = csms.port
    await leave(station, csms)
    assert await refused(station, operator.incomplete) == ("Invalid", "CertChainError")
    shown = await show(station, operator.chain)
    assert (shown["accepted"], shown["status"]) == (is_accepted, listed)
    await csms.listen(port)
    if is_accepted:
        started = await csms.event(eventType="Started")
        assert (started["offline"], started["idToken"]) == (True, E_MAID)
    assert csms.calls("Authorize") == []


async def test_offline_a_contract_that_the_backend_spoke_of_is_in_the_cache(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """C07.FR.10: as good as it was."""
    station = await start()
    await installed(csms, operator)
    csms.tokens[EMAID] = {"status": "Blocked"}
    await plug_in(station, csms)
    assert await refused(station, operator.chain) == ("Blocked", None)
    csms.tokens[EMAID] = {"status": "Accepted"}
    assert (await show(station, operator.chain))["accepted"]
    station.bay.unplug()
    await csms.event(eventType="Ended")
    await plug_in(station, csms)
    await leave(station, csms)
    assert (await show(station, operator.chain))["accepted"]


@pytest.mark.parametrize("is_admitted", [True, False])
async def test_offline_an_unknown_contract_charges_if_unknown_drivers_do(
    csms: Csms, operator: Operator, start: Start, is_admitted: bool
) -> None:
    """C07.FR.11, C07.FR.12: as OfflineTxForUnknownIdEnabled says."""
    station = await start(AuthCtrlr__OfflineTxForUnknownIdEnabled=is_admitted)
    await installed(csms, operator)
    await plug_in(station, csms)
    await leave(station, csms)
    assert (await show(station, operator.chain))["accepted"] is is_admitted


async def _list(csms: Csms, status: str) -> None:
    entry = {"idToken": E_MAID, "idTokenInfo": {"status": status}}
    request = {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    assert (await csms.call("SendLocalList", request))["status"] == "Accepted"
