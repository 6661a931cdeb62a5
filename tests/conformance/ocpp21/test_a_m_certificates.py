"""What OCPP 2.1 adds to certificates (A02, A03, M03, M05)."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.key_kinds import new_key_of
from certs.pem import write_bundle
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.security import CLIENT, V2G, ask_to_sign, delete, install, installed
from tests.conformance.tls import OLD, ROOT, Operator, behind_tls, url_of

QUICK = {"SecurityCtrlr__CertSigningWaitMinimum": 1, "SecurityCtrlr__CertSigningRepeatTimes": 2}
V2G20 = "V2G20Certificate"
WEAK = Subject(common_name="Weak Root", organization="Other")
SECC = Terms(usage=("digital_signature",))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def deliver(csms: Csms, chain: str, **more: object) -> Payload:
    return await csms.call("CertificateSigned", {"certificateChain": chain, **more})


async def test_a_certificate_answers_the_request_of_its_number(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A02.FR.24, A02.FR.26: the same number when it is sent again, also after a power cut."""
    with behind_tls(csms, operator.mutual()) as front:
        station = await start(url=url_of(front), keys=operator.station(OLD), **QUICK)
        request = await ask_to_sign(csms)
        number = request["requestId"]
        assert (await csms.expect("SignCertificate")).payload["requestId"] == number
        await station.cut_power()
        await station.power_on()
        assert (await csms.expect("SignCertificate")).payload["requestId"] == number
        chain = operator.answer(request["csr"])
        refused = await deliver(csms, chain, certificateType=CLIENT, requestId=number + 1)
        assert (refused["status"], refused["statusInfo"]["reasonCode"]) == ("Rejected", "InvalidCertificate")
        assert (await deliver(csms, chain, requestId=number))["status"] == "Accepted"
        connections = csms.connections
        await csms.until(lambda: csms.connections > connections or csms.is_connected)


async def test_requests_for_two_certificates_are_told_apart(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A02.FR.24, A02.FR.26: by their numbers, with or without the type beside.

    A02.FR.22, A02.FR.27: one for vehicles is as ISO 15118-2 has it, and names the only V2G root.
    """
    await start()
    assert await install(csms, operator.root_pem, "V2GRootCertificate") == "Accepted"
    first = await ask_to_sign(csms)
    second = await ask_to_sign(csms, "SignV2GCertificate")
    assert first["requestId"] != second["requestId"]
    csr = x509.load_pem_x509_csr(second["csr"].encode())
    key = csr.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert [part.value for part in csr.subject.get_attributes_for_oid(x509.NameOID.DOMAIN_COMPONENT)] == [
        "CPO"
    ]
    [listed] = await installed(csms, "V2GRootCertificate")
    assert second["hashRootCertificate"] == listed["certificateHashData"]
    assert "hashRootCertificate" not in first
    chain = operator.answer(second["csr"], SECC)
    wrong = await deliver(csms, chain, certificateType=CLIENT, requestId=second["requestId"])
    assert wrong["status"] == "Rejected"
    newer = await deliver(csms, chain, certificateType=V2G20, requestId=second["requestId"])
    assert newer["status"] == "Rejected"
    right = await deliver(csms, chain, certificateType=V2G, requestId=second["requestId"])
    assert right["status"] == "Accepted"


async def test_a_certificate_for_vehicles_of_iso_15118_20(csms: Csms, start: Start) -> None:
    """A02.FR.22, A02.FR.23, A02.FR.26: with a key of P-521, kept beside the one of ISO 15118-2."""
    root, weak = Authority.root(ROOT, key=new_key_of("P-521")), Authority.root(WEAK)
    authority = root.below(Subject(common_name="CPO Sub-CA", organization="Other"), key=new_key_of("P-521"))
    await start()
    for one in (root, weak):
        assert await install(csms, write_bundle((one.certificate,)), "V2GRootCertificate") == "Accepted"
    request = await ask_to_sign(csms, "SignV2G20Certificate")
    assert request["certificateType"] == V2G20
    csr = x509.load_pem_x509_csr(request["csr"].encode())
    key = csr.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp521r1"
    assert isinstance(csr.signature_hash_algorithm, hashes.SHA512)
    refused = await deliver(
        csms,
        write_bundle(weak.answer(request["csr"], SECC)),
        certificateType=V2G20,
        requestId=request["requestId"],
    )
    assert refused["status"] == "Rejected"
    assert "its kind of signature is not allowed" in refused["statusInfo"]["additionalInfo"]
    chain = write_bundle(authority.answer(request["csr"], SECC))
    assert (await deliver(csms, chain, certificateType=V2G))["status"] == "Rejected"
    answer = await deliver(csms, chain, certificateType=V2G20, requestId=request["requestId"])
    assert answer["status"] == "Accepted"
    [listed] = await installed(csms, "V2GCertificateChain")
    assert len(listed["childCertificateHashData"]) == 1


async def test_tc_m_101_cs_roots_of_vehicle_manufacturers(csms: Csms, start: Start) -> None:
    """M05 with OEMRootCertificate, which 2.1 adds: installed, listed, deleted."""
    await start()
    pem = write_bundle((Authority.root(ROOT).certificate,))
    assert await install(csms, pem, "OEMRootCertificate") == "Accepted"
    [listed] = await installed(csms, "OEMRootCertificate")
    assert listed["certificateType"] == "OEMRootCertificate"
    assert listed in await installed(csms)
    assert await installed(csms, "MORootCertificate") == []
    assert await delete(csms, listed["certificateHashData"]) == "Accepted"
    assert await installed(csms, "OEMRootCertificate") == []
