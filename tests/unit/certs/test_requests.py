from __future__ import annotations

import base64
from dataclasses import replace

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
    read = read_request(signing_request(key, SUBJECT))
    assert (read.common_name, read.organization, read.key) == ("CH-1", "Operator", key.public_key())
    assert read.domain_component == ""
    in_v2g = read_request(signing_request(key, replace(SUBJECT, domain_component="CPO")))
    assert in_v2g.domain_component == "CPO"


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP192R1())]
)
def test_a_key_that_is_too_weak(key: Key) -> None:
    with pytest.raises(RequestRefused, match="too weak; RSA has at least 2048 bits, EC at least 224"):
        read_request(signing_request(key, SUBJECT))


def test_somebody_elses_key() -> None:
    """The request names a key that did not sign it."""
    mine, other = new_key(), new_key()
    request = x509.load_pem_x509_csr(signing_request(mine, SUBJECT).encode()).public_bytes(Encoding.DER)
    points = [
        key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) for key in (mine, other)
    ]
    forged = base64.b64encode(request.replace(points[0], points[1])).decode()
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
