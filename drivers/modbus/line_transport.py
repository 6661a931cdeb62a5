"""Requests and replies over any link, with our own frames: one exchange at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.modbus.errors import PortUnavailable
from drivers.modbus.framing import Framing
from drivers.modbus.link import Link, LinkError
from drivers.modbus.requests import Reply, Request
from drivers.modbus.transport import SerialSettings
from drivers.readings import Instant

LAST_NUMBER = 0xFFFF
MOST_HEARD = 2048
"""Bytes, some frames, after which nobody looks for an answer any more in what a flood brings."""


class LineTransport:
    """A transport of a link and a framing; whatever comes while nothing is asked is dropped."""

    def __init__(
        self,
        link: Link,
        framing: Framing,
        clock: Callable[[], Instant],
        *,
        serial: SerialSettings | None = None,
    ) -> None:
        self.serial = serial
        self.quiet_since_s = 0.0
        self._link = link
        self._framing = framing
        self._clock = clock
        self._number = 0
        self._sent = b""
        self._heard = b""
        self._answer: asyncio.Future[tuple[bytes, Instant] | None] | None = None

    @property
    def name(self) -> str:
        """The port or address."""
        return self._link.name

    @property
    def numbered(self) -> bool:
        """Whether replies carry the number of their request."""
        return self._framing.numbered

    @property
    def connected(self) -> bool:
        """Whether a request can be sent now."""
        return self._link.is_open

    async def connect(self, timeout_s: float) -> str | None:
        """Open the link; return None, or why it cannot be opened."""
        try:
            await self._link.open(self, timeout_s)
        except LinkError as error:
            return str(error)
        self.quiet_since_s = asyncio.get_running_loop().time()
        return None

    async def exchange(self, request: Request, timeout_s: float) -> Reply:
        """Send a request and return the next sound frame that may answer it."""
        loop = asyncio.get_running_loop()
        self._number = self._number % LAST_NUMBER + 1
        self._sent = self._framing.encode(request, self._number)
        self._heard = b""
        answer = self._answer = loop.create_future()
        timer = loop.call_later(timeout_s, _give_up, answer)
        try:
            self._link.send(self._sent)
            self.quiet_since_s = loop.time()
            found = await answer
        except LinkError as error:
            raise PortUnavailable(request, str(error)) from error
        finally:
            timer.cancel()
            self._answer = None
        if found is None:
            raise self._framing.explain(self._heard, self._sent, request)
        frame, arrived = found
        return self._framing.decode(frame, arrived)

    def drop(self) -> None:
        """Give the connection up; `connect` makes another."""
        self._link.drop()

    def close(self) -> None:
        """Give up everything."""
        self._link.close()

    def heard(self, data: bytes) -> None:
        """Take bytes from the link."""
        self.quiet_since_s = asyncio.get_running_loop().time()
        answer = self._answer
        if answer is None or answer.done() or len(self._heard) > MOST_HEARD:
            return
        self._heard += data
        frame = self._framing.find(self._heard, self._sent)
        if frame is not None:
            answer.set_result((frame, self._clock()))

    def lost(self, why: str) -> None:
        """Let who waits know that the link broke."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(LinkError(why))


def _give_up(answer: asyncio.Future[tuple[bytes, Instant] | None]) -> None:
    if not answer.done():
        answer.set_result(None)
