"""What names a certificate, computed a second way from the DER of its issuer."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certs.csr import Subject
from certs.hash_data import ALGORITHMS, Algorithm
from certs.hashing import crl_urls, hash_data, pairs, responder_url
from certs.issuing import Authority, Terms
from certs.key_kinds import Key

ROOT = Subject(common_name="Example Root", organization="Example")
LEAF = Subject(common_name="CH-1", organization="Example")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_the_hashes_are_of_the_issuers_name_and_bare_key(algorithm: Algorithm, kind: str) -> None:
    key: Key
    if kind == "ec":
        key = ec.generate_private_key(ec.SECP256R1())
        bare = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    else:
        key = rsa.generate_private_key(65537, 2048)
        bare = key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    root = Authority.root(ROOT, key=key)
    leaf = root.issue(LEAF)[1][0]
    named = hash_data(leaf, root.certificate, algorithm)
    digest = {"SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512}[algorithm]
    assert named.issuer_name_hash == digest(root.certificate.subject.public_bytes()).hexdigest()
    assert named.issuer_key_hash == digest(bare).hexdigest()
    assert int(named.serial_number, 16) == leaf.serial_number
    assert not named.serial_number.startswith("0")


def test_hexadecimal_digits_compare_without_case_and_leading_zeroes() -> None:
    root = Authority.root(ROOT).certificate
    named = hash_data(root, root)
    shouted = replace(
        named, issuer_key_hash=named.issuer_key_hash.upper(), serial_number="0" + named.serial_number.upper()
    )
    assert named.names(shouted)
    assert not named.names(replace(named, serial_number="1"))
    assert not named.names(hash_data(root, root, "SHA384"))


def test_every_certificate_is_paired_with_its_issuer() -> None:
    root = Authority.root(ROOT)
    chain = (*root.below(ROOT).issue(LEAF)[1], root.certificate)
    assert [issuer for _, issuer in pairs(chain)] == [chain[1], chain[2], chain[2]]


def test_where_the_status_can_be_asked() -> None:
    root = Authority.root(ROOT)
    [leaf] = root.issue(LEAF, Terms(ocsp_url="http://ocsp.example/"))[1]
    assert responder_url(leaf) == "http://ocsp.example/"
    assert responder_url(root.certificate) is None


def test_where_the_list_of_revoked_ones_is() -> None:
    root = Authority.root(ROOT)
    [leaf] = root.issue(LEAF, Terms(crl_url="http://crl.example/root.crl"))[1]
    assert crl_urls(leaf) == ("http://crl.example/root.crl",)
    assert crl_urls(root.certificate) == ()
