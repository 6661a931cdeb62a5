"""What peers get wrong so often that their messages are understood all the same.

Nothing here is looked at for a message that keeps to its schema. One that does not is read again with the
faults below mended, and each of them counted; if it still breaks its schema it is refused
for what was wrong in the first place. What is sent never has any of these faults.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import msgspec

from ocppj import codec
from ocppj.errors import OcppError
from ocppj.messages.fields import Payload

_NO_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?")


class Quirk(StrEnum):
    """A fault that is mended."""

    NULL = "null for a member that is not there"
    EMPTY = "an empty text for a member that is not there"
    EXTRA = "a member that the schema lacks"
    CAPITALS = "wrong capitals"
    NO_ZONE = "a time without zone, read as UTC"
    LONG_ID = "a message id of more than 36 characters"
    UNASKED = "an answer to a call that nobody made, or that was given up"
    NO_VERSION = "no version of OCPP where it was to choose one"


Quirks = Counter[Quirk]


_read = msgspec.json.Decoder(float_hook=Decimal).decode
_write = msgspec.json.Encoder(decimal_format="number").encode


def decode(kind: type[Payload], payload: codec.Encoded) -> tuple[Payload, Quirks]:
    """Read a payload, mending what can be mended, and return what was.

    Raises:
        OcppError: As `codec.decode` does, for the payload as it was sent.
    """
    try:
        return codec.decode(kind, payload), Quirks()
    except OcppError as error:
        mended = _mended(kind, payload)
        if mended is None:
            raise
        quirks, written = mended
        try:
            return codec.decode(kind, written), quirks
        except OcppError:
            raise error from None


def _mended(kind: type[Payload], payload: codec.Encoded) -> tuple[Quirks, bytes] | None:
    quirks = Quirks()
    try:
        value = _mend(kind, _read(payload), quirks)
        return (quirks, _write(value)) if quirks else None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _mend(annotation: Any, value: Any, quirks: Quirks) -> Any:
    plain = _plain(annotation)
    if isinstance(value, dict) and isinstance(plain, type) and issubclass(plain, Payload):
        return _mend_object(plain, value, quirks)
    if isinstance(value, list) and get_origin(plain) is tuple:
        return [_mend(get_args(plain)[0], element, quirks) for element in value]
    if isinstance(value, str) and get_origin(plain) is Literal:
        return _capitals(value, get_args(plain), quirks)
    if isinstance(value, str) and plain is datetime and _NO_ZONE.fullmatch(value):
        quirks[Quirk.NO_ZONE] += 1
        return f"{value.replace(',', '.')}Z"
    return value


def _mend_object(kind: type[Payload], value: dict[str, Any], quirks: Quirks) -> dict[str, Any]:
    known, mended = _members(kind), {}
    for name, member in value.items():
        spelt = name if name in known else _spelling(kind).get(name.casefold())
        if spelt is None or (spelt != name and spelt in value):
            quirks[Quirk.EXTRA] += 1
            continue
        if spelt != name:
            quirks[Quirk.CAPITALS] += 1
        field = known[spelt]
        if not field.required and (absent := _absent(field.type, member)) is not None:
            quirks[absent] += 1
            continue
        mended[spelt] = _mend(field.type, member, quirks)
    return mended


def _absent(annotation: Any, value: Any) -> Quirk | None:
    """Return how a peer says that an optional member is not there, if it does."""
    if value is None:
        return Quirk.NULL
    if value != "":
        return None
    try:
        msgspec.json.decode(b'""', type=annotation)
    except msgspec.DecodeError:
        return Quirk.EMPTY
    return None


def _capitals(value: str, known: tuple[str, ...], quirks: Quirks) -> str:
    if value in known:
        return value
    meant = [word for word in known if word.casefold() == value.strip().casefold()]
    if len(meant) != 1:
        return value
    quirks[Quirk.CAPITALS] += 1
    return meant[0]


def _plain(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


@cache
def _members(kind: type[Payload]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


@cache
def _spelling(kind: type[Payload]) -> dict[str, str]:
    return {name.casefold(): name for name in _members(kind)}
