"""Contracts that chargers ask about in Authorize (OCPP 2.0.1 C07): their certificates and our pool's word.

A charger that knows the root sends the hashes of the chain, which it has checked; one that does not may send
the chain for us to check.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509

from backend.pki.directory import Authorities
from backend.pki.pool import ContractPool, PoolUnavailable
from backend.pki.statuses import NoStatus, Statuses
from certs.chains import Verdict
from certs.contracts import judge
from certs.hash_data import HashData
from certs.hashing import hash_data, pairs, responder_url
from certs.pem import NotACertificate, read_bundle
from certs.rules import Rule

CertificateStatus = Literal[
    "Accepted",
    "SignatureError",
    "CertificateExpired",
    "CertificateRevoked",
    "NoCertificateAvailable",
    "CertChainError",
    "ContractCancelled",
]
"""AuthorizeCertificateStatusEnumType."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a charger says of a contract: its name, and its chain (PEM) or what names its certificates.

    `named` are hashes, leaf first, each with the address where its status can be asked.
    """

    emaid: str
    chain: str | None
    named: Sequence[tuple[HashData, str]]


class ContractCheck:
    """Judges contracts."""

    def __init__(
        self,
        authorities: Authorities,
        pool: ContractPool,
        statuses: Statuses,
        clock: Callable[[], datetime],
    ) -> None:
        self._authorities = authorities
        self._pool = pool
        self._statuses = statuses
        self._clock = clock

    async def judge(self, asked: Asked) -> tuple[CertificateStatus, str]:
        """Return what the charger is told, and why it is not "Accepted"."""
        named, needs_answers = list(asked.named), True
        if asked.chain is not None:
            found = await asyncio.to_thread(self._check_chain, asked.chain, asked.emaid)
            if isinstance(found, Verdict):
                return _status_of(found), str(found)
            if not found:
                return "CertChainError", "no certificate can be read"
            named, needs_answers = named or _named(found), bool(named)
        refused = await self._revoked(named, needs_answers=needs_answers)
        return refused or await self._contract(asked.emaid)

    def _check_chain(self, pem: str, emaid: str) -> Verdict | tuple[x509.Certificate, ...]:
        """Return the chain up to the root if it is good, else what is wrong; () if it cannot be read."""
        try:
            bundle = read_bundle(pem)
        except NotACertificate:
            return ()
        if not bundle:
            return ()
        verdict = judge(bundle, self._authorities.roots("MO"), emaid, self._clock())
        return verdict.chain if verdict.is_valid else verdict

    async def _revoked(
        self, named: Sequence[tuple[HashData, str]], *, needs_answers: bool
    ) -> tuple[CertificateStatus, str] | None:
        """Return what speaks against one of the certificates.

        Without an answer a chain that was checked here passes, if it says nowhere who could be asked.
        """
        for one, url in named:
            try:
                said = await self._statuses.of(one, url)
            except NoStatus as error:
                if url or needs_answers:
                    return "NoCertificateAvailable", str(error)
                continue
            if said.status == "revoked":
                return "CertificateRevoked", f"{one.serial_number} was revoked"
            if said.status == "unknown":
                return "NoCertificateAvailable", f"the issuer does not know {one.serial_number}"
        return None

    async def _contract(self, emaid: str) -> tuple[CertificateStatus, str]:
        try:
            contract = await self._pool.find(emaid)
        except PoolUnavailable as error:
            return "NoCertificateAvailable", str(error)
        if contract is not None and contract.is_cancelled:
            return "ContractCancelled", f"the contract {contract.emaid} was cancelled"
        return "Accepted", ""


def _named(chain: Sequence[x509.Certificate]) -> list[tuple[HashData, str]]:
    """Return what names the certificates of a chain but its root."""
    return [
        (hash_data(certificate, issuer), responder_url(certificate) or "")
        for certificate, issuer in pairs(chain)
        if certificate is not issuer
    ]


def _status_of(verdict: Verdict) -> CertificateStatus:
    rules = {finding.rule for finding in verdict.findings}
    if Rule.SIGNATURE in rules:
        return "SignatureError"
    return "CertificateExpired" if Rule.EXPIRED in rules else "CertChainError"
