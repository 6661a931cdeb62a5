"""A signing request (PKCS #10) as whoever is to certify a key reads it."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from certs.key_kinds import PublicKey, kind_of
from certs.profiles import LEAST_EC_BITS, LEAST_RSA_BITS, WEAK_HASHES

LONGEST = 5500
"""Characters of a request that OCPP can carry."""
_MOST_BITS = 8192
_MARK = "CERTIFICATE REQUEST-----"
_NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.DOMAIN_COMPONENT)


class RequestRefused(ValueError):
    """The request is not certified; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRequest:
    """A key that somebody has, and whom the certificate is to name."""

    common_name: str
    organization: str
    domain_component: str
    key: PublicKey


def read_request(text: str) -> SigningRequest:
    """Return what a request (PEM) asks for, signed by its own key.

    Raises:
        RequestRefused: If it is none, is too long, or its signature or key is not good enough.
    """
    if len(text) > LONGEST:
        raise RequestRefused(f"it has {len(text)} characters, at most {LONGEST} are read")
    if _MARK not in text:
        raise RequestRefused("there is no signing request (PEM) in it")
    try:
        read = x509.load_pem_x509_csr(text.encode("ascii"))
        key, is_signed, algorithm = read.public_key(), read.is_signature_valid, read.signature_hash_algorithm
        common_name, organization, domain = (_only(read.subject, which) for which in _NAMES)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise RequestRefused(f"it is no signing request that can be read: {error}") from error
    if not is_signed:
        raise RequestRefused("it is not signed by the key that it is about")
    if algorithm is not None and algorithm.name in WEAK_HASHES:
        raise RequestRefused(f"it is signed with a weak hash ({algorithm.name})")
    return SigningRequest(
        common_name=common_name,
        organization=organization,
        domain_component=domain,
        key=_good_key(key),
    )


def _only(name: x509.Name, which: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(which)
    return str(found[0].value) if len(found) == 1 else ""


def _good_key(key: object) -> PublicKey:
    kind = kind_of(key)
    if isinstance(key, rsa.RSAPublicKey) and LEAST_RSA_BITS <= key.key_size <= _MOST_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= LEAST_EC_BITS:
        return key
    raise RequestRefused(
        f"its key is {kind}: too weak; RSA has at least {LEAST_RSA_BITS} bits, EC at least {LEAST_EC_BITS}"
    )
