"""The decision for a presented token: local list, then cache, then the backend, or the offline rules."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from agent.authorization.cache import TokenCache
from agent.authorization.local_list import LocalList
from agent.authorization.rules import Known, Rules, Source, settled, unreachable
from agent.authorization.verdicts import Verdict
from agent.store.database import Database, StoreError
from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_NOT_TO_BE_ASKED = ("Central", "DirectPayment", "NoAuthorization")
"""Types of tokens that only the backend hands out (C05.FR.01), that stand for a payment which was made, or
that name nobody (C02.FR.01)."""


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
    """Decides who may charge (block C)."""

    def __init__(
        self,
        backend: TokenCheck,
        settings: DeviceModel,
        database: Database,
        now: Callable[[], datetime],
    ) -> None:
        self.local_list = LocalList(database, settings)
        self.cache = TokenCache(database, settings, now)
        self._backend = backend
        self._settings = settings
        self._now = now
        self._conflict: int | None = None
        """The version of the list that the backend contradicted."""

    @property
    def list_conflicts(self) -> bool:
        """Whether the backend refused somebody whom its list, as it still is, accepts."""
        return self._conflict is not None and self._conflict == self.local_list.version

    async def restore(self) -> None:
        """Take over what was stored, before anything else.

        Raises:
            StoreError: If it cannot be read.
        """
        await self.local_list.restore()
        await self.cache.restore()

    @property
    def is_open(self) -> bool:
        """Whether anybody may be authorized yet: the backend has accepted the station, or need not have."""
        return self._backend.is_registered or self._settings.flag("TxCtrlr.TxBeforeAcceptedEnabled")

    @property
    def is_required(self) -> bool:
        """Whether drivers are authorized at all; otherwise a vehicle that is plugged in charges."""
        return self._settings.flag("AuthCtrlr.Enabled")

    def is_master_pass(self, verdict: Verdict) -> bool:
        """Return whether the token stops any transaction and starts none (C16)."""
        return verdict.is_accepted and verdict.is_of_group(self._settings.text("AuthCtrlr.MasterPassGroupId"))

    async def decide(self, token: Token) -> Verdict:
        """Return the verdict for a token that was presented here.

        Raises:
            StoreError: If the station's own list cannot be read.
        """
        if not self.is_open:
            return Verdict(status="NotRegistered")
        if token.type in _NOT_TO_BE_ASKED or not self.is_required:
            return Verdict(status="Accepted")
        known, rules = await self.known(token), self.rules()
        verdict = settled(known, rules, self._now())
        if verdict is not None:
            return verdict
        try:
            verdict = await self._backend.check_token(token)
        except BackendUnreachable as error:
            log.info("token not checked by the backend: %s", error)
            return unreachable(known, rules, self._now())
        await self.learn(token, verdict)
        return verdict

    async def learn(self, token: Token, verdict: Verdict, *, is_partial: bool = False) -> None:
        """Keep what the backend said of a token, in answer to whatever (C10.FR.04, C10.FR.05).

        A partial verdict has no room for the driver's own tariff: the one that is known stays.
        """
        if token.type in _NOT_TO_BE_ASKED:
            return
        try:
            listed = await self.local_list.find(token)
            if listed is not None and listed.is_accepted and not verdict.is_accepted:
                self._conflict = self.local_list.version
            if is_partial:
                known = await self.cache.find(token)
                verdict = replace(verdict, tariff=None if known is None else known.tariff)
            await self.cache.remember(token, verdict)
        except StoreError as error:
            log.error("the authorization cache was not updated: %s", error)

    async def known(self, token: Token) -> Known | None:
        """Return what the station knows of a token by itself.

        Raises:
            StoreError: If the list cannot be read.
        """
        listed = await self.local_list.find(token)
        if listed is not None:
            return Known(verdict=listed, source="list")
        cached = await self.cache.find(token)
        return None if cached is None else Known(verdict=cached, source="cache")

    async def known_group(self, token: Token) -> str | None:
        """Return the group of a token that list or cache have as good now, None if there is none.

        Raises:
            StoreError: If the list cannot be read.
        """
        known = await self.known(token)
        if known is None or not known.verdict.at(self._now()).is_accepted:
            return None
        return known.verdict.group_id

    def rules(self) -> Rules:
        """Return how the station is set."""
        flag = self._settings.flag
        final: dict[Source, str] = {
            "list": "LocalAuthListCtrlr.DisablePostAuthorize",
            "cache": "AuthCacheCtrlr.DisablePostAuthorize",
        }
        return Rules(
            asks_backend=not flag("AuthCtrlr.DisableRemoteAuthorization"),
            pre_authorizes=flag("AuthCtrlr.LocalPreAuthorize"),
            authorizes_offline=flag("AuthCtrlr.LocalAuthorizeOffline"),
            admits_unknown_offline=flag("AuthCtrlr.OfflineTxForUnknownIdEnabled"),
            asks_again=frozenset(source for source, name in final.items() if not flag(name)),
        )
