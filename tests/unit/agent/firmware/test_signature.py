from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from agent.firmware.signature import CertificateRefused, check_certificate, is_signed_by
from tests.unit.agent.transfer.certificates import TOMORROW, YESTERDAY, Authority, Key

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
ROOT = Authority("Manufacturer")
OTHER = Authority("Somebody else")
CONTENT = b"firmware" * 100_000


def pem_of(key: Key, root: Authority = ROOT, **more: Any) -> str:
    return root.issue("Firmware signing", key, **more).public_bytes(Encoding.PEM).decode()


def refused(pem: str, roots: str = ROOT.pem, revoked: bytes = b"", at: datetime = NOW) -> str:
    with pytest.raises(CertificateRefused) as refusal:
        check_certificate(pem, roots, revoked, at)
    return refusal.value.kind


@pytest.fixture(scope="module")
def key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def test_a_certificate_of_the_manufacturers(key: Key) -> None:
    """L01.FR.12: one of several roots issued it."""
    check_certificate(pem_of(key), OTHER.pem + ROOT.pem, b"", NOW)


def test_certificates_that_are_not_believed(key: Key) -> None:
    """L01.FR.21, L01.FR.22."""
    for pem, roots in [
        ("", ROOT.pem),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ROOT.pem),
        (pem_of(key, OTHER), ROOT.pem),
        (pem_of(key), ""),
        (pem_of(key, not_before=TOMORROW, not_after=TOMORROW + timedelta(1)), ROOT.pem),
        (pem_of(key, not_before=YESTERDAY - timedelta(1), not_after=YESTERDAY), ROOT.pem),
        (pem_of(key, ca=True), ROOT.pem),
        (pem_of(rsa.generate_private_key(65537, 1024)), ROOT.pem),
        (pem_of(ec.generate_private_key(ec.SECP192R1())), ROOT.pem),
        (ROOT.pem, ROOT.pem),
    ]:
        assert refused(pem, roots) == "invalid"


def test_no_certificate_between_root_and_signer(key: Key) -> None:
    middle = Authority("Intermediate")
    middle.certificate = ROOT.issue("Intermediate", middle.key, ca=True)
    assert refused(pem_of(key, middle)) == "invalid"
    check_certificate(pem_of(key, middle), middle.pem, b"", NOW)


def test_a_root_whose_time_is_over(key: Key) -> None:
    assert refused(pem_of(key, not_after=TOMORROW + timedelta(9)), at=TOMORROW + timedelta(1)) == "invalid"


def test_a_revoked_certificate(key: Key) -> None:
    one, two = (ROOT.issue("Firmware signing", key) for _ in range(2))
    revoked = ROOT.revoking(one)
    assert refused(one.public_bytes(Encoding.PEM).decode(), revoked=revoked) == "revoked"
    check_certificate(two.public_bytes(Encoding.PEM).decode(), ROOT.pem, revoked, NOW)


def test_a_revocation_list_that_is_not_the_manufacturers(key: Key) -> None:
    one = ROOT.issue("Firmware signing", key)
    pem = one.public_bytes(Encoding.PEM).decode()
    namesake = Authority("Manufacturer")
    assert refused(pem, revoked=namesake.revoking(one)) == "invalid"
    assert refused(pem, revoked=b"what?") == "invalid"
    check_certificate(pem, ROOT.pem, OTHER.revoking(one), NOW)


def _pss(key: Any, data: bytes) -> bytes:
    return bytes(key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()))


def _pkcs1(key: Any, data: bytes) -> bytes:
    return bytes(key.sign(data, padding.PKCS1v15(), hashes.SHA256()))


def _ecdsa(key: Any, data: bytes) -> bytes:
    return bytes(key.sign(data, ec.ECDSA(hashes.SHA256())))


@pytest.mark.parametrize(
    ("make_key", "sign"),
    [
        (lambda: rsa.generate_private_key(65537, 2048), _pss),
        (lambda: rsa.generate_private_key(65537, 2048), _pkcs1),
        (lambda: ec.generate_private_key(ec.SECP384R1()), _ecdsa),
    ],
)
def test_signatures_over_the_whole_file(
    tmp_path: Path, make_key: Callable[[], Key], sign: Callable[[Key, bytes], bytes]
) -> None:
    """L01.FR.04, L01.FR.12."""
    key = make_key()
    pem = pem_of(key)
    image = tmp_path / "image"
    image.write_bytes(CONTENT)
    text = base64.encodebytes(sign(key, CONTENT)).decode()
    assert is_signed_by(image, pem, text)
    assert not is_signed_by(image, pem_of(make_key()), text)
    assert not is_signed_by(image, pem, base64.b64encode(sign(key, CONTENT + b"x")).decode())
    for no_signature in ("", "not base64!", "AAAA"):
        assert not is_signed_by(image, pem, no_signature)
    image.write_bytes(CONTENT[:-1])
    assert not is_signed_by(image, pem, text)


def test_other_kinds_of_keys_sign_nothing(tmp_path: Path) -> None:
    key: Any = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "image").write_bytes(CONTENT)
    pem = pem_of(key)
    assert refused(pem) == "invalid"
    assert not is_signed_by(tmp_path / "image", pem, base64.b64encode(key.sign(CONTENT)).decode())
