"""The frames of an NXP PN532 on its serial line (HSU), without IO: characters in, frames out.

A frame is 00 FF, its length, the length's complement, the data with a direction byte before it, and the
data's complement. Three short ones stand for "understood", "say it again" and "your command makes no sense".
Whatever does not check out is noise: the search for a frame goes on at its next character.

The check is a sum of eight bits, which damage can pass, so a card's number is believed only when it was read
twice in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

LONGEST_DATA: Final = 265
"""Bytes of data in the longest frame, direction byte included."""
WAKE_UP: Final = bytes.fromhex("5555") + bytes(14)
"""Wakes a sleeping chip: edges, and the time it needs until it listens."""
ACK: Final = bytes.fromhex("0000FF00FF00")
NACK: Final = bytes.fromhex("0000FFFF0000")

_START: Final = b"\x00\xff"
_TO_CHIP: Final = 0xD4
_TO_HOST: Final = 0xD5
_ERROR: Final = b"\x7f"
_EXTENDED: Final = b"\xff\xff"
_LONGEST_NORMAL: Final = 0xFF


class Signal(Enum):
    """The frames without data."""

    ACK = "understood"
    NACK = "say it again"
    SYNTAX_ERROR = "the command makes no sense"


@dataclass(frozen=True, slots=True)
class Response:
    """The chip's answer to the command whose code is one less."""

    code: int
    data: bytes


Frame = Signal | Response


def encode(command: bytes) -> bytes:
    """Return the frame of a command: its code and parameters, at most 254 bytes."""
    data = bytes((_TO_CHIP,)) + command
    if not 1 < len(data) <= _LONGEST_NORMAL:
        raise ValueError(f"a command has 1 to {_LONGEST_NORMAL - 1} bytes, not {len(command)}")
    return b"\x00" + _START + bytes((len(data), -len(data) & 0xFF)) + data + bytes((-sum(data) & 0xFF, 0))


class Pn532Receiver:
    """Finds frames in a stream of characters; `dropped` counts the characters that belonged to none."""

    def __init__(self) -> None:
        self.dropped = 0
        self._heard = bytearray()

    def receive(self, data: bytes) -> list[Frame]:
        """Take characters and return the frames that they complete."""
        self._heard += data
        frames: list[Frame] = []
        while (taken := self._take()) is not None:
            frames += taken
        return frames

    def forget(self) -> None:
        """Drop a frame that has begun: its end will not come any more."""
        self._drop(len(self._heard))

    def _take(self) -> list[Frame] | None:
        """Take the next frame, or the noise before it; None if more characters are needed."""
        start = self._heard.find(_START)
        if start < 0:
            keep = 1 if self._heard.endswith(b"\x00") else 0
            self._drop(len(self._heard) - keep)
            return None
        self._drop(start)
        body = bytes(self._heard[2:])
        measured = _measure(body)
        if measured is None:
            return None
        frame, length = measured
        if frame is None:
            self._drop(1)
            return []
        del self._heard[: 2 + length]
        return [frame]

    def _drop(self, count: int) -> None:
        """Forget characters; the zeros between frames (preamble and postamble) are no noise."""
        self.dropped += count - self._heard[:count].count(0)
        del self._heard[:count]


def _measure(body: bytes) -> tuple[Frame | None, int] | None:
    """Return the frame after the start code and how many bytes it took; None if more bytes are needed.

    The frame is None if this is none.
    """
    for head, signal in ((b"\x00\xff", Signal.ACK), (b"\xff\x00", Signal.NACK)):
        if body[:2] == head:
            return signal, len(head)
    if len(body) < 2:
        return None
    if body[:2] == _EXTENDED:
        if len(body) < 5:
            return None
        length, checks = int.from_bytes(body[2:4]), sum(body[2:5]) & 0xFF == 0
        return _data(body, 5, length) if checks else (None, 0)
    return _data(body, 2, body[0]) if sum(body[:2]) & 0xFF == 0 else (None, 0)


def _data(body: bytes, start: int, length: int) -> tuple[Frame | None, int] | None:
    """Return the frame whose data begin at `start`, as `_measure` does."""
    if not 1 <= length <= LONGEST_DATA:
        return None, 0
    end = start + length
    if len(body) <= end:
        return None
    data = body[start:end]
    if (sum(data) + body[end]) & 0xFF:
        return None, 0
    if data == _ERROR:
        return Signal.SYNTAX_ERROR, end + 1
    if data[0] != _TO_HOST or length < 2:
        return None, 0
    return Response(data[1], data[2:]), end + 1
