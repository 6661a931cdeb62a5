"""The WebSocket of a charging station, made to hand over its messages without a detour.

`websockets` queues a message and wakes a task that asks for it. A message of one frame, as OCPP
messages are, is given to the receiver here as soon as it is parsed: a good part of the work per message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import OPEN, Event

from backend.csms.stations import Station

log = logging.getLogger(__name__)

Receiver = Callable[[str | bytes], None]


class StationSocket(ServerConnection):
    """A WebSocket whose other end is known once the handshake succeeded.

    Messages in several frames are received as the library made it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.station: Station | None = None
        self._early: list[str | bytes] = []
        self._receiver: Receiver = self._early.append
        self._in_fragments = False
        self._closing: asyncio.Task[None] | None = None

    def hand_to(self, receiver: Receiver) -> None:
        """Give the receiver what has come already, and from now on every message."""
        self._receiver = receiver
        for message in self._early:
            self._give(message)
        self._early.clear()

    def process_event(self, event: Event) -> None:
        """Take what the library has parsed."""
        if not isinstance(event, Frame) or self.protocol.state is not OPEN:
            super().process_event(event)
        elif event.opcode is Opcode.TEXT and event.fin and not self._in_fragments:
            self._take_text(event)
        elif event.opcode is Opcode.BINARY and event.fin and not self._in_fragments:
            self._give(bytes(event.data))
        else:
            if event.opcode in {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}:
                self._in_fragments = not event.fin
            super().process_event(event)

    def _take_text(self, frame: Frame) -> None:
        try:
            text = str(frame.data, "utf-8")
        except UnicodeDecodeError:
            super().process_event(frame)  # the library ends the connection with 1007, invalid data
        else:
            self._give(text)

    def _give(self, message: str | bytes) -> None:
        try:
            self._receiver(message)
        except Exception:  # a bug of ours must not break the library's parser; the charger comes back
            log.exception("a message could not be handled: %.200r", message)
            self._closing = self.loop.create_task(self.close(CloseCode.INTERNAL_ERROR))
