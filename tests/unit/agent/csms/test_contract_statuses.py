"""Contracts whose certificates have been revoked, against a CSMS (M07)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.customers.customer import Customer
from agent.customers.desk import Customers
from agent.security.contract_chains import ContractChains
from agent.security.vault import Vault
from certs.csr import Subject
from certs.hash_data import HashData
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from tests.conformance.kit import Csms, Payload, Refuse, Script
from tests.unit.agent.csms.link import running
from tests.unit.agent.csms.test_contracts import EMAID, MO_ROOT, OCSP, TERMS, Contract, deciding, online

ACTION = "GetCertificateChainStatus"
CRL = "http://crl.example/mo.crl"
NOBODY = "ws://127.0.0.1:9/ocpp"
UNKNOWN_CHARGE = {"AuthCtrlr__OfflineTxForUnknownIdEnabled": "true"}


@pytest.fixture(scope="module")
def contract() -> Contract:
    """One of a leaf whose authority has a responder, and a sub-CA that is on a list if it is revoked."""
    root = Authority.root(MO_ROOT)
    authority = Terms(is_authority=True, usage=("key_cert_sign",), crl_url=CRL)
    sub_ca = root.below(replace(MO_ROOT, common_name="MO Sub-CA"), authority)
    return Contract(root, write_bundle(sub_ca.issue(Subject(common_name=EMAID, organization="MO"), TERMS)[1]))


def answering(*statuses: str, lasts: timedelta = timedelta(days=1)) -> Callable[[Payload], Payload]:
    """Answer so about the certificates that are asked about, the last one first."""

    def answer(request: Payload) -> Payload:
        until = (datetime.now(UTC) + lasts).isoformat()
        asked: list[dict[str, Any]] = request["certificateStatusRequests"]
        found = [
            {
                "certificateHashData": one["certificateHashData"],
                "source": one["source"],
                "status": status,
                "nextUpdate": until,
            }
            for one, status in zip(asked, statuses, strict=True)
        ]
        return {"certificateStatus": found[::-1]}

    return answer


def backend(answer: Script, version: str = "2.1") -> Csms:
    return Csms(
        version=version,
        subprotocol=f"ocpp{version}",
        tokens={EMAID: {"status": "Accepted"}},
        script={ACTION: answer},
    )


async def decided(
    csms: Csms, path: Path, contract: Contract, settings: Mapping[str, str] | None = None
) -> list[str]:
    """Return two verdicts in a row."""
    async with (
        csms,
        deciding(csms.url, path, contract, settings or {}) as (link, contracts),
        running(link),
    ):
        await online(csms, link)
        return [(await contracts.decide(EMAID, contract.chain)).status for _ in range(2)]


async def decided_offline(path: Path, contract: Contract) -> str:
    async with deciding(NOBODY, path, contract, UNKNOWN_CHARGE) as (_, contracts):
        return (await contracts.decide(EMAID, contract.chain)).status


async def test_the_certificates_of_a_contract_are_asked_about_once(
    tmp_path: Path, contract: Contract
) -> None:
    """With the responder or in the list that each one names, the leaf first; the answers are kept."""
    csms = backend(answering("Good", "Good"))
    assert await decided(csms, tmp_path, contract) == ["Accepted", "Accepted"]
    [asked] = csms.calls(ACTION)
    requests = asked.payload["certificateStatusRequests"]
    assert [(one["source"], one["urls"]) for one in requests] == [("OCSP", [OCSP]), ("CRL", [CRL])]
    assert len(csms.calls("Authorize")) == 2
    assert await decided_offline(tmp_path, contract) == "Accepted"


@pytest.mark.parametrize("statuses", [("Revoked", "Good"), ("Good", "Revoked")])
async def test_a_revoked_certificate_refuses_the_contract_offline_too(
    tmp_path: Path, contract: Contract, statuses: tuple[str, str]
) -> None:
    """Although the backend accepts its number: once that is known, nobody has to be asked."""
    csms = backend(answering(*statuses))
    assert await decided(csms, tmp_path, contract) == ["Invalid", "Invalid"]
    assert (len(csms.calls(ACTION)), len(csms.calls("Authorize"))) == (1, 1)
    assert await decided_offline(tmp_path, contract) == "Invalid"


async def test_what_is_outdated_at_once_counts_once(tmp_path: Path, contract: Contract) -> None:
    csms = backend(answering("Revoked", "Good", lasts=timedelta(seconds=-1)))
    assert await decided(csms, tmp_path, contract) == ["Invalid", "Invalid"]
    assert len(csms.calls(ACTION)) == 2
    assert await decided_offline(tmp_path, contract) == "Accepted"


@pytest.mark.parametrize("answer", [answering("Unknown", "Failed"), Refuse("NotImplemented", "")])
async def test_a_backend_that_does_not_know_leaves_the_verdict_as_it_is(
    tmp_path: Path, contract: Contract, answer: Script
) -> None:
    csms = backend(answer)
    assert await decided(csms, tmp_path, contract) == ["Accepted", "Accepted"]
    assert len(csms.calls(ACTION)) == 2, "it may know the next time"


async def test_ocpp_201_has_no_word_for_it(
    tmp_path: Path, contract: Contract, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    csms = backend({}, "2.0.1")
    assert await decided(csms, tmp_path, contract) == ["Accepted", "Accepted"]
    assert csms.calls(ACTION) == []
    assert "its OCPP version does not know this" in caplog.text


async def test_what_is_known_of_a_customers_certificate_is_told_and_cleared(
    tmp_path: Path, contract: Contract
) -> None:
    """N10.FR.03: however the backend writes its number."""
    await decided(backend(answering("Good", "Good")), tmp_path, contract)
    async with deciding(NOBODY, tmp_path, contract, {}) as (link, _):
        chains = ContractChains(Vault(tmp_path / "certificates"), link.clock.now)
        named = (await chains.check(EMAID, contract.chain)).lookups[0].named
        desk = Customers(link.station, link.database)
        customer = Customer(id=None, certificate=_loudly(named))
        [held] = await desk.holdings(customer)
        assert (": Good until " in held.text, held.why_kept) == (True, None)
        await desk.clear(customer)
        assert await desk.holdings(customer) == []


def _loudly(named: HashData) -> HashData:
    return replace(
        named, issuer_key_hash=named.issuer_key_hash.upper(), serial_number=f"00{named.serial_number.upper()}"
    )
