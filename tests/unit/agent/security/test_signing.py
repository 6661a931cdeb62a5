from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from agent.security.service import Given
from agent.security.signing import NobodyToAsk, Purpose
from certs.csr import Subject, new_key, signing_request
from certs.hash_data import HashData
from certs.issuing import Terms
from certs.pem import write_bundle
from tests.unit.agent.security.vaults import PASSWORD, SERIAL, Pki, Safe, safe

QUICK = {"SecurityCtrlr__CertSigningWaitMinimum": "1", "SecurityCtrlr__CertSigningRepeatTimes": "1"}
SECC_TERMS = Terms(usage=("digital_signature",))


@dataclass
class Desk:
    """Takes requests as the backend does."""

    takes: bool = True
    is_there: bool = True
    requests: list[tuple[str, Purpose]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> bool:
        self.news.set()
        if not self.is_there:
            raise NobodyToAsk("gone")
        self.requests.append((request, purpose))
        return self.takes

    async def next(self) -> str:
        async with asyncio.timeout(10):
            count = len(self.requests)
            while len(self.requests) == count:
                await self.news.wait()
                self.news.clear()
        return self.requests[-1][0]


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@asynccontextmanager
async def signing(here: Safe, desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(here.security.signer.run(desk))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def trusted(here: Safe, pki: Pki) -> None:
    for kind in ("CSMS", "V2G"):
        assert await here.security.certificates.install(kind, pki.root_pem) is None


async def asked(here: Safe, desk: Desk, purpose: Purpose = "client") -> str:
    assert await here.security.signer.prepare(purpose)
    await here.security.signer.ask(purpose)
    return await desk.next()


async def test_the_request_names_station_and_organization(tmp_path: Path, pki: Pki) -> None:
    """A02.FR.03, A00.FR.511, A00.FR.503: P-256, PEM, signed with the key it is about."""
    desk = Desk()
    async with safe(tmp_path, SecurityCtrlr__OrganizationName="Operator") as here, signing(here, desk):
        request = x509.load_pem_x509_csr((await asked(here, desk)).encode())
    assert request.is_signature_valid
    assert request.subject == Subject(common_name=SERIAL, organization="Operator").name
    assert "PRIVATE" not in str(desk.requests), "A02.FR.05: the key stays here"


async def test_a_right_chain_is_installed_with_the_key(tmp_path: Path, pki: Pki) -> None:
    """A02.FR.06."""
    desk = Desk()
    async with safe(tmp_path) as here, signing(here, desk):
        await trusted(here, pki)
        answer = pki.answer(await asked(here, desk))
        assert await here.security.signer.take(answer, "client") is None
        [identity] = here.vault.client.usable(here.clock[0])
        assert here.vault.client.chain(identity) == answer
        assert here.vault.client.waiting() is None
        assert here.told.kinds[-1] == "ReconfigurationOfSecurityParameters"
        assert await here.security.signer.take(answer, "client") is not None, "it was not asked for again"


@pytest.mark.parametrize("what", ["other key", "other root", "expired", "other name", "text", "too long"])
async def test_a_wrong_chain_is_discarded_and_the_key_still_waits(
    tmp_path: Path, pki: Pki, what: str
) -> None:
    """A02.FR.06, A02.FR.07, A02.FR.16, A03.FR.06, A03.FR.07, A03.FR.16."""
    desk = Desk()
    async with safe(tmp_path) as here, signing(here, desk):
        await trusted(here, pki)
        request = await asked(here, desk)
        assert await here.security.signer.take(_wrong(what, pki, request), "client") is not None
        assert here.vault.client.all() == ()
        assert here.vault.client.waiting() is not None
        invalid = here.told.kinds[-1] == "InvalidChargingStationCertificate"
        assert invalid == (what != "too long")
        assert await here.security.signer.take(pki.answer(request), "client") is None


def _wrong(what: str, pki: Pki, request: str) -> str:
    match what:
        case "other key":
            return pki.answer(signing_request(new_key(), Subject(common_name=SERIAL, organization="Example")))
        case "other root":
            return Pki().answer(request)
        case "expired":
            return pki.answer(request, Terms(valid_from=timedelta(-9), valid_for=timedelta(1)))
        case "other name":
            return _renamed(pki, request)
        case "too long":
            return pki.answer(request) + "\n" * 10_000
        case _:
            return "no certificate"


def _renamed(pki: Pki, request: str) -> str:
    key = x509.load_pem_x509_csr(request.encode()).public_key()
    name = Subject(common_name="SN-9999", organization="Example").name
    return write_bundle((pki.root.certify(name, key, Terms()),))  # type: ignore[arg-type]  # an EC key


async def test_a_v2g_certificate_belongs_to_the_v2g_hierarchy(tmp_path: Path, pki: Pki) -> None:
    desk = Desk()
    async with safe(tmp_path) as here, signing(here, desk):
        request = await asked(here, desk, "secc")
        answer = pki.answer(request, SECC_TERMS)
        await here.security.certificates.install("CSMS", pki.root_pem)
        why = await here.security.signer.take(answer, "secc")
        assert why is not None
        assert "install its V2G root first" in why
        await here.security.certificates.install("V2G", pki.root_pem)
        assert await here.security.signer.take(answer, "secc") is None
        assert len(here.vault.secc.all()) == 1
        assert here.vault.client.all() == ()


async def test_one_certificate_for_both(tmp_path: Path, pki: Pki) -> None:
    """Without a type it is for the link and for vehicles, if that was asked for."""
    desk = Desk()
    async with safe(tmp_path) as here, signing(here, desk):
        await trusted(here, pki)
        request = await asked(here, desk, "combined")
        assert desk.requests[-1][1] == "combined"
        assert await here.security.signer.take(pki.answer(request, SECC_TERMS), None) is None
        assert len(here.vault.client.all()) == len(here.vault.secc.all()) == 1
        assert here.vault.combined.waiting() is None


async def test_without_a_type_it_is_for_the_link(tmp_path: Path, pki: Pki) -> None:
    desk = Desk()
    async with safe(tmp_path) as here, signing(here, desk):
        await trusted(here, pki)
        assert await here.security.signer.take(pki.answer(await asked(here, desk)), None) is None
        assert len(here.vault.client.all()) == 1


async def test_a_request_that_nobody_answers_is_repeated_and_no_more(tmp_path: Path) -> None:
    """A02.FR.17, A02.FR.19, A03.FR.17, A03.FR.19: the same request, so that a late answer fits it."""
    desk = Desk()
    async with safe(tmp_path, None, **QUICK) as here, signing(here, desk):
        first = await asked(here, desk)
        assert await desk.next() == first
        assert here.security.signer.is_asking == ()


async def test_a_refused_request_is_not_repeated(tmp_path: Path) -> None:
    """A02.FR.20."""
    desk = Desk(takes=False)
    async with safe(tmp_path, None, **QUICK) as here, signing(here, desk):
        await asked(here, desk)
        async with asyncio.timeout(5):
            while here.vault.client.waiting() is not None:
                await asyncio.sleep(0.01)
        assert here.security.signer.is_asking == ()


async def test_power_goes_while_the_key_waits(tmp_path: Path, pki: Pki) -> None:
    """The key made before is the one asked for, and the one certified."""
    desk = Desk()
    async with safe(tmp_path) as here:
        await trusted(here, pki)
        assert await here.security.signer.prepare("client")
    async with safe(tmp_path) as here, signing(here, desk):
        request = await desk.next() if not desk.requests else desk.requests[0][0]
    async with safe(tmp_path) as here:
        assert await here.security.signer.take(pki.answer(request), "client") is None


async def test_a_certificate_that_expires_within_a_month_is_renewed(tmp_path: Path, pki: Pki) -> None:
    """A03.FR.02, A03.FR.03."""
    subject = Subject(common_name=SERIAL, organization="Example")
    chain, key = pki.identity(subject, Terms(valid_for=timedelta(days=20)))
    given = Given(serial=SERIAL, password=PASSWORD, certificate=chain, key=key)
    desk = Desk()
    async with safe(tmp_path, given) as here, signing(here, desk):
        await desk.next() if not desk.requests else None
        assert [purpose for _, purpose in desk.requests] == ["client"]


async def test_one_that_lasts_is_left_alone(tmp_path: Path, pki: Pki) -> None:
    subject = Subject(common_name=SERIAL, organization="Example")
    chain, key = pki.identity(subject, Terms(valid_for=timedelta(days=60)))
    given = Given(serial=SERIAL, password=PASSWORD, certificate=chain, key=key)
    desk = Desk()
    async with safe(tmp_path, given) as here, signing(here, desk):
        await asyncio.sleep(0.05)
        assert desk.requests == []


async def test_towards_vehicles_the_station_has_a_name_of_its_own_if_it_is_given_one(tmp_path: Path) -> None:
    desk = Desk()
    async with safe(tmp_path, ISO15118Ctrlr__SeccId="DE-ABC-SECC-7") as here, signing(here, desk):
        names = [
            x509.load_pem_x509_csr((await asked(here, desk, purpose)).encode()).subject.rfc4514_string()
            for purpose in ("secc", "client")
        ]
    assert "CN=DE-ABC-SECC-7" in names[0]
    assert f"CN={SERIAL}" in names[1]


async def test_no_certificate_for_vehicles_where_none_is_wanted(tmp_path: Path) -> None:
    async with safe(tmp_path, ISO15118Ctrlr__V2GCertificateInstallationEnabled="false") as here:
        assert not await here.security.signer.prepare("secc")
        assert await here.security.signer.prepare("client")
