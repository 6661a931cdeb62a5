"""Contract chains, held against the installed roots: `agent.authorization.contracts.ChainCheck`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from agent.authorization.contract import Checked, Flaw
from agent.security.vault import Vault

if TYPE_CHECKING:
    from certs.chains import Verdict

log = logging.getLogger(__name__)


class ContractChains:
    """Believes the roots of mobility operators, and those of V2G that some of them are below."""

    def __init__(self, vault: Vault, now: Callable[[], datetime]) -> None:
        self._vault = vault
        self._now = now

    async def check(self, emaid: str, chain: str) -> Checked:
        """Return what is found about a chain (PEM, leaf first), and whether it is for this contract."""
        roots = self._vault.roots.pem("MO") + self._vault.roots.pem("V2G")
        return await asyncio.to_thread(_check, emaid, chain, roots, self._now())


def _check(emaid: str, chain: str, roots: str, at: datetime) -> Checked:
    from agent.security.status_questions import (  # noqa: PLC0415 - memory that only a contract needs
        lookups,
        questions,
    )
    from certs.contracts import judge  # noqa: PLC0415 - likewise
    from certs.pem import NotACertificate, read_bundle  # noqa: PLC0415 - likewise

    try:
        bundle = read_bundle(chain)
    except NotACertificate as error:
        return Checked(outcome="invalid", why=str(error))
    verdict = judge(bundle, read_bundle(roots) if roots else (), emaid, at)
    for warning in verdict.warnings:
        log.info("%s", warning)
    if not verdict.is_valid:
        outcome: Literal["no root", "invalid"] = "no root" if verdict.is_unknown else "invalid"
        return Checked(outcome=outcome, why=str(verdict), flaw=_flaw(verdict))
    return Checked(outcome="valid", questions=questions(verdict.chain), lookups=lookups(verdict.chain))


def _flaw(verdict: Verdict) -> Flaw:
    """Return what a vehicle is told: of its dates only where nothing else is wrong."""
    rules = {finding.rule.name for finding in verdict.findings}
    if rules == {"EXPIRED"}:
        return "CertificateExpired"
    return "SignatureError" if "SIGNATURE" in rules else "CertChainError"
