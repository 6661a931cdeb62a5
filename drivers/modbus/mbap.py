"""Modbus TCP frames: seven bytes with transaction, protocol, length and unit, then the PDU. No IO.

Modbus messaging on TCP/IP V1.0b, section 3.1.3.
"""

from __future__ import annotations

from struct import pack
from typing import Final

from drivers.modbus import pdu
from drivers.modbus.errors import (
    GarbledReply,
    ModbusError,
    NoReply,
    WrongFunction,
    WrongTransaction,
    WrongUnit,
)
from drivers.modbus.requests import Reply, Request
from drivers.readings import Instant

HEADER: Final = 7
LONGEST: Final = 260
"""Bytes of a whole frame."""


def frame(transaction: int, unit: int, body: bytes) -> bytes:
    """Return a whole frame around a PDU."""
    return pack(">HHHB", transaction, 0, len(body) + 1, unit) + body


def split(heard: bytes) -> tuple[list[bytes], bytes]:
    """Split a stream into whole frames and what is left; stops at anything that is no Modbus header."""
    frames = []
    while len(heard) > HEADER and heard[2:4] == b"\0\0":
        size = 6 + int.from_bytes(heard[4:6], "big")
        if not HEADER + 1 < size <= len(heard):
            break
        frames.append(heard[:size])
        heard = heard[size:]
    return frames, heard


class MbapFraming:
    """Frames of Modbus TCP, which are numbered."""

    numbered = True

    def encode(self, request: Request, number: int) -> bytes:
        """Return the frame of a request with its transaction number."""
        return frame(number, request.unit, pdu.encode(request))

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the frame of the same transaction and unit; late answers to others are passed over.

        Nothing is believed of a stream that goes on with what is no frame: a frame that was cut short has
        been filled up with the beginning of the next, and no checksum would tell.
        """
        frames, rest = split(heard)
        if not _may_begin_a_frame(rest):
            return None
        for whole in frames:
            if whole[:2] == sent[:2] and whole[6] == sent[6] and _well_formed(whole[HEADER:]):
                return whole
        return None

    def decode(self, frame: bytes, arrived: Instant) -> Reply:
        """Return what a frame that was found says."""
        return pdu.decode(frame[6], frame[HEADER:], arrived)

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Tell silence, foreign frames and anything else apart."""
        if not heard:
            return NoReply(request, "no reply")
        for whole in split(heard)[0]:
            if whole[:2] != sent[:2]:
                return WrongTransaction(
                    request, f"transaction {whole[:2].hex()} answered, {sent[:2].hex()} asked"
                )
            if whole[6] != sent[6]:
                return WrongUnit(request, f"unit {whole[6]} answered")
            if whole[HEADER] & 0x7F != request.function:
                return WrongFunction(
                    request, f"function {whole[HEADER] & 0x7F} answered, {request.function} asked"
                )
        return GarbledReply(request, heard)


def _may_begin_a_frame(rest: bytes) -> bool:
    is_modbus = b"\0\0".startswith(rest[2:4])
    return is_modbus and (len(rest) < 6 or HEADER + 1 < 6 + int.from_bytes(rest[4:6], "big") <= LONGEST)


def _well_formed(body: bytes) -> bool:
    return pdu.reply_size(body) == len(body)
