"""The decision for a vehicle that shows a contract certificate (C07)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from agent.authorization import contract
from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.contract import Checked, Evidence
from agent.authorization.verdicts import Verdict
from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_ENABLED = "ISO15118Ctrlr.PnCEnabled"
_OFFLINE = "ISO15118Ctrlr.ContractValidationOffline"
_CENTRAL = "ISO15118Ctrlr.CentralContractValidationAllowed"


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


class ContractAuthorizer:
    """Decides who may charge by contract; the conversation with the vehicle asks it."""

    def __init__(
        self,
        authorizer: Authorizer,
        backend: ContractBackend,
        chains: ChainCheck,
        settings: DeviceModel,
        now: Callable[[], datetime],
    ) -> None:
        self._authorizer = authorizer
        self._backend = backend
        self._chains = chains
        self._settings = settings
        self._now = now

    async def decide(self, emaid: str, chain: str) -> Verdict:
        """Return the verdict for a contract: its eMAID and its chain (PEM, leaf first).

        Raises:
            StoreError: If the station's own list cannot be read.
        """
        if not self._settings.flag(_ENABLED):
            return Verdict(status="Invalid")
        token, checked = Token(id=emaid, type="eMAID"), await self._chains.check(emaid, chain)
        if checked.outcome != "valid":
            log.warning("contract %s: %s", emaid, checked.why)
        if self._backend.is_online:
            may_judge = self._settings.flag(_CENTRAL)
            evidence = contract.evidence(checked, chain, backend_may_judge=may_judge)
            if evidence is None:
                return Verdict(status="Invalid")
            try:
                verdict = await self._backend.check_contract(token, evidence)
            except BackendUnreachable as error:
                log.info("contract not checked by the backend: %s", error)
            else:
                await self._authorizer.learn(token, verdict)
                return verdict
        known, rules = await self._authorizer.known(token), self._authorizer.rules()
        return contract.offline(checked, known, rules, self._now(), may_judge=self._settings.flag(_OFFLINE))
