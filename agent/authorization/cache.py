"""The authorization cache: what the backend said of tokens that were presented here (C10 to C12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from agent.authorization.verdicts import Verdict
from agent.store import token_cache as store
from agent.store.database import Database
from agent.store.token_cache import Cached, encoded
from agent.transactions.records import Token, TokenType
from agent.variables.model import DeviceModel

MOST_BYTES = 131_072
"""Some thousand tokens."""
_MOST_ENTRY_BYTES = 8192
"""A driver's own tariff is what takes room."""
_NOTE_EVERY_S = 3600.0


class TokenCache:
    """The cache on this station.

    It spares the flash: an entry is written when it says something new. That the backend said the same
    again is noted once an hour, or four times in a lifetime that is shorter, and a use once an hour. So an
    entry may be over, or make room, a little too early.
    """

    def __init__(
        self,
        database: Database,
        settings: DeviceModel,
        now: Callable[[], datetime],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self.most_bytes = most_bytes
        self._bytes = 0

    async def restore(self) -> None:
        """Take note of what is stored, before anything else.

        Raises:
            StoreError: If it cannot be read.
        """
        self._bytes = await self._database.read(store.size_bytes)

    @property
    def is_enabled(self) -> bool:
        """Whether the cache is filled and used."""
        return self._settings.flag("AuthCacheCtrlr.Enabled")

    @property
    def size_bytes(self) -> int:
        """How much is in it."""
        return self._bytes

    async def find(self, token: Token) -> Verdict | None:
        """Return what the backend last said of a token, None if nothing that still holds.

        Raises:
            StoreError: If it cannot be read.
        """
        if not self.is_enabled:
            return None
        cached = await self._database.read(lambda opened: store.find(opened, token))
        if cached is None or self._is_over(cached):
            return None
        await self._note_use(token, cached)
        return cached.verdict

    async def remember(self, token: Token, verdict: Verdict) -> None:
        """Keep what the backend said, but no text for the driver: that may be a tariff (C10.FR.09).

        Raises:
            StoreError: If it could not be stored.
        """
        verdict = replace(verdict, text=None)
        if not self.is_enabled or len(encoded(verdict)) > _MOST_ENTRY_BYTES:
            return
        cached = await self._database.read(lambda opened: store.find(opened, token))
        if cached is not None and cached.verdict == verdict:
            await self._note_update(token, cached)
            return
        now_s, most_bytes = self._now().timestamp(), self.most_bytes
        self._bytes = await self._database.write(
            lambda opened: store.save(opened, token, verdict, now_s, most_bytes)
        )

    async def clear(self) -> bool:
        """Forget everything; False if the cache is not enabled (C11.FR.04).

        Raises:
            StoreError: If it could not be cleared.
        """
        if not self.is_enabled:
            return False
        await self._database.write(store.clear)
        self._bytes = 0
        return True

    async def forget(self, number: str, kind: TokenType | None) -> None:
        """Forget the tokens of this number, of one type or of any, whether the cache is enabled or not.

        Raises:
            StoreError: If that could not be made durable.
        """
        self._bytes = await self._database.write(lambda opened: store.forget(opened, number, kind))

    def _is_over(self, cached: Cached) -> bool:
        """Whether an entry counts no more: past its date, or without one for LifeTime (C10.FR.08)."""
        now = self._now()
        if cached.verdict.expires_at is not None:
            return cached.verdict.expires_at <= now
        life_s = self._settings.integer("AuthCacheCtrlr.LifeTime")
        return life_s > 0 and now.timestamp() - cached.updated_s >= life_s

    async def _note_update(self, token: Token, cached: Cached) -> None:
        life_s = self._settings.integer("AuthCacheCtrlr.LifeTime")
        every_s = min(_NOTE_EVERY_S, life_s / 4) if life_s else _NOTE_EVERY_S
        now_s = self._now().timestamp()
        if now_s - cached.updated_s >= every_s:
            await self._database.write(lambda opened: store.note_update(opened, token, now_s))

    async def _note_use(self, token: Token, cached: Cached) -> None:
        now_s = self._now().timestamp()
        if now_s - cached.used_s >= _NOTE_EVERY_S:
            await self._database.write(lambda opened: store.note_use(opened, token, now_s))
