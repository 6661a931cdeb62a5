"""The messages on a vehicle's connection, one at a time, each within its time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from agent.iso15118.channel import Channel, LinkLost
from agent.iso15118.v2gtp import Frame, NotV2gtp, PayloadType, V2gtpStream

_KNOWN: Final = frozenset(int(one) for one in PayloadType)


class VehicleLeft(LinkLost):
    """The vehicle has closed the connection."""


class Frames:
    """Reads no more than what the next message needs: a vehicle waits for an answer before it goes on."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._stream = V2gtpStream()
        self._waiting: deque[Frame] = deque()

    async def take(self, within_s: float) -> Frame:
        """Return the next message. One of a payload type that no standard names is passed over.

        Raises:
            VehicleLeft: If the vehicle will say no more.
            LinkLost: If there is none in time, the connection broke, or what came is no message.
        """
        try:
            async with asyncio.timeout(within_s):
                while True:
                    frame = await self._next()
                    if frame.payload_type in _KNOWN:
                        return frame
        except TimeoutError:
            half = "half a message" if self._stream.is_within_a_message else "no message"
            raise LinkLost(f"{half} within {within_s:.3g} s") from None

    async def _next(self) -> Frame:
        while not self._waiting:
            data = await self._channel.receive()
            if not data:
                raise VehicleLeft("the vehicle closed the connection")
            try:
                self._waiting.extend(self._stream.receive(data))
            except NotV2gtp as error:
                raise LinkLost(f"what the vehicle sent is no message: {error}") from error
        return self._waiting.popleft()

    async def drain(self, within_s: float) -> None:
        """Wait until the vehicle closes the connection, as it does after the last answer, or time is up."""
        try:
            async with asyncio.timeout(within_s):
                while await self._channel.receive():
                    pass
        except (TimeoutError, LinkLost):
            return
