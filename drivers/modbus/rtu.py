"""Serial frames (Modbus RTU): unit, function, data, CRC-16. No IO.

Modbus over serial line V1.02, section 2.5.1. Silences are the bus's business: a frame's length follows from
its first bytes.
"""

from __future__ import annotations

from typing import Final

from drivers.modbus import pdu
from drivers.modbus.errors import GarbledReply, ModbusError, NoReply, WrongUnit
from drivers.modbus.requests import Reply, Request
from drivers.readings import Instant

MAX_NOISE: Final = 4
"""Bytes of noise tolerated before a frame (a transceiver turning around)."""
REPEATED: Final = (5, 6)
"""Functions whose reply is the request once more."""


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
        table.append(value)
    return tuple(table)


_TABLE: Final = _table()


def crc16(data: bytes) -> int:
    """Return the checksum of a frame's other bytes; it goes out low byte first."""
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ _TABLE[(value ^ byte) & 0xFF]
    return value


def frame(unit: int, body: bytes) -> bytes:
    """Return a whole frame around a PDU."""
    start = bytes((unit,)) + body
    return start + crc16(start).to_bytes(2, "little")


class RtuFraming:
    """Serial frames. Remembers whether the line repeats what we say, as two-wire adapters can."""

    numbered = False

    def __init__(self) -> None:
        self._echoes = False

    def encode(self, request: Request, number: int) -> bytes:
        """Return the frame of a request."""
        return frame(request.unit, pdu.encode(request))

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the first sound frame of the unit that was asked, an echo of the request left out.

        The reply to functions 5 and 6 looks like such an echo; whether the line echoes is known from reads.
        """
        if heard.startswith(sent) and (self._echoes or sent[1] not in REPEATED):
            self._echoes = True
            heard = heard[len(sent) :]
        elif sent[1] not in REPEATED and len(heard) >= len(sent):
            self._echoes = False
        unit = sent[0]
        for start in range(min(len(heard), MAX_NOISE + 1)):
            if heard[start] == unit and (found := _sound(heard[start:] if start else heard)):
                return found
        return None

    def decode(self, frame: bytes, arrived: Instant) -> Reply:
        """Return what a frame that was found says."""
        return pdu.decode(frame[0], frame[1:-2], arrived)

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Tell silence, a sound frame of another unit, and anything else apart."""
        if not heard or heard == sent:
            return NoReply(request, "no reply")
        if heard[0] != sent[0] and _sound(heard):
            return WrongUnit(request, f"unit {heard[0]} answered")
        return GarbledReply(request, heard)


def _sound(heard: bytes) -> bytes | None:
    """Return the frame at the start of `heard` if it is whole and its CRC is right."""
    size = pdu.reply_size(heard[1:3])
    if size is None or len(heard) < size + 3:
        return None
    whole = heard[: size + 3]
    return whole if crc16(whole) == 0 else None
