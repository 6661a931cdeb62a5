"""The decision for a presented token: asked of the backend, or settled by the offline rules."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_NOT_TO_BE_ASKED = ("Central", "NoAuthorization")
"""Types of tokens that only the backend hands out, or that name nobody (C02.FR.01, C05.FR.01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a token. `status` is AuthorizationStatusEnumType, "Offline" or "NotRegistered".

    `evse_ids` are those it is good for; none named means all (C01.FR.19, C01.FR.20).
    """

    status: str
    group_id: str | None = None
    evse_ids: tuple[int, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the driver may charge."""
        return self.status == "Accepted"

    def admits_to(self, evse_id: int) -> bool:
        """Return whether the driver may charge at this EVSE (C01.FR.21)."""
        return self.is_accepted and (not self.evse_ids or evse_id in self.evse_ids)


class BackendUnreachable(Exception):
    """Nobody to ask: no connection, no answer in time, or an answer that is no verdict."""


class TokenCheck(Protocol):
    """Asks the backend about a token."""

    @property
    def is_registered(self) -> bool:
        """Whether the backend has accepted this station since it started."""

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
        if not self._backend.is_registered and not self._settings.flag("TxCtrlr.TxBeforeAcceptedEnabled"):
            return Verdict(status="NotRegistered")
        if token.type in _NOT_TO_BE_ASKED:
            return Verdict(status="Accepted")
        try:
            return await self._backend.check_token(token)
        except BackendUnreachable as error:
            log.info("token not checked by the backend: %s", error)
        if self._settings.flag("AuthCtrlr.OfflineTxForUnknownIdEnabled"):
            return Verdict(status="Accepted")
        return Verdict(status="Offline")
