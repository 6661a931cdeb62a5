"""Whether a certificate was revoked: OCSP questions, and answers that are believed (RFC 6960).

An answer counts if the certificate's issuer signed it, or somebody whom the issuer made a responder; if it is
about this certificate; and if it is of now. A nonce is optional, as it is in the field: one that comes back
must be the one that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs.pem import name_of
from certs.profiles import WEAK_HASHES
from certs.rules import check_dates, check_strength, is_issued_by, why_unreadable

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far two clocks may be apart."""
Status = Literal["good", "revoked", "unknown"]
_STATUSES: dict[ocsp.OCSPCertStatus, Status] = {
    ocsp.OCSPCertStatus.GOOD: "good",
    ocsp.OCSPCertStatus.REVOKED: "revoked",
    ocsp.OCSPCertStatus.UNKNOWN: "unknown",
}


class AnswerRefused(ValueError):
    """An OCSP answer that says nothing about this certificate now, or that nobody needs to believe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an authority says of a certificate, as it said it (DER); `next_update` None: it may change now."""

    status: Status
    this_update: datetime
    next_update: datetime | None
    der: bytes


def question(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes | None = None) -> bytes:
    """Return the OCSP request (DER) about a certificate; a nonce is 1 to 32 bytes (RFC 9654)."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def believe(
    der: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
    nonce: bytes | None = None,
) -> Answer:
    """Return what an OCSP answer (DER) says of a certificate, once it is checked.

    Raises:
        AnswerRefused: If it is none, about others, not of now, not signed by who may, or to another question.
    """
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise AnswerRefused(f"the responder says {response.response_status.name.lower()}")
        _check_nonce(response, nonce)
        _check_signature(response, issuer, at)
        single = next((one for one in response.responses if _is_about(one, certificate, issuer)), None)
    except (TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension) as error:
        raise AnswerRefused(f"it cannot be read: {error}") from error
    except AnswerRefused:
        raise
    except ValueError as error:
        raise AnswerRefused(f"it cannot be read: {error}") from error
    if single is None:
        raise AnswerRefused(f"it is not about {name_of(certificate)}")
    _check_time(single, at)
    return Answer(
        status=_STATUSES[single.certificate_status],
        this_update=single.this_update_utc,
        next_update=single.next_update_utc,
        der=der,
    )


def _is_about(
    single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate
) -> bool:
    """Whether a part of an answer names the certificate, by whatever hash the responder chose."""
    named = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, single.hash_algorithm).build()
    return (single.serial_number, single.issuer_name_hash, single.issuer_key_hash) == (
        named.serial_number,
        named.issuer_name_hash,
        named.issuer_key_hash,
    )


def _check_nonce(response: ocsp.OCSPResponse, nonce: bytes | None) -> None:
    try:
        returned = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return
    if nonce is not None and returned != nonce:
        raise AnswerRefused("it answers another question: the nonce differs")


def _check_time(single: ocsp.OCSPSingleResponse, at: datetime) -> None:
    if single.this_update_utc > at + CLOCK_TOLERANCE:
        raise AnswerRefused(f"it is of {single.this_update_utc:%Y-%m-%d %H:%M}Z, it is {at:%Y-%m-%d %H:%M}Z")
    if single.next_update_utc is not None and single.next_update_utc < at - CLOCK_TOLERANCE:
        raise AnswerRefused(f"it is outdated since {single.next_update_utc:%Y-%m-%d %H:%M}Z")


def _check_signature(response: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> None:
    """Refuse what neither the issuer nor a responder of its own signed (RFC 6960, 4.2.2.2)."""
    algorithm = response.signature_hash_algorithm
    if algorithm is not None and algorithm.name in WEAK_HASHES:
        raise AnswerRefused(f"it is signed with a weak hash ({algorithm.name})")
    if _is_signed_by(response, issuer):
        return
    responder = next((one for one in response.certificates if _is_signed_by(response, one)), None)
    if responder is None:
        raise AnswerRefused("neither the issuer nor a certificate that came along signed it")
    why = _why_no_responder(responder, issuer, at)
    if why is not None:
        raise AnswerRefused(f"{name_of(responder)} signed it, and is no responder of the issuer: {why}")


def _why_no_responder(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> str | None:
    why = why_unreadable(responder)
    if why is not None:
        return why
    if not is_issued_by(responder, issuer):
        return "somebody else issued its certificate"
    try:
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return "its certificate has no ExtendedKeyUsage"
    if ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
        return "its certificate is not for OCSP"
    findings = (*check_dates(responder, at), *check_strength(responder))
    return "; ".join(map(str, findings)) or None


def _is_signed_by(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, algorithm = signer.public_key(), response.signature_hash_algorithm
    signature, signed = response.signature, response.tbs_response_bytes
    try:
        if isinstance(key, ed448.Ed448PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm is not None:
            key.verify(signature, signed, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey) and algorithm is not None:
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def glance(der: bytes, serial_number: int) -> tuple[Status, datetime | None] | None:
    """Return what an answer (DER) says of a number and until when, without a check of who signed it.

    For whoever passes answers on, or asked over a way that is trusted; None: it says nothing about it.
    """
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        for single in response.responses:
            if single.serial_number == serial_number:
                return _STATUSES[single.certificate_status], single.next_update_utc
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
    return None
