"""OCMF records (Open Charge Metering Format 1.x): OCMF|payload|signature.

The signature covers the characters of the payload as the meter wrote them. So the text is kept as it came;
what is read out of it is for decisions and for people, never to write it again.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

HEADER: Final = "OCMF"
DEFAULT_ALGORITHM: Final = "ECDSA-secp256r1-SHA256"
DER: Final = "application/x-der"
LONGEST: Final = 65536
"""Characters; the longest file of a known meter has 4062."""
ENDS: Final = frozenset("ELRAP")
"""Why a reading was taken (field TX), if that ends the transaction: ended, local, remote, aborted, power."""


class OcmfError(ValueError):
    """A text is no OCMF record; the message says where it goes wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcmfReading:
    """One meter reading of a record, with what it inherits from the one before it."""

    time: str
    reason: str | None
    """The field TX: B begin, C charging, E (or L, R, A, P) end; None outside a transaction."""
    value: Decimal | None
    unit: str | None
    register: str | None
    """The OBIS code of the register."""
    status: str | None

    @property
    def ends_transaction(self) -> bool:
        """Whether it is the last of its transaction."""
        return self.reason in ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocmf:
    """A record: the text as it came and what stands in it."""

    text: str
    payload: str
    """Exactly the characters that are signed."""
    algorithm: str
    signature: bytes
    pagination: str | None
    identification: str | None
    meter_serial: str | None
    readings: tuple[OcmfReading, ...]

    @property
    def is_end(self) -> bool:
        """Whether the record holds the end of a transaction."""
        return any(reading.ends_transaction for reading in self.readings)


def parse(text: str) -> Ocmf:
    """Take a record apart.

    Raises:
        OcmfError: If it is none.
    """
    header, payload, signature = _sections(text)
    if header != HEADER:
        raise OcmfError(f"the text begins with {header[:20]!r} instead of {HEADER!r}")
    fields, signed_by = _object(payload, "payload"), _object(signature, "signature section")
    return Ocmf(
        text=text,
        payload=payload,
        algorithm=_text(signed_by, "SA") or DEFAULT_ALGORITHM,
        signature=_signature(signed_by),
        pagination=_text(fields, "PG"),
        identification=_text(fields, "ID"),
        meter_serial=_text(fields, "MS") or _text(fields, "GS"),
        readings=tuple(_readings(fields)),
    )


def assemble(payload: str, signature: bytes, algorithm: str | None = None) -> str:
    """Return the record of a meter that gives payload and DER signature apart; the payload stays as it is.

    Raises:
        OcmfError: If the payload contains the character that separates the sections.
    """
    if "|" in payload:
        raise OcmfError("the payload contains '|', which separates the sections of a record")
    section = {"SA": algorithm} if algorithm else {}
    section["SD"] = signature.hex().upper()
    return "|".join((HEADER, payload, json.dumps(section, separators=(",", ":"))))


def _sections(text: str) -> tuple[str, str, str]:
    """Split at the first and the last separator."""
    if len(text) > LONGEST:
        raise OcmfError(f"the text has {len(text)} characters; no record has more than {LONGEST}")
    first, last = text.find("|"), text.rfind("|")
    if first == last:
        raise OcmfError(f"the text is not {HEADER}|payload|signature: it has no two '|'")
    return text[:first], text[first + 1 : last], text[last + 1 :]


def _object(text: str, section: str) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise OcmfError(f"the {section} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise OcmfError(f"the {section} is not a JSON object")
    return value


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def _signature(section: dict[str, Any]) -> bytes:
    data, encoding, mime = _text(section, "SD"), _text(section, "SE") or "hex", _text(section, "SM") or DER
    if data is None:
        raise OcmfError("the signature section has no signature (SD)")
    if mime != DER:
        raise OcmfError(f"the signature's form (SM) is {mime!r}; only {DER} is known")
    try:
        if encoding == "hex":
            return bytes.fromhex(data)
        if encoding == "base64":
            return base64.b64decode(data, validate=True)
    except (ValueError, binascii.Error):
        raise OcmfError(f"the signature (SD) is not {encoding}") from None
    raise OcmfError(f"the signature's encoding (SE) is {encoding!r}; hex and base64 are known")


def _readings(fields: dict[str, Any]) -> Iterator[OcmfReading]:
    """Yield the readings; a field that a reading leaves out has the value of the reading before."""
    entries = fields.get("RD")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise OcmfError("the payload has no list of readings (RD)")
    known: dict[str, Any] = {}
    for entry in entries:
        known |= entry
        value = entry.get("RV")
        if value is not None and not isinstance(value, Decimal):
            raise OcmfError(f"the value of a reading (RV) is {value!r}, which is no number")
        yield OcmfReading(
            time=_text(known, "TM") or "",
            reason=_text(known, "TX"),
            value=value,
            unit=_text(known, "RU"),
            register=_text(known, "RI"),
            status=_text(known, "ST"),
        )
