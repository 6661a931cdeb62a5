"""Verification, with keys and signatures of a cryptography library and with pyocmf as the other judge."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from ecdsa import VerifyingKey
from ecdsa.util import sigdecode_der
from pyocmf.core.ocmf import OCMF

from drivers.signed.der import p256_public_key
from drivers.signed.ocmf import assemble, parse
from drivers.signed.verify import Verdict, verify

PAYLOAD = (
    '{"FV":"1.0","PG":"T1","MS":"1","IS":true,"IT":"LOCAL","ID":"x","RD":[{"TM":'
    '"2021-01-01T10:00:27,000+0100 S","TX":"B","RV":52440.60,"RI":"1-0:1.8.0*255","RU":"Wh","ST":"G"}]}'
)
CURVES: list[tuple[str, ec.EllipticCurve]] = [
    ("secp256r1", ec.SECP256R1()),
    ("secp256k1", ec.SECP256K1()),
    ("secp384r1", ec.SECP384R1()),
    ("brainpool256r1", ec.BrainpoolP256R1()),
    ("brainpoolP256r1", ec.BrainpoolP256R1()),
    ("brainpool384r1", ec.BrainpoolP384R1()),
    ("brainpoolP384r1", ec.BrainpoolP384R1()),
]
P256 = ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signed(key: ec.EllipticCurvePrivateKey, algorithm: str | None = None, payload: str = PAYLOAD) -> str:
    return assemble(payload, key.sign(payload.encode(), ec.ECDSA(hashes.SHA256())), algorithm)


@pytest.mark.parametrize(("name", "curve"), CURVES)
def test_every_curve_of_a_known_meter_verifies(name: str, curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    text = signed(key, f"ECDSA-{name}-SHA256")
    assert verify(parse(text), public(key)).verdict is Verdict.GENUINE
    assert verify(parse(text.replace("52440.60", "52440.61")), public(key)).verdict is Verdict.NOT_GENUINE


THEIR_CURVES = {"secp256r1", "secp256k1", "secp384r1", "brainpoolP256r1"}
"""The names that pyocmf knows by the same spelling in key and record."""


@pytest.mark.parametrize(("name", "curve"), [pair for pair in CURVES if pair[0] in THEIR_CURVES])
def test_pyocmf_agrees(name: str, curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    text = signed(key, f"ECDSA-{name}-SHA256")
    for candidate in (text, text.replace("52440.60", "52440.6"), text.replace('"ID":"x"', '"ID":"y"')):
        theirs = OCMF.from_string(candidate).verify_signature(public(key))
        assert verify(parse(candidate), public(key)).is_genuine is theirs


@pytest.mark.parametrize(("name", "curve"), CURVES)
def test_a_pure_python_implementation_agrees(name: str, curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    text = signed(key, f"ECDSA-{name}-SHA256")
    assert verify(parse(text), public(key)).is_genuine
    record = parse(text)
    other = VerifyingKey.from_der(bytes.fromhex(public(key)))
    assert other.verify(record.signature, record.payload.encode(), sha256, sigdecode_der)


def test_any_changed_byte_of_the_payload_is_found() -> None:
    text = signed(P256)
    judged = 0
    for place in range(len("OCMF|"), text.rindex("|")):
        changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        try:
            record = parse(changed)
        except ValueError:
            continue
        judged += 1
        assert verify(record, public(P256)).verdict is Verdict.NOT_GENUINE
    assert judged > 50


def test_the_key_may_come_in_every_form_that_meters_and_registers_use() -> None:
    record = parse(signed(P256))
    whole = point(P256)
    forms = [
        public(P256),
        public(P256).upper(),
        base64.b64encode(bytes.fromhex(public(P256))).decode(),
        whole.hex(),
        whole[1:].hex(),
        p256_public_key(whole[1:]).hex(),
    ]
    assert [verify(record, form).verdict for form in forms] == [Verdict.GENUINE] * len(forms)


def test_the_key_of_another_meter_does_not_fit() -> None:
    judgement = verify(parse(signed(P256)), public(ec.generate_private_key(ec.SECP256R1())))
    assert judgement.verdict is Verdict.NOT_GENUINE
    assert str(judgement).startswith("not genuine: ")


OTHER_KIND = ed25519.Ed25519PrivateKey.generate().public_key()


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "neither DER"),
        ("no key!", "neither hexadecimal nor base64"),
        ("00" * 64, "Invalid EC key"),
        ("3006020101020102", "neither DER"),
        (public(ec.generate_private_key(ec.SECP384R1())), "the key is of secp384r1"),
        (OTHER_KIND.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex(), "Ed25519PublicKey"),
    ],
    ids=["empty", "no encoding", "off the curve", "no key", "another curve", "another kind"],
)
def test_a_key_that_says_nothing_about_the_record_is_told(key: str, reason: str) -> None:
    judgement = verify(parse(signed(P256)), key)
    assert judgement.verdict is Verdict.KEY_UNUSABLE
    assert reason in judgement.reason


@pytest.mark.parametrize(
    "algorithm", ["ECDSA-secp256r1-SHA1", "RSA-2048-SHA256", "ECDSA-secp192k1-SHA256", "x"]
)
def test_an_algorithm_that_is_not_known_is_told(algorithm: str) -> None:
    assert verify(parse(signed(P256, algorithm)), public(P256)).verdict is Verdict.ALGORITHM_UNKNOWN


def test_bytes_that_are_no_signature_are_told() -> None:
    assert verify(parse(assemble(PAYLOAD, bytes(70))), public(P256)).verdict is Verdict.SIGNATURE_MALFORMED
