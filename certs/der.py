"""DER in, certificates out: as messages of vehicles and TLS hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography import x509

from certs.pem import NotACertificate
from certs.rules import why_unreadable


def read_der(der: bytes) -> x509.Certificate:
    """Return a certificate; none of its parts raises any more when it is looked at.

    Raises:
        NotACertificate: If it cannot be read.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        why = why_unreadable(certificate)
        _ = certificate.subject.rfc4514_string(), certificate.issuer
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.InvalidVersion) as error:
        raise NotACertificate(f"a certificate cannot be read: {error}") from None
    if why is not None:
        raise NotACertificate(f"a certificate cannot be read: {why}")
    return certificate


def read_ders(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """Return certificates, in their order.

    Raises:
        NotACertificate: If one of them cannot be read.
    """
    return tuple(read_der(der) for der in ders)


def read_chain(fields: Mapping[str, Any]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a chain in a message of ISO 15118, leaf first.

    Raises:
        NotACertificate: If one of them cannot be read.
    """
    above = (fields.get("SubCertificates") or {}).get("Certificate", [])
    return read_ders((fields["Certificate"], *above))
