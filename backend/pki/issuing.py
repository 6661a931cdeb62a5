"""A leaf by one of our authorities, held against its profile before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from backend.pki.directory import Authorities
from backend.pki.duties import DUTIES, KINDS
from backend.pki.errors import PkiError
from backend.pki.names import DutyName
from certs.chains import validate
from certs.csr import Subject
from certs.issuing import Terms
from certs.key_kinds import PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be certified, and by whom."""

    duty: DutyName
    subject: Subject
    key: PublicKey
    terms: Terms


def certify(authorities: Authorities, order: Order, at: datetime) -> tuple[x509.Certificate, ...]:
    """Return the chain, leaf first, without the root.

    Raises:
        PkiError: If nobody here has the duty, or the certificate would not be good.
    """
    authority = authorities.need(order.duty)
    chain = (authority.certify(order.subject.name, order.key, order.terms), *authority.chain)
    check(authorities, chain, order.duty, at)
    return chain


def check(authorities: Authorities, chain: Sequence[x509.Certificate], name: DutyName, at: datetime) -> None:
    """Hold a chain against what its use demands.

    Raises:
        PkiError: If a rule is broken; says which.
    """
    duty = DUTIES[name]
    verdict = validate(chain, authorities.roots(KINDS[duty.folder]), duty.profile, at)
    if not verdict.is_valid:
        raise PkiError(
            f"{duty.folder}/{duty.file}.pem {duty.what}, and what comes of it is not good: {verdict}"
        )
