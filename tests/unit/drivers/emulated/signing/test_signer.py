"""Keys are made on first start and kept; signatures are real."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.emulated.signing.signer import CURVES, KeyFileError, make_signer


def test_a_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "meter.key.pem"
    first = make_signer("secp256r1", path)
    assert make_signer("secp256r1", path).public_der == first.public_der
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["meter.key.pem"]


def test_without_a_path_every_meter_has_a_key_of_its_own() -> None:
    assert make_signer("secp256r1").public_der != make_signer("secp256r1").public_der


@pytest.mark.parametrize("curve", CURVES)
def test_signatures_verify_with_the_key_that_the_meter_shows(curve: str) -> None:
    signer = make_signer(next(name for name in CURVES if name == curve))
    key = load_der_public_key(signer.public_der)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signer.sign("text"), b"text", ec.ECDSA(hashes.SHA256()))
    assert signer.algorithm == f"ECDSA-{curve}-SHA256"
    assert signer.public_der.endswith(signer.public_point)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "meter.key.pem"
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match=r"meter\.key\.pem .*remove it"):
        make_signer("secp256r1", path)
    assert path.read_bytes() == content


def test_a_key_on_another_curve_is_told(tmp_path: Path) -> None:
    path = tmp_path / "meter.key.pem"
    make_signer("secp384r1", path)
    with pytest.raises(KeyFileError, match="no key on secp256r1"):
        make_signer("secp256r1", path)
