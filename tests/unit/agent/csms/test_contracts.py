"""Contracts and vehicles' certificates against a CSMS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.contract import Evidence
from agent.authorization.contracts import ContractAuthorizer
from agent.csms.dialect import CannotBeTold
from agent.csms.v16.dialect import Dialect16
from agent.csms.vehicle_certificates import VehicleCertificates
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.security.contract_chains import ContractChains
from agent.security.vault import Vault
from agent.transactions.records import Token
from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from tests.conformance.kit import Csms, Payload
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
        yield link, ContractAuthorizer(authorizer, link.client, chains, link.settings, link.clock.now)


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


async def test_a_vehicles_request_goes_through_untouched(contract: Contract) -> None:
    """M01.FR.01."""
    answers: dict[str, Payload] = {
        "Get15118EVCertificate": {"status": "Accepted", "exiResponse": "gJgC"},
        "GetCertificateStatus": {"status": "Accepted", "ocspResult": "MAMK"},
    }
    async with Csms(script=dict(answers)) as csms, connection_to(csms) as connection:
        vehicles = VehicleCertificates(lambda: connection, lambda: 5)
        request = EvRequest(schema="urn:iso:15118:2:2013:MsgDef", action="Install", exi="gJgA")
        assert await vehicles.exchange(request) == EvAnswer(is_accepted=True, exi="gJgC")
        assert (await csms.expect("Get15118EVCertificate")).payload == {
            "iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef",
            "action": "Install",
            "exiRequest": "gJgA",
        }


async def test_the_status_of_a_certificate(tmp_path: Path, contract: Contract) -> None:
    """M06: what it is asked about is named as OCSP names it."""
    vault = Vault(tmp_path)
    vault.open()
    vault.roots.write(vault.roots.name("MO", "1"), write_bundle((contract.root.certificate,)))
    checked = await ContractChains(vault, lambda: datetime.now(UTC)).check(contract.chain)
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


async def test_ocpp_16_has_no_room_for_certificates(contract: Contract) -> None:
    """It says so, instead of asking about the number alone as if it were a card."""
    question = Evidence(chain=contract.chain)
    with pytest.raises(CannotBeTold):
        Dialect16().authorize(Token(id=EMAID, type="eMAID"), question)
    with pytest.raises(CannotBeTold):
        Dialect16().ev_certificate(EvRequest(schema="urn", action="Install", exi="gJgA"))
