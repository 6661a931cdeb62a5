"""OCSP answers until there will be newer ones, and what of them is stapled to a chain."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs.revocation import Answer, believe

_MOST = 500


class OcspCache:
    """The latest answer about each of at most `most` certificates; the one least lately used makes room."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def take(
        self, der: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime
    ) -> Answer:
        """Check an answer (DER) and keep it until its next update; return what it says.

        One without a next update is not kept, and an older one than there is takes no place.

        Raises:
            AnswerRefused: If it does not count.
        """
        answer, key = believe(der, certificate, issuer, at), _key(certificate)
        before = self._answers.get(key)
        if answer.next_update is not None and (before is None or before.this_update <= answer.this_update):
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer

    def find(self, certificate: x509.Certificate, at: datetime) -> Answer | None:
        """Return the answer about a certificate, None if there is none or it is outdated."""
        key = _key(certificate)
        answer = self._answers.get(key)
        if answer is None:
            return None
        if answer.next_update is not None and answer.next_update < at:
            del self._answers[key]
            return None
        self._answers.move_to_end(key)
        return answer


def staples(chain: Sequence[x509.Certificate], cache: OcspCache, at: datetime) -> tuple[bytes | None, ...]:
    """Return what to staple to a chain, leaf first and root last: the answer (DER) to each but the root.

    TLS 1.2 takes the first; TLS 1.3 can carry one with each certificate.
    """
    found = (cache.find(certificate, at) for certificate in chain[:-1])
    return tuple(None if answer is None else answer.der for answer in found)


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA256())
