"""Plug & Charge over DataTransfer (OCA application note): a driver whose vehicle shows a contract."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.contracts import EMAID, OCSP, Operator, refused, show
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked
from tests.conformance.ocpp16.test_plug_and_charge import VENDOR, pnc
from tests.conformance.station import StationUnderTest


@pytest.fixture(scope="module")
def operator() -> Operator:
    return Operator.new()


def says(status: str, certificates: str | None = None) -> Callable[[Payload], Payload]:
    """Answer Authorize of the note like this."""
    answer: dict[str, Any] = {"idTokenInfo": {"status": status}}
    if certificates is not None:
        answer["certificateStatus"] = certificates

    def script(request: Payload) -> Payload:
        assert (request["vendorId"], request["messageId"]) == (VENDOR, "Authorize")
        return {"status": "Accepted", "data": json.dumps(answer)}

    return script


async def installed(csms: Csms, operator: Operator) -> None:
    root = {"certificateType": "MORootCertificate", "certificate": operator.root}
    assert await pnc(csms, "InstallCertificate", **root) == {"status": "Accepted"}


async def plug_in(station: StationUnderTest, csms: Csms) -> None:
    station.bay.plug_in()
    await csms.expect("StatusNotification", on(1, "Preparing"))


async def leave(station: StationUnderTest, csms: Csms) -> None:
    """Have the central system go away."""
    await csms.close()
    async with asyncio.timeout(30):
        while (await station.ask(do="status"))["backend"] != "disconnected":
            await asyncio.sleep(0.02)


async def test_a_contract_charges(csms: Csms, operator: Operator, start: Start) -> None:
    """By its eMAID and where the status of its certificates is known; the transaction is the eMAID's."""
    csms.script["DataTransfer"] = says("Accepted", "Accepted")
    csms.tokens[EMAID] = {"status": "Accepted"}
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    assert (await show(station, operator.chain))["accepted"]
    question = json.loads((await csms.expect("DataTransfer")).payload["data"])
    assert question["idToken"] == {"idToken": EMAID, "type": "eMAID"}
    assert [one["responderURL"] for one in question["iso15118CertificateHashData"]] == [OCSP] * 3
    assert (await csms.expect("StartTransaction")).payload["idTag"] == EMAID
    assert csms.calls("Authorize") == [], "a contract is no idTag that anybody may write on a card"
    csms.script["DataTransfer"] = says("Accepted", "CertificateRevoked")
    assert await refused(station, operator.chain) == ("Invalid", "CertificateRevoked")
    assert (await csms.expect("StopTransaction")).payload["reason"] == "DeAuthorized"


async def test_what_is_refused(csms: Csms, operator: Operator, start: Start) -> None:
    """By the backend: its number or its certificates; by the station, which then asks nobody."""
    station = await start()
    await installed(csms, operator)
    await plug_in(station, csms)
    for status, certificates, seen in (
        ("Accepted", "CertificateRevoked", "Invalid"),
        ("Accepted", "ContractCancelled", "Invalid"),
        ("Blocked", "Accepted", "Blocked"),
        ("Unknown", None, "Unknown"),
    ):
        csms.script["DataTransfer"] = says(status, certificates)
        flaw = None if certificates == "Accepted" else certificates
        assert await refused(station, operator.chain) == (seen, flaw)
    told = len(csms.calls("DataTransfer"))
    assert await refused(station, operator.expired) == ("Expired", "CertificateExpired")
    assert await refused(station, operator.forged) == ("Invalid", "SignatureError")
    assert await refused(station, operator.chain, "DE83DUIEN83QGZX") == ("Invalid", "CertChainError")
    assert await asked(csms, "ChangeConfiguration", key="ISO15118PnCEnabled", value="false") == "Accepted"
    assert await refused(station, operator.chain) == ("Invalid", None)
    assert len(csms.calls("DataTransfer")) == told
    assert csms.calls("StartTransaction") == []


async def test_without_a_root_the_backend_judges_if_it_may(
    csms: Csms, operator: Operator, start: Start
) -> None:
    csms.script["DataTransfer"] = says("Accepted", "Accepted")
    station = await start()
    await plug_in(station, csms)
    assert await refused(station, operator.chain) == ("Invalid", "CertChainError")
    key = "CentralContractValidationAllowed"
    assert await asked(csms, "ChangeConfiguration", key=key, value="true") == "Accepted"
    assert (await show(station, operator.chain))["accepted"]
    [question] = [json.loads(call.payload["data"]) for call in csms.calls("DataTransfer")]
    assert question["certificate"] == operator.chain


@pytest.mark.parametrize(
    ("validates", "listed", "admits_unknown", "is_accepted"),
    [
        (False, True, True, False),
        (True, True, False, True),
        (True, False, True, True),
        (True, False, False, False),
    ],
)
async def test_offline(
    csms: Csms,
    operator: Operator,
    start: Start,
    validates: bool,
    listed: bool,
    admits_unknown: bool,
    is_accepted: bool,
) -> None:
    """As ContractValidationOffline, the local list and AllowOfflineTxForUnknownId say; and told later."""
    station = await start(
        ISO15118Ctrlr__ContractValidationOffline=validates,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=admits_unknown,
    )
    await installed(csms, operator)
    entry = {"idTag": EMAID, "idTagInfo": {"status": "Accepted"}}
    entries = [entry] if listed else []
    request = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
    assert await asked(csms, "SendLocalList", **request) == "Accepted"
    await plug_in(station, csms)
    port = csms.port
    await leave(station, csms)
    assert await refused(station, operator.incomplete) == (
        ("Invalid", "CertChainError") if validates else ("Offline", None)
    )
    assert (await show(station, operator.chain))["accepted"] is is_accepted
    await csms.listen(port)
    if is_accepted:
        assert (await csms.expect("StartTransaction")).payload["idTag"] == EMAID


async def test_a_backend_without_plug_and_charge_counts_as_away(
    csms: Csms, operator: Operator, start: Start
) -> None:
    csms.script["DataTransfer"] = {"status": "UnknownVendorId"}
    station = await start(AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    await installed(csms, operator)
    await plug_in(station, csms)
    assert (await show(station, operator.chain))["accepted"]
