"""What an authority answers when it is asked about a certificate that it issued."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from certs.issuing import Authority

DAY = timedelta(days=1)


def answer(
    certificate: x509.Certificate,
    issuer: Authority,
    *,
    is_revoked: bool = False,
    at: datetime | None = None,
    lasts: timedelta | None = 30 * DAY,
    algorithm: hashes.HashAlgorithm | None = None,
) -> bytes:
    """Return its word (DER) about the certificate, as of now unless said; `lasts` None names no end."""
    at = at or datetime.now(UTC)
    status = ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=issuer.certificate,
        algorithm=algorithm or hashes.SHA256(),
        cert_status=status,
        this_update=at,
        next_update=None if lasts is None else at + lasts,
        revocation_time=at - DAY if is_revoked else None,
        revocation_reason=None,
    )
    signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    return signed.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def as_text(der: bytes) -> str:
    """Return an answer as OCPP carries it."""
    return base64.b64encode(der).decode("ascii")
