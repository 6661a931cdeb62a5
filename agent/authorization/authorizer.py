"""The decision for a presented token: asked of the backend, or settled by the offline rules."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a token. `status` is AuthorizationStatusEnumType, or "Offline"."""

    status: str
    group_id: str | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the driver may charge."""
        return self.status == "Accepted"


class BackendUnreachable(Exception):
    """Nobody to ask: no connection, no answer in time, or an answer that is no verdict."""


class TokenCheck(Protocol):
    """Asks the backend about a token."""

    async def check_token(self, token: Token) -> Verdict:
        """Return the backend's verdict.

        Raises:
            BackendUnreachable: If there is none to be had.
        """


class Authorizer:
    """Decides who may charge (C01, and C15 while offline)."""

    def __init__(self, backend: TokenCheck, settings: DeviceModel) -> None:
        self._backend = backend
        self._settings = settings

    async def decide(self, token: Token) -> Verdict:
        """Return the verdict for a token that was presented here."""
        try:
            return await self._backend.check_token(token)
        except BackendUnreachable as error:
            log.info("token not checked by the backend: %s", error)
        if self._settings.flag("AuthCtrlr.OfflineTxForUnknownIdEnabled"):
            return Verdict(status="Accepted")
        return Verdict(status="Offline")
