"""Answers OCSP requests for an authority, by its own key or by that of a responder it certified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.key_kinds import Key, hash_for

_RESPONDER_TERMS = Terms(
    usage=("digital_signature",),
    extended_usage=(ExtendedKeyUsageOID.OCSP_SIGNING,),
    valid_for=timedelta(days=90),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the authority knows of a certificate that it issued."""

    revoked_at: datetime | None = None


Look = Callable[[int], Known | None]
"""Finds what is known of a serial number; None: it never issued that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """Who answers for an issuer; `certificate` is the issuer's own, or one that it issued for OCSP."""

    issuer: x509.Certificate
    certificate: x509.Certificate
    key: Key
    lasts: timedelta = timedelta(days=7)

    @classmethod
    def of(cls, authority: Authority, lasts: timedelta = timedelta(days=7)) -> Responder:
        """Return an authority as its own responder."""
        return cls(
            issuer=authority.certificate, certificate=authority.certificate, key=authority.key, lasts=lasts
        )

    @classmethod
    def below(cls, authority: Authority, subject: Subject, terms: Terms = _RESPONDER_TERMS) -> Responder:
        """Return a responder with a key of its own, which the authority certifies for OCSP."""
        key, chain = authority.issue(subject, terms)
        return cls(issuer=authority.certificate, certificate=chain[0], key=key)

    def is_asked(self, question: ocsp.OCSPRequest) -> bool:
        """Return whether a question is about a certificate of this issuer."""
        asked = (question.issuer_name_hash, question.issuer_key_hash)
        return asked == _hashes(self.issuer, question.hash_algorithm)

    def respond(self, request: bytes, look: Look, at: datetime) -> bytes:
        """Return the answer (DER) to a request (DER): "malformed" or "unauthorized" where it must be.

        A request is about one certificate, as those of chargers and vehicles are.
        """
        read = read_question(request)
        if read is None:
            return refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        algorithm = read.hash_algorithm
        ours = _hashes(self.issuer, algorithm)
        if not self.is_asked(read):
            return refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        known = look(read.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=ours[0],
            issuer_key_hash=ours[1],
            serial_number=read.serial_number,
            algorithm=algorithm,
            cert_status=_status(known),
            this_update=at,
            next_update=at + self.lasts,
            revocation_time=None if known is None else known.revoked_at,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        if self.certificate != self.issuer:
            builder = builder.certificates([self.certificate])
        for extension in read.extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                builder = builder.add_extension(extension.value, critical=False)
        return builder.sign(self.key, hash_for(self.key)).public_bytes(Encoding.DER)


def _status(known: Known | None) -> ocsp.OCSPCertStatus:
    if known is None:
        return ocsp.OCSPCertStatus.UNKNOWN
    return ocsp.OCSPCertStatus.GOOD if known.revoked_at is None else ocsp.OCSPCertStatus.REVOKED


def _hashes(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    """Return the issuer's name and key as a request names them."""
    named = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, algorithm).build()
    own_name = hashes.Hash(algorithm)
    own_name.update(issuer.subject.public_bytes())
    return own_name.finalize(), named.issuer_key_hash


def read_question(request: bytes) -> ocsp.OCSPRequest | None:
    """Return what a request (DER) asks; None if it is none, or about several certificates."""
    try:
        read = ocsp.load_der_ocsp_request(request)
        _ = read.hash_algorithm, read.extensions
    except (ValueError, UnsupportedAlgorithm, NotImplementedError, x509.DuplicateExtension):
        return None
    return read


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    """Return the answer (DER) that is none."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
