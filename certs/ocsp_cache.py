"""OCSP answers until there will be newer ones: for whoever checks a chain, and to staple to one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs.hashing import pairs
from certs.pem import name_of
from certs.revocation import Answer, believe
from certs.rules import Finding, Rule

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


def check_revocation(
    chain: Sequence[x509.Certificate], cache: OcspCache, at: datetime, *, needs_answers: bool = False
) -> Iterator[Finding]:
    """Yield what authorities have against the certificates of a chain, leaf first and root last.

    Without an answer a certificate passes, unless answers are needed. Nobody answers for a root.
    """
    for certificate in chain[:-1]:
        answer = cache.find(certificate, at)
        if answer is None:
            if needs_answers:
                yield Finding(Rule.NO_STATUS, name_of(certificate))
        elif answer.status == "revoked":
            yield Finding(Rule.REVOKED, name_of(certificate), f"said on {answer.this_update:%Y-%m-%d %H:%M}Z")
        elif answer.status == "unknown":
            yield Finding(Rule.NO_STATUS, name_of(certificate), "its authority does not know it")


def staples(chain: Sequence[x509.Certificate], cache: OcspCache, at: datetime) -> tuple[bytes | None, ...]:
    """Return what to staple to a chain, leaf first and root last: the answer (DER) to each but the root.

    TLS 1.2 takes the first; TLS 1.3 can carry one with each certificate.
    """
    found = (cache.find(certificate, at) for certificate in chain[:-1])
    return tuple(None if answer is None else answer.der for answer in found)


def missing(
    chain: Sequence[x509.Certificate], cache: OcspCache, at: datetime
) -> tuple[tuple[x509.Certificate, x509.Certificate], ...]:
    """Return the certificates, with their issuers, that there is no answer about."""
    return tuple(
        (certificate, issuer)
        for certificate, issuer in pairs(chain)
        if certificate is not issuer and cache.find(certificate, at) is None
    )


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA256())
