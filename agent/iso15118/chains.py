"""Certificates as vehicles send them: read, and held against the time, whatever the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography import x509

from agent.iso15118.facts import Facts
from certs.rules import Finding, check_dates, why_unreadable

Chain = tuple[x509.Certificate, ...]


class Unreadable(ValueError):
    """Bytes that are no certificate, or one with parts that cannot be read; says why."""


def read_chain(fields: Mapping[str, Any]) -> Chain:
    """Return the certificates of a chain (Certificate, SubCertificates), leaf first.

    Raises:
        Unreadable: If one of them cannot be read.
    """
    above = fields.get("SubCertificates", {}).get("Certificate", [])
    return tuple(read_certificate(der) for der in (fields["Certificate"], *above))


def read_certificate(der: bytes) -> x509.Certificate:
    """Return a certificate; none of its parts raises any more when it is looked at.

    Raises:
        Unreadable: If it cannot be read.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        why = why_unreadable(certificate)
        _ = certificate.subject.rfc4514_string(), certificate.issuer
        _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, x509.InvalidVersion) as error:
        raise Unreadable(f"a certificate cannot be read: {error}") from None
    if why is not None:
        raise Unreadable(f"a certificate cannot be read: {why}")
    return certificate


def wrong_date(chain: Chain, facts: Facts) -> Finding | None:
    """Return the first certificate that is not valid now; None if all are, or the time is not known."""
    if not facts.clock_is_trusted:
        return None
    return next((finding for one in chain for finding in check_dates(one, facts.now)), None)
