"""A device with a serial port to itself: a pseudo terminal, the wire's speed, and a clockwork."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol, Self

from drivers.emulated.exchange import Sending
from drivers.emulated.line import LineTiming
from drivers.emulated.pty_port import PtyPort

TICK_S: Final = 0.05


class Chatty(Protocol):
    """A device that hears characters and says some, also when it was not asked."""

    def hear(self, data: bytes) -> bytes:
        """Take characters and return what is said to them."""

    def speak(self) -> bytes:
        """Let its clockwork move on and return what it says by itself."""


class SerialDevice:
    """Serves one device while entered as an async context manager.

    Entering raises OSError if there is no pseudo terminal, LinkOccupied if `link` is not ours to replace.
    """

    def __init__(self, device: Chatty, *, baud: int = 115200, link: Path | None = None) -> None:
        self.is_silent = False
        """Whether it says and hears nothing, as if it had no power or no wire."""
        self.wire: Callable[[bytes], bytes] = bytes
        """What the wire makes of the characters that the device says; usually nothing else."""
        self.sendings: Callable[[bytes], Iterable[Sending]] = lambda data: (Sending(data=data),)
        """In which portions, and how late, they go on the wire."""
        self._device = device
        self._timing = LineTiming(baud=baud)
        self._port = PtyPort(self._hear, link=link)
        self._free_at_s = 0.0
        self._clockwork: asyncio.Task[None] | None = None

    @property
    def path(self) -> str:
        """What a master opens."""
        return self._port.path

    @property
    def is_open(self) -> bool:
        """Whether there is a port."""
        return self._port.is_open

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def open(self) -> None:
        """Make the port and start the clockwork, in the running event loop."""
        self._port.open()
        self._clockwork = asyncio.create_task(self._run(), name="emulated serial device")

    async def close(self) -> None:
        """Stop the clockwork and leave no file behind."""
        clockwork, self._clockwork = self._clockwork, None
        self._port.close()
        if clockwork is not None:
            clockwork.cancel()
            await asyncio.gather(clockwork, return_exceptions=True)

    def say(self, data: bytes) -> None:
        """Put characters on the wire, after those that are on it already; they take their time."""
        if not data or self.is_silent:
            return
        loop = asyncio.get_running_loop()
        for sending in self.sendings(data):
            begins_s = max(loop.time() + sending.after_s, self._free_at_s)
            self._free_at_s = begins_s + len(sending.data) * self._timing.character_s
            loop.call_at(self._free_at_s, self._port.write, self.wire(sending.data))

    def _hear(self, data: bytes) -> None:
        if not self.is_silent:
            self.say(self._device.hear(data))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.say(self._device.speak())
