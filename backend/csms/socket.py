"""The WebSocket of a charging station, made to hand over its messages without a detour.

`websockets` parses a frame in Python, queues the message, and wakes a task that asks for it. A text message
that comes in one piece, as OCPP messages do, is recognised before that and given to the receiver at once;
together with the way back, this saves a third of the work per message. The library does everything else: the
handshake, pings, closing, parsing what comes in pieces, compression, limits, and whatever is not well-formed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.frames import CloseCode, Frame, Opcode
from websockets.protocol import OPEN, Event

from backend.csms.framing import FrameBoundaries, text_frame, whole_text
from backend.csms.stations import Station

log = logging.getLogger(__name__)

Receiver = Callable[[str | bytes], None]
MESSAGES = {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}
END_OF_REQUEST = b"\r\n\r\n"


class StationSocket(ServerConnection):
    """A WebSocket whose other end is known once the handshake succeeded."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.station: Station | None = None
        self._early: list[str | bytes] = []
        self._receiver: Receiver = self._early.append
        self._boundaries: FrameBoundaries | None = FrameBoundaries()
        self._fragments: list[Frame] = []
        self._closing: asyncio.Task[None] | None = None

    def hand_to(self, receiver: Receiver) -> None:
        """Give the receiver what has come already, and from now on every message."""
        self._receiver = receiver
        for message in self._early:
            self._give(message)
        self._early.clear()

    def send_now(self, text: str) -> None:
        """Send a message without waiting; nothing happens if the connection is closing."""
        if self.protocol.state is OPEN:
            self.transport.write(text_frame(text.encode()))

    @property
    def unsent_bytes(self) -> int:
        """How much the other end has not taken yet."""
        return self.transport.get_write_buffer_size()

    def data_received(self, data: bytes) -> None:
        """Take a whole text message; leave everything else to the library."""
        boundaries = self._boundaries
        if self.protocol.state is not OPEN or boundaries is None:
            if self.request is not None or not data.endswith(END_OF_REQUEST):
                self._boundaries = None  # frames came before they were expected: the library has their places
            super().data_received(data)
            return
        payload = whole_text(data) if boundaries.is_between and not self._fragments else None
        if payload is None or not self._take_text(payload):
            boundaries.skip(data)
            super().data_received(data)

    def process_event(self, event: Event) -> None:
        """Take what the library has parsed, in the order in which it came."""
        if not isinstance(event, Frame) or event.opcode not in MESSAGES:
            super().process_event(event)
            return
        self._fragments.append(event)
        if event.fin:
            message = b"".join(each.data for each in self._fragments)
            opcode = self._fragments[0].opcode
            self._fragments.clear()
            if opcode is Opcode.BINARY:
                self._give(message)
            elif not self._take_text(message):
                super().process_event(Frame(opcode, message))

    def _take_text(self, payload: bytes) -> bool:
        """Give the text to the receiver, unless it is no UTF-8: the library then closes with 1007."""
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            return False
        self._give(text)
        return True

    def _give(self, message: str | bytes) -> None:
        try:
            self._receiver(message)
        except Exception:  # a bug of ours must not break the library's parser; the charger comes back
            log.exception("a message could not be handled: %.200r", message)
            self._closing = self.loop.create_task(self.close(CloseCode.INTERNAL_ERROR))
