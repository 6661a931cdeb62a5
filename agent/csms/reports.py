"""Sends what the backend asked for in many parts: one after the other, and not too many reports at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from ocppj.messages.fields import Payload

_MOST_AT_ONCE = 3


class Reports:
    """The reports on their way. Each part waits for the backend's answer to the one before."""

    def __init__(self) -> None:
        self._running = 0

    @property
    def is_busy(self) -> bool:
        """Whether so many reports are on their way that another would have to wait."""
        return self._running >= _MOST_AT_ONCE

    async def send(self, call: Callable[[Payload], Awaitable[Payload]], parts: Iterator[Payload]) -> None:
        """Send the parts in order; a report whose link is lost ends there, for the backend to ask anew.

        Raises:
            CallFailed: If a part was not answered; the rest is not sent.
        """
        self._running += 1
        try:
            for part in parts:
                await call(part)
        finally:
            self._running -= 1
