"""The decision for a vehicle that shows a contract certificate (C07, M07)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from agent.authorization import contract
from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.chain_status import CertificateStatus, StatusOf, revoked
from agent.authorization.contract import Checked, Evidence
from agent.authorization.verdicts import Verdict
from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)


_ENABLED = "ISO15118Ctrlr.PnCEnabled"
_OFFLINE = "ISO15118Ctrlr.ContractValidationOffline"
_CENTRAL = "ISO15118Ctrlr.CentralContractValidationAllowed"
SHOWN = 4
"""Characters of a contract's number, in the log: it identifies a person."""


class ChainCheck(Protocol):
    """Holds contract chains against the roots that are installed."""

    async def check(self, emaid: str, chain: str) -> Checked:
        """Return what is found about a chain (PEM, leaf first), and whether it is for this contract."""


class ContractBackend(Protocol):
    """Asks the backend about a contract."""

    @property
    def is_online(self) -> bool:
        """Whether it can be reached and has accepted this station."""

    async def check_contract(self, token: Token, evidence: Evidence) -> Verdict:
        """Return the backend's verdict on token and certificates together.

        Raises:
            BackendUnreachable: If there is none to be had.
        """


class StatusCheck(Protocol):
    """Knows which certificates have been revoked."""

    async def kept(self, certificates: tuple[StatusOf, ...]) -> tuple[CertificateStatus, ...]:
        """Return what is known without asking anybody."""

    async def find(self, certificates: tuple[StatusOf, ...]) -> tuple[CertificateStatus, ...]:
        """Return what is known, and ask the backend for what is not, if its OCPP version lets it be asked."""


class ContractAuthorizer:
    """Decides who may charge by contract; the conversation with the vehicle asks it."""

    def __init__(
        self,
        authorizer: Authorizer,
        backend: ContractBackend,
        chains: ChainCheck,
        statuses: StatusCheck,
        settings: DeviceModel,
        now: Callable[[], datetime],
    ) -> None:
        self._authorizer = authorizer
        self._backend = backend
        self._chains = chains
        self._statuses = statuses
        self._settings = settings
        self._now = now

    async def decide(self, emaid: str, chain: str) -> Verdict:
        """Return the verdict for a contract: its eMAID and its chain (PEM, leaf first).

        Raises:
            StoreError: If the station's own list, or what it keeps of certificates, cannot be read.
        """
        if not self._authorizer.is_open:
            return Verdict(status="NotRegistered")
        if not self._settings.flag(_ENABLED):
            return Verdict(status="Invalid")
        token, checked = Token(id=emaid, type="eMAID"), await self._chains.check(emaid, chain)
        if checked.outcome != "valid":
            log.warning("contract ..%s: %s", emaid[-SHOWN:], checked.why)
        elif _refuses(emaid, await self._statuses.kept(checked.lookups)):
            return contract.refusal("CertificateRevoked")
        rules = self._authorizer.rules()
        if self._backend.is_online and rules.asks_backend:
            may_judge = self._settings.flag(_CENTRAL)
            evidence = contract.evidence(checked, chain, backend_may_judge=may_judge)
            if evidence is None:
                return contract.refusal(checked.flaw)
            try:
                verdict = await self._backend.check_contract(token, evidence)
            except BackendUnreachable as error:
                log.info("contract not checked by the backend: %s", error)
            else:
                await self._authorizer.learn(token, verdict)
                return await self._unless_revoked(emaid, checked, verdict)
        known = await self._authorizer.known(token)
        return contract.offline(checked, known, rules, self._now(), may_judge=self._settings.flag(_OFFLINE))

    async def _unless_revoked(self, emaid: str, checked: Checked, verdict: Verdict) -> Verdict:
        """Return the verdict, or a refusal of the chain that it came with.

        The backend is asked after it has let the driver charge: by then it is known to answer, and what it
        says is there for the next time when it does not.
        """
        if not verdict.is_accepted or not checked.lookups:
            return verdict
        is_refused = _refuses(emaid, await self._statuses.find(checked.lookups))
        return contract.refusal("CertificateRevoked") if is_refused else verdict


def _refuses(emaid: str, statuses: tuple[CertificateStatus, ...]) -> bool:
    found = revoked(statuses)
    if found is not None:
        log.warning(
            "contract ..%s: certificate %s has been revoked", emaid[-SHOWN:], found.named.serial_number
        )
    return found is not None
