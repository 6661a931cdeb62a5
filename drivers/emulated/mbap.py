"""Modbus TCP framing, without IO: the MBAP header (Modbus messaging on TCP/IP V1.0b, 3.1.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER = struct.Struct(">HHHB")
MODBUS_PROTOCOL = 0
SHORTEST_LENGTH = 2
LONGEST_LENGTH = 254


class MbapError(Exception):
    """The stream is not Modbus TCP; nobody knows where the next frame begins, so it must be closed."""


@dataclass(frozen=True, slots=True)
class TcpFrame:
    """One frame of a Modbus TCP connection."""

    transaction: int
    unit: int
    pdu: bytes

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        return HEADER.pack(self.transaction, MODBUS_PROTOCOL, len(self.pdu) + 1, self.unit) + self.pdu


class MbapReceiver:
    """Cuts a TCP stream into frames, however many a segment brings."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> list[TcpFrame]:
        """Take bytes in and return the frames that are complete.

        Raises:
            MbapError: If a header has another protocol or an impossible length.
        """
        self._buffer += data
        frames = []
        while (frame := self._take()) is not None:
            frames.append(frame)
        return frames

    def _take(self) -> TcpFrame | None:
        if len(self._buffer) < HEADER.size:
            return None
        transaction, protocol, length, unit = HEADER.unpack_from(self._buffer)
        if protocol != MODBUS_PROTOCOL or not SHORTEST_LENGTH <= length <= LONGEST_LENGTH:
            raise MbapError(f"protocol {protocol}, length {length}")
        end = HEADER.size - 1 + length
        if len(self._buffer) < end:
            return None
        pdu = bytes(self._buffer[HEADER.size : end])
        del self._buffer[:end]
        return TcpFrame(transaction, unit, pdu)
