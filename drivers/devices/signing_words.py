"""What is said to a signing meter and what it says, in values of points. Pure.

A profile's scripts take these variables: epoch (s), epoch_high and epoch_low (16 bits each), utc_offset_min,
token, token_type, evse_id, transaction_id, and for meters whose station writes the head of the record,
ocmf_head and ocmf_head_bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from drivers.ports import DeviceError
from drivers.profiles.point import Role
from drivers.profiles.values import Value
from drivers.readings import Identification, SignedReading, SigningState
from drivers.signed.der import first_element, p256_public_key, shortest
from drivers.signed.ocmf import Ocmf, assemble, parse

SEPARATOR: Final = "|"
"""Separates the sections of a record, so that it must not occur in one."""
P256_POINT_BYTES: Final = 64
TIME_UNKNOWN: Final = " U"
"""How OCMF marks a time from a clock that was not set."""


def variables(who: Identification, now: datetime) -> dict[str, Value]:
    """Return the variables of a profile's scripts; `now` is local time, whose offset the meter is told."""
    epoch_s = int(now.timestamp())
    offset = now.utcoffset()
    head = _head(who)
    return {
        "epoch": Decimal(epoch_s),
        "epoch_high": Decimal(epoch_s >> 16),
        "epoch_low": Decimal(epoch_s & 0xFFFF),
        "utc_offset_min": Decimal(0 if offset is None else int(offset.total_seconds()) // 60),
        "token": _plain(who.token),
        "token_type": who.type,
        "evse_id": _plain(who.evse_id),
        "transaction_id": _plain(who.transaction_id),
        "ocmf_head": head,
        "ocmf_head_bytes": Decimal(len(head.encode())),
    }


def meaning(state: str) -> SigningState:
    """Return what a device's word for its state means.

    Raises:
        DeviceError: If it means that the device cannot sign.
    """
    if state.startswith("active"):
        return SigningState.ACTIVE
    if state == "unread":
        return SigningState.UNREAD
    if state in {"idle", "never", "ended"}:
        return SigningState.IDLE
    raise DeviceError(f"the signing meter's state is {state}: it cannot sign until that is cured")


def record_text(values: Mapping[Role | None, Value | None]) -> str:
    """Return the record, exactly as the device gave it, or put together from payload and signature.

    Raises:
        ValueError: If it is not all there, or is no text.
    """
    for role in ("signed_begin", "signed_end"):
        if role in values:
            return _text(_bytes(values, role))
    payload = _text(_bytes(values, "signed_payload"))
    return assemble(payload, shortest(_bytes(values, "signature")))


def public_key(value: Value | None) -> str | None:
    """Return the device's key in DER as hexadecimal digits, if it gave one that can be made out."""
    try:
        key = bytes.fromhex(value) if isinstance(value, str) else b""
        return (p256_public_key(key) if len(key) == P256_POINT_BYTES else first_element(key)).hex()
    except ValueError:
        return None


def fits(reading: SignedReading) -> bool:
    """Tell whether nothing speaks against a reading: its signature fits its text, or cannot be judged."""
    if reading.public_key is None:
        return True
    from drivers.signed.verify import Verdict, verify  # noqa: PLC0415 - 7 MB that only signed meters need

    verdict = verify(parse(reading.text), reading.public_key).verdict
    return verdict not in {Verdict.NOT_GENUINE, Verdict.SIGNATURE_MALFORMED}


def lacks(record: Ocmf, who: Identification) -> bool:
    """Tell whether a record was signed without knowing the time or who charges."""
    times_known = all(not reading.time.endswith(TIME_UNKNOWN) for reading in record.readings)
    return not times_known or (record.identification or "") != _plain(who.token)


def _head(who: Identification) -> str:
    """Return the record's head with every field that the meter may want to fill in."""
    fields = dict.fromkeys(("FV", "GI", "GS", "GV", "PG", "MV", "MM", "MS", "MF"), "") | {"FV": "1.0"}
    user = {"IS": who.type not in {"NONE", "DENIED"}, "IF": [], "IT": who.type, "ID": _plain(who.token)}
    place = {"CT": "EVSEID", "CI": _plain(who.evse_id), "RD": []}
    return json.dumps(fields | user | place, separators=(",", ":"))


def _plain(text: str) -> str:
    """Return a text as it may stand in a record."""
    return text.replace(SEPARATOR, " ")


def _bytes(values: Mapping[Role | None, Value | None], role: Role) -> bytes:
    value = values.get(role)
    if not isinstance(value, str):
        raise ValueError(f"there is no {role}")
    return bytes.fromhex(value)


def _text(data: bytes) -> str:
    """Return the text without the zero bytes that fill up its last register."""
    return data.rstrip(b"\0").decode()
