"""Certificates that are installed, listed, deleted and delivered, over a real vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.csms.dialect import Reply
from agent.csms.v201 import (
    certificate_signed,
    delete_certificate,
    get_installed_certificate_ids,
    install_certificate,
    sign_certificate,
    trigger_message,
)
from certs.issuing import AUTHORITY, Authority, Terms
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.hardware import START
from tests.unit.agent.security.vaults import ROOT, Pki

EARLY = START - datetime.now(UTC) - timedelta(days=1)
"""The station of these tests lives at a time of its own."""
AUTHORITIES = replace(AUTHORITY, valid_from=EARLY)
BOTH = Terms(usage=("digital_signature",), valid_from=EARLY)


def hierarchy() -> Pki:
    return Pki(Authority.root(ROOT, AUTHORITIES), AUTHORITIES)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return hierarchy()


def status(reply: Reply) -> tuple[str, str | None]:
    response: Any = reply.response
    info = response.status_info
    return response.status, None if info is None else info.reason_code


async def install(here: Office, pem: str, kind: v201.InstallCertificateUseEnumType) -> tuple[str, str | None]:
    request = v201.InstallCertificateRequest(certificate_type=kind, certificate=pem)
    return status(await install_certificate.handle(request, here.context))


async def listed(
    here: Office, *kinds: v201.GetCertificateIdUseEnumType
) -> v201.GetInstalledCertificateIdsResponse:
    request = v201.GetInstalledCertificateIdsRequest(certificate_type=kinds or None)
    response: Any = (await get_installed_certificate_ids.handle(request, here.context)).response
    assert isinstance(response, v201.GetInstalledCertificateIdsResponse)
    return response


async def test_a_root_comes_is_listed_and_goes(tmp_path: Path, pki: Pki) -> None:
    """M03.FR.02, M03.FR.03, M04.FR.02, M04.FR.04, M05.FR.02."""
    async with office(tmp_path) as here:
        assert (await listed(here)).status == "NotFound"
        assert await install(here, pki.root_pem, "MORootCertificate") == ("Accepted", None)
        assert (await listed(here, "CSMSRootCertificate")).status == "NotFound"
        found = await listed(here)
        assert found.certificate_hash_data_chain is not None
        [one] = found.certificate_hash_data_chain
        assert one.certificate_type == "MORootCertificate"
        assert one.child_certificate_hash_data is None
        request = v201.DeleteCertificateRequest(certificate_hash_data=one.certificate_hash_data)
        assert status(await delete_certificate.handle(request, here.context)) == ("Accepted", None)
        assert status(await delete_certificate.handle(request, here.context)) == ("NotFound", None)


async def test_what_is_no_certificate_is_rejected_with_the_reason(tmp_path: Path) -> None:
    """M05.FR.07."""
    async with office(tmp_path) as here:
        assert await install(here, "text", "CSMSRootCertificate") == ("Rejected", "InvalidCertificate")


async def test_a_store_that_is_full_says_so(tmp_path: Path) -> None:
    """M05.FR.06."""
    async with office(tmp_path) as here:
        for _ in range(10):
            assert (await install(here, hierarchy().root_pem, "V2GRootCertificate"))[0] == "Accepted"
        assert await install(here, hierarchy().root_pem, "V2GRootCertificate") == ("Rejected", "NoMoreSpace")


async def deliver(here: Office, chain: str, kind: v201.CertificateSigningUseEnumType | None) -> Reply:
    request = v201.CertificateSignedRequest(certificate_chain=chain, certificate_type=kind)
    return await certificate_signed.handle(request, here.context)


async def asked(here: Office, path: Path, what: v201.MessageTriggerEnumType) -> str:
    """Have a key made, and return its request as it lies on flash."""
    request = v201.TriggerMessageRequest(requested_message=what)
    assert status(await trigger_message.handle(request, here.context))[0] == "Accepted"
    [file] = path.glob("certificates/waiting-*.pem")
    text = file.read_text()
    return text[text.index("-----BEGIN CERTIFICATE REQUEST") :]


async def test_the_v2g_chain_is_listed_with_its_authorities(tmp_path: Path, pki: Pki) -> None:
    """M03.FR.05; A02.FR.06."""
    async with office(tmp_path) as here:
        chain = pki.answer(await asked(here, tmp_path, "SignV2GCertificate"), BOTH)
        reply = await deliver(here, chain, "V2GCertificate")
        assert status(reply) == ("Rejected", "InvalidCertificate")
        await install(here, pki.root_pem, "V2GRootCertificate")
        reply = await deliver(here, chain, "V2GCertificate")
        assert (status(reply), reply.after) == (("Accepted", None), None), "the link goes on"
        found = (await listed(here, "V2GCertificateChain")).certificate_hash_data_chain
        assert found is not None
        assert [len(one.child_certificate_hash_data or ()) for one in found] == [1]
        request = v201.DeleteCertificateRequest(certificate_hash_data=found[0].certificate_hash_data)
        assert status(await delete_certificate.handle(request, here.context)) == ("Accepted", None)


async def test_the_stations_own_certificate_is_not_deleted(tmp_path: Path, pki: Pki) -> None:
    """M04.FR.06."""
    async with office(tmp_path) as here:
        await install(here, pki.root_pem, "CSMSRootCertificate")
        chain = pki.answer(await asked(here, tmp_path, "SignCombinedCertificate"), BOTH)
        assert status(await deliver(here, chain, None))[0] == "Rejected", "its V2G root is missing"
        await install(here, pki.root_pem, "V2GRootCertificate")
        assert status(await deliver(here, chain, None))[0] == "Accepted"
        found = (await listed(here, "V2GCertificateChain")).certificate_hash_data_chain
        assert found is not None
        request = v201.DeleteCertificateRequest(certificate_hash_data=found[0].certificate_hash_data)
        assert status(await delete_certificate.handle(request, here.context)) == ("Failed", "NotAllowed")


def test_what_each_certificate_is_for() -> None:
    """A02.FR.13, A03.FR.13."""
    assert sign_certificate.message("CSR", "combined").certificate_type is None
    assert sign_certificate.purpose(None) is None
    assert sign_certificate.purpose("V2GCertificate") == "secc"
    assert sign_certificate.purpose("ChargingStationCertificate") == "client"
