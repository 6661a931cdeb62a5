"""Contracts and vehicles' certificates against a CSMS."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.contract import StatusQuestion
from agent.authorization.contracts import ContractAuthorizer
from agent.csms.v16.dialect import Dialect16
from agent.csms.vehicle_certificates import VehicleCertificates
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.security.chain_statuses import ChainStatuses
from agent.security.contract_chains import ContractChains
from agent.security.vault import Vault
from certs.csr import Subject
from certs.hash_data import HashData
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from ocppj.messages import v16
from tests.conformance.kit import Csms, Payload, Script
from tests.unit.agent.csms.link import Link, connection_to, link_to, running

EMAID = "DE8AC12E45L789"
MO_ROOT = Subject(common_name="MO Root", organization="MO")
OCSP = "http://ocsp.example/"
TERMS = Terms(usage=("digital_signature",), ocsp_url=OCSP)


@dataclass(frozen=True)
class Contract:
    root: Authority
    chain: str


@pytest.fixture(scope="module")
def contract() -> Contract:
    root = Authority.root(MO_ROOT)
    authority = Terms(is_authority=True, usage=("key_cert_sign",), ocsp_url=OCSP)
    sub_ca = root.below(replace(MO_ROOT, common_name="MO Sub-CA"), authority)
    _, chain = sub_ca.issue(Subject(common_name=EMAID, organization="MO"), TERMS)
    return Contract(root, write_bundle(chain))


@asynccontextmanager
async def deciding(
    url: str, path: Path, contract: Contract, settings: Mapping[str, str], *, has_root: bool = True
) -> AsyncIterator[tuple[Link, ContractAuthorizer]]:
    async with link_to(url, path, **settings) as link:
        vault = Vault(path / "certificates")
        if has_root:
            vault.roots.write(vault.roots.name("MO", "1"), write_bundle((contract.root.certificate,)))
        authorizer = Authorizer(link.client, link.settings, link.database, link.clock.now)
        chains = ContractChains(vault, lambda: datetime.now(UTC))
        statuses = ChainStatuses(link.database, link.client, link.clock.now)
        yield (
            link,
            ContractAuthorizer(authorizer, link.client, chains, statuses, link.settings, link.clock.now),
        )


async def online(csms: Csms, link: Link) -> None:
    await csms.expect("BootNotification")
    await csms.until(lambda: link.client.is_online)


async def test_an_emaid_is_asked_about_with_the_status_of_its_certificates(
    tmp_path: Path, contract: Contract
) -> None:
    """C07.FR.01, C07.FR.02."""
    async with (
        Csms(tokens={EMAID: {"status": "Accepted"}}) as csms,
        deciding(csms.url, tmp_path, contract, {}) as (link, contracts),
        running(link),
    ):
        await online(csms, link)
        assert (await contracts.decide(EMAID, contract.chain)).is_accepted
        asked = (await csms.expect("Authorize")).payload
    assert asked["idToken"] == {"idToken": EMAID, "type": "eMAID"}
    assert [data["responderURL"] for data in asked["iso15118CertificateHashData"]] == [OCSP, OCSP]
    assert "certificate" not in asked


@pytest.mark.parametrize("status", ["CertificateRevoked", "CertChainError"])
async def test_certificates_that_the_backend_refuses_charge_nobody(
    tmp_path: Path, contract: Contract, status: str
) -> None:
    answer: Payload = {"idTokenInfo": {"status": "Accepted"}, "certificateStatus": status}
    async with (
        Csms(script={"Authorize": answer}) as csms,
        deciding(csms.url, tmp_path, contract, {}) as (link, contracts),
        running(link),
    ):
        await online(csms, link)
        assert (await contracts.decide(EMAID, contract.chain)).status == "Invalid"


@pytest.mark.parametrize("allowed", ["true", "false"])
async def test_without_a_root_the_backend_judges_if_it_may(
    tmp_path: Path, contract: Contract, allowed: str
) -> None:
    """C07.FR.06."""
    settings = {"ISO15118Ctrlr__CentralContractValidationAllowed": allowed}
    async with (
        Csms(tokens={EMAID: {"status": "Accepted"}}) as csms,
        deciding(csms.url, tmp_path, contract, settings, has_root=False) as (link, contracts),
        running(link),
    ):
        await online(csms, link)
        verdict = await contracts.decide(EMAID, contract.chain)
        asked = [call.payload.get("certificate") for call in csms.calls("Authorize")]
    assert verdict.is_accepted == (allowed == "true")
    assert asked == ([contract.chain] if allowed == "true" else [])


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        ({"AuthCtrlr__OfflineTxForUnknownIdEnabled": "true"}, True),
        ({"AuthCtrlr__OfflineTxForUnknownIdEnabled": "false"}, False),
        (
            {
                "AuthCtrlr__OfflineTxForUnknownIdEnabled": "true",
                "ISO15118Ctrlr__ContractValidationOffline": "false",
            },
            False,
        ),
    ],
)
async def test_offline(tmp_path: Path, contract: Contract, settings: dict[str, str], accepted: bool) -> None:
    """C07.FR.07, C07.FR.08, C07.FR.11, C07.FR.12."""
    async with deciding("ws://127.0.0.1:9/ocpp", tmp_path, contract, settings) as (_, contracts):
        assert (await contracts.decide(EMAID, contract.chain)).is_accepted == accepted
        assert not (await contracts.decide(EMAID, "no chain")).is_accepted
        assert not (await contracts.decide("DE8AC12E45L780", contract.chain)).is_accepted, "another contract"


@pytest.mark.parametrize("action", ["Install", "Update"])
async def test_a_vehicles_request_goes_through_untouched(action: Literal["Install", "Update"]) -> None:
    """M01.FR.01, M02.FR.01."""
    answers: dict[str, Payload] = {
        "Get15118EVCertificate": {"status": "Accepted", "exiResponse": "gJgC"},
        "GetCertificateStatus": {"status": "Accepted", "ocspResult": "MAMK"},
    }
    async with Csms(script=dict(answers)) as csms, connection_to(csms) as connection:
        vehicles = VehicleCertificates(lambda: connection, lambda: 5)
        request = EvRequest(schema="urn:iso:15118:2:2013:MsgDef", action=action, exi="gJgA")
        assert await vehicles.exchange(request) == EvAnswer(is_accepted=True, exi="gJgC")
        assert (await csms.expect("Get15118EVCertificate")).payload == {
            "iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef",
            "action": action,
            "exiRequest": "gJgA",
        }


async def test_the_status_of_a_certificate(tmp_path: Path, contract: Contract) -> None:
    """M06: what it is asked about is named as OCSP names it."""
    vault = Vault(tmp_path)
    vault.open()
    vault.roots.write(vault.roots.name("MO", "1"), write_bundle((contract.root.certificate,)))
    checked = await ContractChains(vault, lambda: datetime.now(UTC)).check(EMAID, contract.chain)
    question = checked.questions[0]
    async with Csms(script={"GetCertificateStatus": {"status": "Failed"}}) as csms:
        async with connection_to(csms) as connection:
            vehicles = VehicleCertificates(lambda: connection, lambda: 5)
            assert await vehicles.status(question) is None
            csms.script["GetCertificateStatus"] = {"status": "Accepted", "ocspResult": "MAMK"}
            assert await vehicles.status(question) == "MAMK"
        asked = (await csms.expect("GetCertificateStatus")).payload["ocspRequestData"]
    assert asked["serialNumber"] == question.named.serial_number
    with pytest.raises(BackendUnreachable):
        await VehicleCertificates(lambda: None, lambda: 5).status(question)


def wrapped(**answers: Payload) -> Callable[[Payload], Payload]:
    """Answer the messages of the application note by their ids."""

    def answer(request: Payload) -> Payload:
        assert request["vendorId"] == "org.openchargealliance.iso15118pnc"
        return {"status": "Accepted", "data": json.dumps(answers[request["messageId"]])}

    return answer


@asynccontextmanager
async def a_16_backend(
    path: Path, contract: Contract, answer: Script, settings: Mapping[str, str]
) -> AsyncIterator[tuple[Csms, Link, ContractAuthorizer]]:
    async with (
        Csms(version="1.6", subprotocol="ocpp1.6", script={"DataTransfer": answer}) as csms,
        deciding(csms.url, path, contract, settings) as (link, contracts),
        running(link),
    ):
        await online(csms, link)
        yield csms, link, contracts


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "Accepted"}, "Accepted"),
        ({"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "CertificateRevoked"}, "Invalid"),
        ({"idTokenInfo": {"status": "Blocked"}}, "Blocked"),
    ],
)
async def test_ocpp_16_asks_about_a_contract_over_data_transfer(
    tmp_path: Path, contract: Contract, answer: Payload, status: str
) -> None:
    async with a_16_backend(tmp_path, contract, wrapped(Authorize=answer), {}) as (csms, _, contracts):
        assert (await contracts.decide(EMAID, contract.chain)).status == status
        asked = json.loads((await csms.expect("DataTransfer")).payload["data"])
        assert asked["idToken"] == {"idToken": EMAID, "type": "eMAID"}
        assert [data["responderURL"] for data in asked["iso15118CertificateHashData"]] == [OCSP, OCSP]
        assert csms.calls("Authorize") == [], "a contract is no idTag"


@pytest.mark.parametrize("answer", [{"status": "UnknownVendorId"}, {"status": "Accepted", "data": "?"}])
async def test_a_16_backend_without_plug_and_charge_counts_as_away(
    tmp_path: Path, contract: Contract, answer: Payload
) -> None:
    settings = {"AuthCtrlr__OfflineTxForUnknownIdEnabled": "true"}
    async with a_16_backend(tmp_path, contract, answer, settings) as (_, link, contracts):
        assert (await contracts.decide(EMAID, contract.chain)).is_accepted, "by the rules for offline times"
        vehicles = VehicleCertificates(lambda: link.client._connection, lambda: 5)
        request = EvRequest(schema="urn", action="Update", exi="gJgA")
        assert await vehicles.exchange(request) == EvAnswer(is_accepted=False, exi="")
        assert not Dialect16().read_signing(v16.DataTransferResponse(status="UnknownVendorId"))


async def test_plug_and_charge_can_be_switched_off(tmp_path: Path, contract: Contract) -> None:
    settings = {"ISO15118Ctrlr__PnCEnabled": "false"}
    async with a_16_backend(tmp_path, contract, {}, settings) as (csms, _, contracts):
        assert (await contracts.decide(EMAID, contract.chain)).status == "Invalid"
        assert csms.calls("DataTransfer") == []


async def test_ocpp_16_passes_a_vehicles_requests_on_over_data_transfer(
    tmp_path: Path, contract: Contract
) -> None:
    answer = wrapped(
        Get15118EVCertificate={"status": "Accepted", "exiResponse": "gJgC"},
        GetCertificateStatus={"status": "Accepted", "ocspResult": "MAMK"},
    )
    async with a_16_backend(tmp_path, contract, answer, {}) as (csms, link, _):
        vehicles = VehicleCertificates(lambda: link.client._connection, lambda: 5)
        request = EvRequest(schema="urn:iso:15118:2:2013:MsgDef", action="Install", exi="gJgA")
        assert await vehicles.exchange(request) == EvAnswer(is_accepted=True, exi="gJgC")
        named = HashData(algorithm="SHA256", issuer_name_hash="a", issuer_key_hash="b", serial_number="c")
        assert await vehicles.status(StatusQuestion(named=named, responder_url=OCSP)) == "MAMK"
        asked = [json.loads(call.payload["data"]) for call in csms.calls("DataTransfer")]
    assert asked[0] == {
        "iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef",
        "action": "Install",
        "exiRequest": "gJgA",
    }
    assert asked[1]["ocspRequestData"]["responderURL"] == OCSP


def test_only_the_links_own_key_is_certified_by_plain_sign_certificate() -> None:
    plain, wrapped_up = (Dialect16().sign_certificate("csr", purpose, None) for purpose in ("client", "secc"))
    assert isinstance(plain, v16.SignCertificateRequest)
    assert isinstance(wrapped_up, v16.DataTransferRequest)
    assert json.loads(wrapped_up.data or "") == {"csr": "csr", "certificateType": "V2GCertificate"}
