"""Plug & Charge over DataTransfer (OCA application note): what the backend asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from certs.issuing import Terms
from certs.pem import read_bundle
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import Start
from tests.conformance.ocpp16.sessions import asked, configuration
from tests.conformance.tls import Operator

VENDOR = "org.openchargealliance.iso15118pnc"
SECC = Terms(usage=("digital_signature",))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def pnc(csms: Csms, message_id: str, **payload: Any) -> Payload:
    """Send one of the note's messages, and return the payload of its answer."""
    request = {"vendorId": VENDOR, "messageId": message_id, "data": json.dumps(payload)}
    answer = await csms.call("DataTransfer", request)
    assert answer["status"] == "Accepted", answer
    found: Payload = json.loads(answer["data"])
    return found


async def installed(csms: Csms, *kinds: str) -> list[Payload]:
    answer = await pnc(csms, "GetInstalledCertificateIds", certificateType=list(kinds))
    found: list[Payload] = answer.get("certificateHashDataChain", [])
    assert answer["status"] == ("Accepted" if found else "NotFound")
    return found


async def test_roots_are_installed_listed_and_deleted(csms: Csms, operator: Operator, start: Start) -> None:
    await start()
    assert await installed(csms) == []
    root = operator.root_pem
    for kind in ("V2GRootCertificate", "MORootCertificate"):
        answer = await pnc(csms, "InstallCertificate", certificateType=kind, certificate=root)
        assert answer == {"status": "Accepted"}
    no_root = await pnc(csms, "InstallCertificate", certificateType="V2GRootCertificate", certificate="?")
    assert no_root == {"status": "Rejected"}
    other = await pnc(csms, "InstallCertificate", certificateType="OEMRootCertificate", certificate=root)
    assert other == {"status": "Rejected"}
    [listed] = await installed(csms, "MORootCertificate")
    assert listed["certificateType"] == "MORootCertificate"
    named = listed["certificateHashData"]
    for status in ("Accepted", "Accepted", "NotFound"):  # it was there for two uses
        assert await pnc(csms, "DeleteCertificate", certificateHashData=named) == {"status": status}
    assert await installed(csms) == []


async def test_the_certificate_for_vehicles_is_asked_for_and_used(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """TriggerMessage, SignCertificate, CertificateSigned; plain ones are for the link to the backend."""
    csms.script["DataTransfer"] = {"status": "Accepted", "data": '{"status": "Accepted"}'}
    await start()
    triggered = await pnc(csms, "TriggerMessage", requestedMessage="SignV2GCertificate")
    assert triggered == {"status": "Accepted"}
    sent = (await csms.expect("DataTransfer")).payload
    assert (sent["vendorId"], sent["messageId"]) == (VENDOR, "SignCertificate")
    request = json.loads(sent["data"])
    assert request["certificateType"] == "V2GCertificate"
    assert csms.calls("SignCertificate") == []
    chain = operator.answer(request["csr"], SECC)
    signed = {"certificateChain": chain, "certificateType": "V2GCertificate"}
    assert await pnc(csms, "CertificateSigned", **signed) == {"status": "Rejected"}, "no root for it yet"
    await pnc(csms, "InstallCertificate", certificateType="V2GRootCertificate", certificate=operator.root_pem)
    assert await pnc(csms, "CertificateSigned", **signed) == {"status": "Accepted"}
    [listed] = await installed(csms, "V2GCertificateChain")
    assert int(listed["certificateHashData"]["serialNumber"], 16) == read_bundle(chain)[0].serial_number
    assert len(listed["childCertificateHashData"]) == 1
    assert await pnc(csms, "TriggerMessage", requestedMessage="Heartbeat") == {"status": "NotImplemented"}


async def test_what_is_no_message_of_the_note(csms: Csms, start: Start) -> None:
    await start()
    known = {"vendorId": VENDOR.upper(), "messageId": "DeleteCertificate"}
    assert await asked(csms, "DataTransfer", **known, data="no JSON") == "Rejected"
    assert await asked(csms, "DataTransfer", **known) == "Rejected"
    assert await asked(csms, "DataTransfer", vendorId=VENDOR, messageId="Reboot") == "UnknownMessageId"
    assert await asked(csms, "DataTransfer", vendorId=VENDOR) == "UnknownMessageId"


async def test_the_keys_of_plug_and_charge(csms: Csms, start: Start) -> None:
    await start()
    for key, value in {
        "ISO15118PnCEnabled": "false",
        "CentralContractValidationAllowed": "true",
        "ContractValidationOffline": "false",
        "CertSigningWaitMinimum": "60",
        "CertSigningRepeatTimes": "3",
    }.items():
        assert await asked(csms, "ChangeConfiguration", key=key, value=value) == "Accepted"
        assert (await configuration(csms, key))[key]["value"] == value
