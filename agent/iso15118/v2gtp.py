"""V2G transfer protocol: what is around a message on TCP and UDP (ISO 15118-2, 7.8.3; -20, 7.8.3). No IO."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

VERSION = 0x01
_HEADER = struct.Struct("!BBHI")
LARGEST = 1 << 17
"""Bytes of one message. The largest of the standards, a schedule of 1024 entries, has less."""


class PayloadType(IntEnum):
    """What a message is (ISO 15118-2, table 10; -20, table 12)."""

    EXI = 0x8001
    """DIN 70121 and ISO 15118-2, and in every version what agrees on one (supportedAppProtocol)."""
    COMMON = 0x8002
    AC = 0x8003
    DC = 0x8004
    ACDP = 0x8005
    WPT = 0x8006
    SCHEDULE_RENEGOTIATION = 0x8101
    """Of -20: what agrees on another schedule beside the loop, while energy flows."""
    METERING_CONFIRMATION = 0x8102
    SDP_REQUEST = 0x9000
    SDP_RESPONSE = 0x9001


class NotV2gtp(Exception):
    """What came cannot be the beginning of a message; the connection cannot be followed any further."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. A payload type that no standard names is kept: who takes the message ignores it."""

    payload_type: int
    payload: bytes

    def to_bytes(self) -> bytes:
        """Return the message with its header."""
        return _HEADER.pack(VERSION, VERSION ^ 0xFF, self.payload_type, len(self.payload)) + self.payload


class V2gtpStream:
    """The messages in a stream of bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive(self, data: bytes) -> list[Frame]:
        """Take bytes in and return the messages that are complete.

        Raises:
            NotV2gtp: If the header is none, or announces more than `LARGEST` bytes.
        """
        self._buffer += data
        frames = []
        while len(self._buffer) >= _HEADER.size:
            payload_type, length = _read_header(self._buffer)
            end = _HEADER.size + length
            if len(self._buffer) < end:
                break
            frames.append(Frame(payload_type, bytes(self._buffer[_HEADER.size : end])))
            del self._buffer[:end]
        return frames

    @property
    def is_within_a_message(self) -> bool:
        """Whether a message has begun that is not complete."""
        return bool(self._buffer)


def read_datagram(data: bytes) -> Frame:
    """Return the message of a datagram, which holds one and nothing else.

    Raises:
        NotV2gtp: If it does not.
    """
    if len(data) < _HEADER.size:
        raise NotV2gtp(f"{len(data)} bytes are no header")
    payload_type, length = _read_header(data)
    if len(data) != _HEADER.size + length:
        raise NotV2gtp(f"{length} bytes are announced, {len(data) - _HEADER.size} came")
    return Frame(payload_type, data[_HEADER.size :])


def _read_header(data: bytes | bytearray) -> tuple[int, int]:
    version, inverse, payload_type, length = _HEADER.unpack_from(data)
    if version != VERSION or inverse != VERSION ^ 0xFF:
        raise NotV2gtp(f"version {version:#04x} with {inverse:#04x}, expected 0x01 with 0xfe")
    if length > LARGEST:
        raise NotV2gtp(f"{length} bytes are announced, at most {LARGEST} are taken")
    return payload_type, length
