"""Contract chains, held against the installed roots: `agent.authorization.contracts.ChainCheck`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from agent.authorization.contract import Checked
from agent.security.vault import Vault


class ContractChains:
    """Believes the roots of mobility operators, and those of V2G that some of them are below."""

    def __init__(self, vault: Vault, now: Callable[[], datetime]) -> None:
        self._vault = vault
        self._now = now

    async def check(self, chain: str) -> Checked:
        """Return what is found about a chain (PEM, leaf first)."""
        roots = self._vault.roots.pem("MO") + self._vault.roots.pem("V2G")
        return await asyncio.to_thread(_check, chain, roots, self._now())


def _check(chain: str, roots: str, at: datetime) -> Checked:
    from agent.security.status_questions import questions  # noqa: PLC0415 - memory that only a contract needs
    from certs.chains import validate  # noqa: PLC0415 - likewise
    from certs.pem import NotACertificate, read_bundle  # noqa: PLC0415 - likewise
    from certs.profiles import CONTRACT  # noqa: PLC0415 - likewise

    try:
        bundle = read_bundle(chain)
    except NotACertificate as error:
        return Checked(outcome="invalid", why=str(error))
    verdict = validate(bundle, read_bundle(roots) if roots else (), CONTRACT, at)
    if not verdict.is_valid:
        return Checked(outcome="no root" if verdict.is_unknown else "invalid", why=str(verdict))
    return Checked(outcome="valid", questions=questions(verdict.chain))
