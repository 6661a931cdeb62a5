"""The few commands of a PN532 that reading card numbers takes, and what they are answered. Pure."""

from __future__ import annotations

from typing import Final

GET_FIRMWARE_VERSION: Final = bytes((0x02,))
SAM_CONFIGURATION: Final = bytes((0x14, 0x01, 0x00, 0x01))
"""Normal mode: the chip reads cards itself, no security module takes part."""
FEW_RETRIES: Final = bytes((0x32, 0x05, 0xFF, 0x01, 0x01))
"""RFConfiguration: look for a card twice and then say that there is none; by default it looks for ever."""
LIST_ONE_CARD: Final = bytes((0x4A, 0x01, 0x00))
"""InListPassiveTarget: one card of ISO 14443 type A at 106 kbit/s."""

PN532: Final = 0x32
UID_LENGTHS: Final = (4, 7, 10)
"""Single, double and triple size (ISO 14443-3)."""


def parse_firmware(data: bytes) -> str:
    """Return the firmware's version; ValueError if it is no PN532 that answers."""
    if len(data) != 4 or data[0] != PN532:
        raise ValueError("it is no PN532")
    return f"{data[1]}.{data[2]}"


def parse_card(data: bytes) -> str | None:
    """Return the number of the card in the field in hexadecimal digits, or None if there is none.

    ValueError if the answer makes no sense.
    """
    if data == b"\x00":
        return None
    if len(data) < 6 or data[:2] != b"\x01\x01":
        raise ValueError("it lists no card as it should")
    length = data[5]
    uid, ats = data[6 : 6 + length], data[6 + length :]
    if length not in UID_LENGTHS or len(uid) < length:
        raise ValueError(f"a card's number has no {length} bytes")
    if ats and ats[0] != len(ats):
        raise ValueError("the card's answer to selection has another length than it says")
    return uid.hex().upper()
