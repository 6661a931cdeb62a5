from __future__ import annotations

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certs.csr import Subject, new_key, signing_request
from certs.key_kinds import Key
from certs.requests import RequestRefused, read_request

SUBJECT = Subject(common_name="CH-1", organization="Operator")


def test_what_it_asks_for() -> None:
    key = new_key()
    read = read_request(signing_request(key, SUBJECT), frozenset({"P-256"}))
    assert (read.common_name, read.organization, read.key) == ("CH-1", "Operator", key.public_key())


def test_the_kind_of_key_that_is_wanted() -> None:
    request = signing_request(ec.generate_private_key(ec.SECP384R1()), SUBJECT)
    assert read_request(request).common_name == "CH-1"
    with pytest.raises(RequestRefused, match="its key is P-384, and must be P-256"):
        read_request(request, frozenset({"P-256"}))


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())]
)
def test_a_key_that_is_too_weak(key: Key) -> None:
    with pytest.raises(RequestRefused, match="RSA of at least 2048 bits, EC of at least 224"):
        read_request(signing_request(key, SUBJECT))


def test_somebody_elses_key() -> None:
    """The request names a key that did not sign it."""
    mine, other = new_key(), new_key()
    request = x509.load_pem_x509_csr(signing_request(mine, SUBJECT).encode()).public_bytes(Encoding.DER)
    points = [
        key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) for key in (mine, other)
    ]
    forged = base64.b64encode(request.replace(*points)).decode()
    text = f"-----BEGIN CERTIFICATE REQUEST-----\n{forged}\n-----END CERTIFICATE REQUEST-----\n"
    with pytest.raises(RequestRefused, match="not signed by the key that it is about"):
        read_request(text)


@pytest.mark.parametrize(
    "text",
    ["", "no request", "ü", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"],
)
def test_no_request(text: str) -> None:
    with pytest.raises(RequestRefused, match="no signing request"):
        read_request(text)


def test_too_long() -> None:
    with pytest.raises(RequestRefused, match="5501 characters, at most 5500"):
        read_request("x" * 5501)
