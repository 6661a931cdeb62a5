"""Plug & Charge with a vehicle, at a backend of OCPP 1.6: all of it goes through DataTransfer."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from certs.exi.codec import decode
from certs.exi.tables import schema
from tests.conformance.contracts import EMAID, Operator
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.test_plug_and_charge import SECC, VENDOR, pnc
from tests.conformance.speaking import LINK, contract_of, loopback_modem, speaking, trusting
from tests.conformance.tls import Operator as V2gOperator
from tests.unit.agent.iso15118.iso2.vehicle import ROOTS, holder, installation_response

PNC = LINK + 'pilot = "controller"\nplug_and_charge = true\ncontract_installation = true\n'


@pytest.fixture(autouse=True)
def modem() -> Iterator[None]:
    with loopback_modem():
        yield


def answer(request: Payload) -> Payload:
    """Accept whatever the note has the station ask; a vehicle that wants a contract gets one."""
    assert request["vendorId"] == VENDOR
    told = json.loads(request["data"])
    match request["messageId"]:
        case "Authorize":
            said: Payload = {"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "Accepted"}
        case "Get15118EVCertificate":
            _, message = decode(schema("iso2"), base64.b64decode(told["exiRequest"]))
            exi = installation_response(message["Header"]["SessionID"])
            said = {"status": "Accepted", "exiResponse": base64.b64encode(exi).decode()}
        case _:
            said = {"status": "Accepted"}
    return {"status": "Accepted", "data": json.dumps(said)}


async def test_a_contract_is_installed_and_pays(csms: Csms, start: Start, tmp_path: Path) -> None:
    """The application note's Authorize, Get15118EVCertificate and SignCertificate, and the usual rest."""
    operator, v2g = Operator.new(), V2gOperator(tmp_path)
    csms.script["DataTransfer"] = answer
    csms.tokens[EMAID] = {"status": "Accepted"}
    station = await start(sections=PNC)
    await pnc(csms, "TriggerMessage", requestedMessage="SignV2GCertificate")
    request = json.loads((await csms.expect("DataTransfer")).payload["data"])
    await pnc(csms, "InstallCertificate", certificateType="V2GRootCertificate", certificate=v2g.root_pem)
    await pnc(csms, "InstallCertificate", certificateType="MORootCertificate", certificate=operator.root)
    signed = {"certificateChain": v2g.answer(request["csr"], SECC), "certificateType": "V2GCertificate"}
    assert await pnc(csms, "CertificateSigned", **signed) == {"status": "Accepted"}
    station.bay.plug_in()
    await csms.expect("StatusNotification", on(1, "Preparing"))
    maker = holder("OEMPROV1")
    wanted = {
        "Id": "id1",
        "OEMProvisioningCert": maker.message["Certificate"],
        "ListOfRootCertificateIDs": ROOTS,
    }
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        await vehicle.until_selected(2)
        response = await vehicle.signed("CertificateInstallationReq", wanted, maker)
        assert response["ResponseCode"] == "OK"
        assert await vehicle.judged() == "OK"
        await vehicle.until_parameters()
        await vehicle.expect("PowerDeliveryReq", {"ChargeProgress": "Start", "SAScheduleTupleID": 1})
        assert (await csms.expect("StartTransaction")).payload["idTag"] == EMAID
        await csms.expect("StatusNotification", on(1, "Charging"))
        await vehicle.status()
        await vehicle.leave()
    asked = [call.payload["messageId"] for call in csms.calls("DataTransfer")]
    assert asked == ["SignCertificate", "Get15118EVCertificate", "Authorize"]
    station.bay.unplug()
    assert (await csms.expect("StopTransaction")).payload["reason"] == "EVDisconnected"
