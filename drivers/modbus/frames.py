"""Finds the one frame in what was heard that may be an answer, before pymodbus gets to see it.

pymodbus drops its whole buffer over one byte of noise, and lets some malformed frames raise inside the event
loop; so it is only ever shown whole, sound frames from the unit that was asked.
"""

from __future__ import annotations

from typing import Final, Protocol

from pymodbus.framer import FramerRTU

from drivers.modbus.errors import (
    GarbledReply,
    ModbusError,
    NoReply,
    WrongFunction,
    WrongTransaction,
    WrongUnit,
)
from drivers.modbus.requests import Request

MAX_NOISE: Final = 4
"""Bytes of noise tolerated before a serial frame (a transceiver turning around)."""
READS: Final = (1, 2, 3, 4)
WRITES: Final = (5, 6, 15, 16)


class Framing(Protocol):
    """How frames are told apart in a stream of bytes."""

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the frame that may answer the frame `sent`, or None if it has not come yet."""

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Say why what was heard until the timeout holds no answer."""


class RtuFraming:
    """Serial frames: unit, function, data, CRC-16."""

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the first sound frame of the unit that was asked."""
        for start in range(min(len(heard), MAX_NOISE + 1)):
            if heard[start] == sent[0] and (frame := _sound(heard[start:])):
                return frame
        return None

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Tell silence, a sound frame of another unit, and anything else apart."""
        if not heard:
            return NoReply(request, "no reply")
        if heard[0] != sent[0] and _sound(heard):
            return WrongUnit(request, f"unit {heard[0]} answered")
        return GarbledReply(request, heard)


class TcpFraming:
    """Modbus TCP frames: a header of seven bytes with transaction, length and unit, then the reply."""

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the frame of the same transaction and unit; late answers to others are passed over."""
        for frame in _tcp_frames(heard):
            if frame[:2] == sent[:2] and frame[6] == sent[6] and _well_formed(frame[7:]):
                return frame
        return None

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Tell silence, foreign frames and anything else apart."""
        if not heard:
            return NoReply(request, "no reply")
        for frame in _tcp_frames(heard):
            if frame[:2] != sent[:2]:
                return WrongTransaction(
                    request, f"transaction {frame[:2].hex()} answered, {sent[:2].hex()} asked"
                )
            if frame[6] != sent[6]:
                return WrongUnit(request, f"unit {frame[6]} answered")
            if frame[7] & 0x7F != request.function:
                return WrongFunction(
                    request, f"function {frame[7] & 0x7F} answered, {request.function} asked"
                )
        return GarbledReply(request, heard)


def _sound(heard: bytes) -> bytes | None:
    """Return the RTU frame at the start of `heard` if it is whole and its CRC is right."""
    size = _pdu_size(heard[1:])
    if size is None or len(heard) < size + 3:
        return None
    body, crc = heard[: size + 1], heard[size + 1 : size + 3]
    return body + crc if FramerRTU.compute_CRC(body) == int.from_bytes(crc, "big") else None


def _tcp_frames(heard: bytes) -> list[bytes]:
    """Split a stream into whole frames; stops at anything that is no Modbus header."""
    frames = []
    while len(heard) > 7 and heard[2:4] == b"\0\0":
        size = 6 + int.from_bytes(heard[4:6], "big")
        if not 8 < size <= len(heard):
            break
        frames.append(heard[:size])
        heard = heard[size:]
    return frames


def _well_formed(pdu: bytes) -> bool:
    return _pdu_size(pdu) == len(pdu)


def _pdu_size(pdu: bytes) -> int | None:
    """Return how long a reply must be from its first bytes: function, data; None if that cannot be told."""
    if len(pdu) < 2:
        return None
    function = pdu[0]
    if function & 0x80:
        return 2
    if function in READS:
        registers = function not in {1, 2}
        return None if registers and pdu[1] % 2 else 2 + pdu[1]
    return 5 if function in WRITES else None
