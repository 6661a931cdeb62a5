"""What is asked about the certificates of a chain: how they stand, and with whom. Import it when needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from agent.authorization.chain_status import MOST_URLS, StatusOf
from agent.authorization.contract import StatusQuestion
from certs.hashing import crl_urls, hash_data, pairs, responder_url


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the certificate with its issuer that an answer has to be about."""

    question: StatusQuestion
    certificate: x509.Certificate
    issuer: x509.Certificate


def asked(chain: Sequence[x509.Certificate]) -> tuple[Asked, ...]:
    """Return what is asked about each certificate that says where to ask, leaf first; nothing about the root.

    The chain is complete: leaf first, the root last.
    """
    return tuple(
        Asked(StatusQuestion(named=hash_data(certificate, issuer), responder_url=url), certificate, issuer)
        for certificate, issuer in pairs(chain)
        if (url := responder_url(certificate)) is not None and certificate is not issuer
    )


def questions(chain: Sequence[x509.Certificate]) -> tuple[StatusQuestion, ...]:
    """Return the questions alone."""
    return tuple(one.question for one in asked(chain))


def lookups(chain: Sequence[x509.Certificate]) -> tuple[StatusOf, ...]:
    """Return where the status of each certificate can be looked up, leaf first; nothing about the root.

    With a responder rather than in a list of revoked ones: that may be a day old.
    """
    return tuple(
        found
        for certificate, issuer in pairs(chain)
        if certificate is not issuer and (found := _lookup(certificate, issuer)) is not None
    )


def _lookup(certificate: x509.Certificate, issuer: x509.Certificate) -> StatusOf | None:
    responder = responder_url(certificate)
    if responder is not None:
        return StatusOf(named=hash_data(certificate, issuer), source="OCSP", urls=(responder,))
    urls = crl_urls(certificate)[:MOST_URLS]
    return StatusOf(named=hash_data(certificate, issuer), source="CRL", urls=urls) if urls else None
