"""What an authority says of a certificate: OCSP answers (RFC 6960)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.x509 import ocsp

from certs.hash_data import HashData
from certs.hashing import HASHES

_WORDS: dict[ocsp.OCSPCertStatus, Literal["good", "revoked", "unknown"]] = {
    ocsp.OCSPCertStatus.GOOD: "good",
    ocsp.OCSPCertStatus.REVOKED: "revoked",
    ocsp.OCSPCertStatus.UNKNOWN: "unknown",
}


class NoAnswer(ValueError):
    """These bytes do not answer the question; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """How a certificate stands, and when there will be a newer answer; None if nobody said.

    Who signed it is not checked: that is for whoever relies on it.
    """

    status: Literal["good", "revoked", "unknown"]
    next_update: datetime | None = None


def read_answer(der: bytes, named: HashData) -> StatusAnswer:
    """Return what an OCSP answer (DER) says of this certificate.

    Raises:
        NoAnswer: If it is none, or about others.
    """
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise NoAnswer(f"the responder says {response.response_status.name.lower()}")
        for single in response.responses:
            if _is_about(single, named):
                return StatusAnswer(
                    status=_WORDS[single.certificate_status], next_update=single.next_update_utc
                )
    except NoAnswer:
        raise
    except (ValueError, x509.InvalidVersion) as error:
        raise NoAnswer(f"it cannot be read: {error}") from error
    raise NoAnswer("it is about another certificate")


def _is_about(single: ocsp.OCSPSingleResponse, named: HashData) -> bool:
    """Whether a part of an answer names the certificate; by another hash, its number has to do."""
    if single.serial_number != int(named.serial_number, 16):
        return False
    if single.hash_algorithm.name != HASHES[named.algorithm].name:
        return True
    hashes = (single.issuer_name_hash.hex(), single.issuer_key_hash.hex())
    return hashes == (named.issuer_name_hash.lower(), named.issuer_key_hash.lower())
