"""Modbus RTU framing, without IO: characters and their times in, frames out.

Modbus over serial line V1.02, 2.5.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.emulated.line import LineTiming

BROADCAST = 0
SHORTEST_FRAME = 4
LONGEST_FRAME = 256


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc16(data: bytes) -> int:
    """Return the CRC-16 of Modbus: reflected polynomial 0xA001, start value 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame on the line: the unit address and the PDU, CRC already checked."""

    unit: int
    pdu: bytes

    def encode(self) -> bytes:
        """Return the characters on the wire; the CRC goes out low byte first."""
        body = bytes((self.unit,)) + self.pdu
        return body + crc16(body).to_bytes(2, "little")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame and when it was over on the wire, its closing silence included (s, the caller's clock)."""

    frame: Frame
    ended_s: float


class RtuReceiver:
    """Cuts characters into frames at silences.

    A pseudo terminal delivers a whole request at once, so the receiver keeps the wire's own time: each
    character takes `character_s`, one after the other, from the moment they were handed over.
    """

    def __init__(self, timing: LineTiming) -> None:
        self._timing = timing
        self._buffer = bytearray()
        self._wire_free_s = 0.0
        self.rejected = 0
        """Frames dropped because of their length or CRC."""

    def receive(self, data: bytes, now_s: float) -> list[Arrival]:
        """Take characters in; return the frame that a silence before them had already ended, if any."""
        ended = self.expire(now_s)
        self._wire_free_s = max(self._wire_free_s, now_s) + len(data) * self._timing.character_s
        self._buffer += data[: LONGEST_FRAME + 1 - len(self._buffer)]
        return ended

    def expire(self, now_s: float) -> list[Arrival]:
        """Return the frame whose closing silence is over, if any."""
        ended_s = self.next_deadline_s
        if ended_s is None or now_s < ended_s:
            return []
        data = bytes(self._buffer)
        self._buffer.clear()
        if not SHORTEST_FRAME <= len(data) <= LONGEST_FRAME or crc16(data) != 0:
            self.rejected += 1
            return []
        return [Arrival(Frame(data[0], data[1:-2]), ended_s)]

    @property
    def next_deadline_s(self) -> float | None:
        """When to call `expire`, or None while the line is quiet."""
        return self._wire_free_s + self._timing.silence_s if self._buffer else None

    def reset(self) -> None:
        """Forget what was received so far."""
        self._buffer.clear()
        self._wire_free_s = 0.0
