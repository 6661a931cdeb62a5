"""Payloads to typed messages and back. Decoding is validating; encoding is validated by decoding the result.

msgspec checks a payload against the annotations generated from the schemas while it decodes it. What it finds
is translated into the error code that OCPP-J gives to that kind of fault (OCPP 2.0.1 part 4, section 4.3):

    not JSON, or a member that the schema lacks          FormatViolation (1.6: FormationViolation)
    a member missing, or too few or too many elements    OccurrenceConstraintViolation
    the wrong JSON type, null included                   TypeConstraintViolation
    a length, range, enumeration or date-time            PropertyConstraintViolation
    a payload that is no object                          ProtocolError (1.6: FormationViolation)

Numbers must also be usable: an integer beyond 64 bits, a float beyond double precision or an amount beyond 28
digits violates a property constraint. Fractions that no schema describes (custom data, DataTransfer) are read
as Decimal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec

from ocppj import catalog
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload, read_member, write_member
from ocppj.versions import Version

DESCRIPTION_LENGTH = 255
MEMBER_LENGTH = 200
INTEGER_DIGITS = 19

_encode: Callable[[Any], bytes] = msgspec.json.Encoder(enc_hook=write_member, decimal_format="number").encode

_WHERE = re.compile(r"(?P<reason>.*?)(?: - at `\$\.?(?P<member>.*)`)?", re.DOTALL)
_MEMBER = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<name>.*)`", re.DOTALL)
_WRONG_TYPE = re.compile(r"Expected `\w+`, got `\w+`")
_WRONG_COUNT = re.compile(r"Expected `array` of ")
_FLOAT_FOR_INT = "Expected `int`, got `float`"

Encoded = msgspec.Raw | bytes | str


def decode_request(version: Version, action: str, payload: Encoded) -> Payload:
    """Read and validate the payload of a CALL.

    Raises:
        OcppError: With the code for the fault and a description that names the member; NotImplemented if the
            version does not know the action.
    """
    return decode(catalog.request_type(version, action), payload)


def decode_response(version: Version, action: str, payload: Encoded) -> Payload:
    """Read and validate the payload of a CALLRESULT; raises as `decode_request` does."""
    return decode(catalog.response_type(version, action), payload)


def decode_send(version: Version, action: str, payload: Encoded) -> Payload:
    """Read and validate the payload of a SEND; raises as `decode_request` does."""
    return decode(catalog.send_type(version, action), payload)


def decode(kind: type[Payload], payload: Encoded) -> Payload:
    """Read and validate a payload of the given type; raises as `decode_request` does."""
    try:
        return _decoder(kind)(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        if _FLOAT_FOR_INT in str(error) and catalog.takes_whole_floats(kind):
            return _decode_whole_floats(kind, payload)
        raise fault(error, catalog.version_of(kind)) from None


def encode(message: Payload) -> bytes:
    """Write a message as JSON and check that it is valid. Timestamps are cut to whole milliseconds.

    OCPP 2.x allows at most three decimal places of a second (part 2, section 2.1.3), and 1.6 needs no more.

    Raises:
        OcppError: If the message breaks its schema, as the peer would find.
    """
    try:
        payload = _encode(_to_milliseconds(message))
        _decoder(type(message))(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise fault(error, catalog.version_of(type(message))) from None
    except (TypeError, ValueError, OverflowError) as error:
        raise OcppError(ErrorCode.TYPE_CONSTRAINT_VIOLATION, str(error)[:DESCRIPTION_LENGTH]) from None
    return payload


def fault(error: Exception, version: Version) -> OcppError:
    """Translate what msgspec found into the code of OCPP-J and a description that names the member."""
    code, description = _explain(error, version)
    printable = "".join(
        letter if letter.isprintable() else "?" for letter in description[:DESCRIPTION_LENGTH]
    )
    return OcppError(code, printable)


def _explain(error: Exception, version: Version) -> tuple[ErrorCode, str]:
    if isinstance(error, RecursionError):
        return ErrorCode.FORMAT_VIOLATION, "the payload is nested too deeply"
    if not isinstance(error, msgspec.ValidationError):
        return ErrorCode.FORMAT_VIOLATION, f"the payload is not JSON: {error}"
    found = _WHERE.fullmatch(str(error))
    reason, member = (found["reason"], found["member"]) if found else (str(error), None)
    if named := _MEMBER.fullmatch(reason):
        where = ".".join(filter(None, (member, named["name"])))[:MEMBER_LENGTH]
        if named["fault"] == "missing required":
            return ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"{where}: required, but missing"
        return ErrorCode.FORMAT_VIOLATION, f"{where}: no such member"
    plain = reason[:1].lower() + reason[1:].replace("`", "")
    return _code(reason, member, version), f"{member or 'the payload'}: {plain}"


def _code(reason: str, member: str | None, version: Version) -> ErrorCode:
    if _WRONG_TYPE.match(reason):
        if member is not None:
            return ErrorCode.TYPE_CONSTRAINT_VIOLATION
        return ErrorCode.FORMAT_VIOLATION if version is Version.V16 else ErrorCode.PROTOCOL_ERROR
    if _WRONG_COUNT.match(reason):
        return ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
    return ErrorCode.PROPERTY_CONSTRAINT_VIOLATION


@cache
def _decoder(kind: type[Payload]) -> Callable[[Encoded], Payload]:
    return msgspec.json.Decoder(kind, dec_hook=read_member, float_hook=Decimal).decode


def _decode_whole_floats(kind: type[Payload], payload: Encoded) -> Payload:
    """Decode again with 1.0 read as 1, which JSON Schema counts among the integers from draft 6 on."""
    try:
        return _decoder(kind)(_encode(_untyped(payload)))
    except (msgspec.DecodeError, RecursionError) as error:
        raise fault(error, catalog.version_of(kind)) from None


def _whole_or_decimal(literal: str) -> int | Decimal:
    number = Decimal(literal)
    if number.adjusted() < INTEGER_DIGITS and number == number.to_integral_value():
        return int(number)
    return number


_untyped: Callable[[Encoded], Any] = msgspec.json.Decoder(float_hook=_whole_or_decimal).decode


def _to_milliseconds(value: Any) -> Any:
    """Return the value with its timestamps as text of three decimal places, where msgspec would write six."""
    if isinstance(value, datetime):
        return _milliseconds(value) if value.microsecond else value
    if isinstance(value, tuple | list):
        return [_to_milliseconds(element) for element in value]
    if not isinstance(value, Payload):
        return value
    changes = {
        name: _to_milliseconds(member)
        for name in _timed_members(type(value))
        if (member := getattr(value, name)) is not None
    }
    return msgspec.structs.replace(value, **changes) if changes else value


def _milliseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def _timed_members(kind: type[Payload]) -> tuple[str, ...]:
    return tuple(member.name for member in msgspec.structs.fields(kind) if _holds_time(member.type))


def _holds_time(annotation: Any) -> bool:
    while get_origin(annotation) in {Annotated, tuple}:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, Payload):
        return bool(_timed_members(annotation))
    return annotation is datetime
