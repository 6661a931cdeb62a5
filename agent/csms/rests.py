"""What is not to be offered again for a while, while the rest of a queue goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Rests(Generic[Key]):
    """Until when each key rests (monotonic clock), and whether there is news for who waits meanwhile."""

    def __init__(self) -> None:
        self._until_s: dict[Key, float] = {}
        self._news = asyncio.Event()

    def rest(self, key: Key, for_s: float) -> None:
        """Let this one rest from now on."""
        self._until_s[key] = time.monotonic() + for_s

    @property
    def resting(self) -> frozenset[Key]:
        """Those that rest now."""
        now_s = time.monotonic()
        self._until_s = {key: until_s for key, until_s in self._until_s.items() if until_s > now_s}
        return frozenset(self._until_s)

    def wake(self) -> None:
        """There is news: let who waits look again."""
        self._news.set()

    def forget_news(self) -> None:
        """Begin to look: news from before does not count any more."""
        self._news.clear()

    async def wait(self) -> None:
        """Wait for news, or for the end of the first rest."""
        rest_s = min(self._until_s.values(), default=float("inf")) - time.monotonic()
        try:
            async with asyncio.timeout(None if rest_s == float("inf") else max(0.0, rest_s)):
                await self._news.wait()
        except TimeoutError:
            return
