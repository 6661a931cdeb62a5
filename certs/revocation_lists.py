"""Lists of revoked certificates (CRL, RFC 5280): what an authority publishes beside answering OCSP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certs.issuing import Authority
from certs.key_kinds import hash_for

_LASTS = timedelta(days=7)


def revocation_list(
    authority: Authority,
    revoked: Iterable[tuple[int, datetime]],
    at: datetime,
    lasts: timedelta = _LASTS,
) -> bytes:
    """Return an authority's list (DER) of serial numbers that it revoked, each with the time.

    Its number is the second it is of, which only grows.
    """
    issuer = authority.certificate
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(at)
        .next_update(at + lasts)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False)
    )
    for serial_number, revoked_at in sorted(revoked):
        entry = x509.RevokedCertificateBuilder().serial_number(serial_number).revocation_date(revoked_at)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, hash_for(authority.key)).public_bytes(Encoding.DER)
