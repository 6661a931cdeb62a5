"""Plug & Charge by ISO 15118-20 over mutual TLS 1.3: a contract pays, is refused, is installed (C07, M01)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.iso15118.iso20.messages import COMMON, LEAST
from certs.csr import Subject
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from certs.issuing import Authority, Terms
from certs.key_kinds import new_key_of
from certs.pem import write_bundle
from tests.conformance.contracts import EMAID
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.security import ask_to_sign, install
from tests.conformance.ocpp201.sessions import plug_in, unplug
from tests.conformance.speaking import LINK, loopback_modem, speaking
from tests.conformance.speaking20 import Vehicle20, held, root_of, trusting
from tests.conformance.station import StationUnderTest
from tests.conformance.tls import ROOT
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle as Sensible

SLOW = "loop_within_s = 20\n"
"""A machine that does other things, too, is slower than the half second of the standard."""
PNC = LINK + SLOW + 'pilot = "controller"\nplug_and_charge = true\ncontract_installation = true\n'
E_MAID = {"idToken": EMAID, "type": "eMAID"}


@pytest.fixture(autouse=True)
def modem(csms: Csms) -> Iterator[None]:
    csms.script["NotifyEVChargingNeeds"] = {"status": "NoChargingProfile"}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    csms.tokens[EMAID] = {"status": "Accepted"}
    with loopback_modem():
        yield


@pytest.fixture(scope="module")
def v2g() -> Authority:
    return Authority.root(ROOT, key=new_key_of("P-521"))


class Car(Vehicle20):
    contract = held("mo-20", "contract")
    maker = held("oem-20", "provisioning")


async def provisioned(csms: Csms, start: Start, v2g: Authority) -> StationUnderTest:
    """Return a station with a certificate for vehicles of ISO 15118-20, and the roots of all others."""
    station: StationUnderTest = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    assert await install(csms, pem_of(v2g), "V2GRootCertificate") == "Accepted"
    for kind, folder in (("OEMRootCertificate", "oem-20"), ("MORootCertificate", "mo-20")):
        assert await install(csms, root_of(folder), kind) == "Accepted"
    request = await ask_to_sign(csms, "SignV2G20Certificate")
    authority = v2g.below(Subject(common_name="CPO Sub-CA", organization="Other"), key=new_key_of("P-521"))
    chain = write_bundle(authority.answer(request["csr"], Terms(usage=("digital_signature",))))
    delivered: Payload = {"certificateChain": chain, "requestId": request["requestId"]}
    assert (await csms.call("CertificateSigned", delivered))["status"] == "Accepted"
    await plug_in(station, csms)
    return station


def pem_of(v2g: Authority) -> str:
    return write_bundle((v2g.certificate,))


async def test_a_driver_plugs_in_and_the_contract_pays(
    csms: Csms, start: Start, v2g: Authority, tmp_path: Path
) -> None:
    """C07.FR.01: the backend is asked about the eMAID that the certificate names; so is the transaction."""
    station = await provisioned(csms, start, v2g)
    async with speaking(Car, trusting(pem_of(v2g), tmp_path)) as vehicle:
        assert await vehicle.judged(await vehicle.until_offered()) == "OK"
        assert (await csms.expect("Authorize")).payload["idToken"] == E_MAID
        assert (await csms.event(eventType="Started"))["idToken"] == E_MAID
        await vehicle.until_power()
        was_closed = [station.bay.contactor_closed]
        assert (await vehicle.loop())["MeterInfo"]["ChargedEnergyReadingWh"] > 0
        await csms.event(chargingState="Charging")
        await vehicle.leave()
        was_closed.append(station.bay.contactor_closed)
    assert was_closed == [True, False]
    await unplug(station, csms)
    await csms.event(eventType="Ended")


async def test_a_contract_that_is_refused_gets_no_power(
    csms: Csms, start: Start, v2g: Authority, tmp_path: Path
) -> None:
    """C07.FR.01: the vehicle is told what OCPP says of its certificate, and may not go on."""
    station = await provisioned(csms, start, v2g)
    csms.script["Authorize"] = {
        "idTokenInfo": {"status": "Invalid"},
        "certificateStatus": "CertificateRevoked",
    }
    async with speaking(Car, trusting(pem_of(v2g), tmp_path)) as vehicle:
        assert await vehicle.judged(await vehicle.until_offered()) == "WARNING_CertificateRevoked"
        assert (await vehicle.send("ServiceDiscoveryReq"))["ResponseCode"] == "FAILED_SequenceError"
    assert csms.events() == []
    assert not station.bay.contactor_closed


async def test_a_vehicle_without_a_contract_gets_one_from_the_backend(
    csms: Csms, start: Start, v2g: Authority, tmp_path: Path
) -> None:
    """M01.FR.01, M01.FR.03: request and answer pass as they are; how many contracts it takes is told, too."""
    answers: list[bytes] = []
    seen: list[dict[str, Any]] = []

    def answer(payload: Payload) -> Payload:
        seen.append(payload)
        _, message = decode(schema(COMMON), base64.b64decode(payload["exiRequest"]))
        header = {"SessionID": message["Header"]["SessionID"], "TimeStamp": 77}
        fields = LEAST["CertificateInstallationReq"](Sensible("AC").state)
        response = {"Header": header, "ResponseCode": "OK", **fields}
        answers.append(encode(schema(COMMON), "CertificateInstallationRes", response))
        return {"status": "Accepted", "exiResponse": base64.b64encode(answers[-1]).decode()}

    csms.script["Get15118EVCertificate"] = answer
    await provisioned(csms, start, v2g)
    async with speaking(Car, trusting(pem_of(v2g), tmp_path)) as vehicle:
        challenge = await vehicle.until_offered()
        assert (await vehicle.installed(3, EMAID))["ResponseCode"] == "OK"
        assert [vehicle.heard] == answers
        assert (seen[0]["action"], seen[0]["iso15118SchemaVersion"]) == (
            "Install",
            "urn:iso:std:iso:15118:-20:CommonMessages",
        )
        assert (seen[0]["maximumContractCertificateChains"], seen[0]["prioritizedEMAIDs"]) == (3, [EMAID])
        assert await vehicle.judged(challenge) == "OK"
