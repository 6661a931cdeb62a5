"""What is asked about the certificates of a chain: how they stand, and with whom. Import it when needed."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from agent.authorization.contract import StatusQuestion
from certs.hashing import hash_data, pairs, responder_url


def questions(chain: Sequence[x509.Certificate]) -> tuple[StatusQuestion, ...]:
    """Return a question about each certificate that says where to ask, leaf first; none about the root.

    The chain is complete: leaf first, the root last.
    """
    return tuple(
        StatusQuestion(named=hash_data(certificate, issuer), responder_url=url)
        for certificate, issuer in pairs(chain)
        if (url := responder_url(certificate)) is not None and certificate is not issuer
    )
