"""Sends commands to a PN532 over its serial line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from drivers.modbus.transport import SerialSettings
from drivers.readings import Instant
from drivers.serial.errors import NoAnswer, Refused
from drivers.serial.line import SerialLine
from drivers.serial.pn532 import ACK, NACK, WAKE_UP, Frame, Pn532Receiver, Response, Signal, encode

ACK_WITHIN_S: Final = 0.1
"""The chip says within 15 ms that it has understood; the rest is for slow adapters."""
MOST_FRAMES: Final = 16
"""Frames that wait to be looked at; a chip that floods the line is not listened to further."""
SENDINGS: Final = 2
"""How often a command is sent until the chip says that it has understood."""


class _NotUnderstood(Exception):
    """The chip did not say that it has understood."""


class Pn532Client:
    """One chip; used by one task at a time."""

    def __init__(
        self,
        port: str,
        settings: SerialSettings,
        clock: Callable[[], Instant],
        *,
        timeout_s: float = 0.5,
    ) -> None:
        self.port = port
        self._clock = clock
        self._timeout_s = timeout_s
        self._line = SerialLine(port, settings, self._received)
        self._receiver = Pn532Receiver()
        self._frames: asyncio.Queue[tuple[Frame, Instant]] = asyncio.Queue(MOST_FRAMES)

    def wake_up(self) -> None:
        """Wake the chip; the next command must be the SAM configuration.

        Raises:
            PortUnavailable: If the port is not there.
        """
        self._line.open()
        self._receiver.forget()
        self._line.write(WAKE_UP)

    async def do(self, command: bytes) -> tuple[bytes, Instant]:
        """Send a command and return what it was answered, and when.

        Raises:
            PortUnavailable: If the port is not there.
            NoAnswer: If the chip did not understand it in time, or did not answer.
            Refused: If the chip says that the command makes no sense.
        """
        self._line.open()
        while not self._frames.empty():
            self._frames.get_nowait()
        try:
            await self._send(command)
            answer = await self._response(command)
            if answer is None:
                self._line.write(NACK)  # the answer may have been damaged on the way
                answer = await self._response(command)
        except _NotUnderstood:
            answer = None
        if answer is None:
            self._abort()
            raise NoAnswer(self.port, f"no answer to command {command[0]:02X}")
        return answer

    def close(self) -> None:
        """Give the port back; a command opens it again."""
        self._line.close()

    async def _send(self, command: bytes) -> None:
        """Send a command until the chip has understood it."""
        for _ in range(SENDINGS):
            self._line.write(encode(command))
            try:
                async with asyncio.timeout(ACK_WITHIN_S):
                    while (frame := (await self._frames.get())[0]) not in (Signal.ACK, Signal.NACK):
                        self._refuse(frame, command)
            except TimeoutError:
                continue
            if frame is Signal.ACK:
                return
        raise _NotUnderstood

    async def _response(self, command: bytes) -> tuple[bytes, Instant] | None:
        """Wait for the answer to this command; None if none came in time."""
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    frame, arrived = await self._frames.get()
                    self._refuse(frame, command)
                    if isinstance(frame, Response) and frame.code == command[0] + 1:
                        return frame.data, arrived
        except TimeoutError:
            return None

    def _refuse(self, frame: Frame, command: bytes) -> None:
        if frame is Signal.SYNTAX_ERROR:
            raise Refused(self.port, f"command {command[0]:02X}", frame.value)

    def _abort(self) -> None:
        """Let the chip forget the command, and forget what was heard of its answer."""
        self._receiver.forget()
        if self._line.is_open:
            self._line.write(ACK)

    def _received(self, data: bytes) -> None:
        for frame in self._receiver.receive(data):
            if not self._frames.full():
                self._frames.put_nowait((frame, self._clock()))
