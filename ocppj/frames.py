"""The OCPP-J frames: JSON arrays that begin with a message type (OCPP 2.0.1 and 2.1 part 4, section 4.2).

    [2, message id, action, payload]                         CALL
    [3, message id, payload]                                 CALLRESULT
    [4, message id, error code, description, details]        CALLERROR
    [5, message id, error code, description, details]        CALLRESULTERROR   2.1
    [6, message id, action, payload]                         SEND              2.1

A payload stays encoded (`msgspec.Raw`) until its action is known. Errors are read leniently, since a refusal
that cannot be understood is still a refusal; everything else is read strictly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec

from ocppj.errors import NO_DETAILS, ErrorCode, OcppError
from ocppj.versions import Version

MESSAGE_ID_LENGTH = 36
LENIENT_ID_LENGTH = 255
"""What is taken from peers that make longer ids than the standard allows (and OCPP 1.6's errata forbid)."""
MAX_FRAME_BYTES = 65536
MAX_DEPTH = 32
UNREADABLE_ID = "-1"
"""The message id of a CALLERROR about a frame whose own cannot be read (OCPP 2.0.1 part 4, section 4.2.3)."""

CALL, CALL_RESULT, CALL_ERROR, CALL_RESULT_ERROR, SEND = 2, 3, 4, 5, 6
MESSAGE_TYPES = {
    Version.V16: frozenset({CALL, CALL_RESULT, CALL_ERROR}),
    Version.V201: frozenset({CALL, CALL_RESULT, CALL_ERROR}),
    Version.V21: frozenset({CALL, CALL_RESULT, CALL_ERROR, CALL_RESULT_ERROR, SEND}),
}
ELEMENTS = {CALL: 4, CALL_RESULT: 3, SEND: 4}

MessageId = Annotated[str, msgspec.Meta(min_length=1, max_length=MESSAGE_ID_LENGTH)]


class _Array(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of every frame: its tag and its members are the elements of the array."""


class Call(_Array, frozen=True, tag=CALL):
    """A request (type 2)."""

    message_id: MessageId
    action: str
    payload: msgspec.Raw


class CallResult(_Array, frozen=True, tag=CALL_RESULT):
    """The answer to a request (type 3)."""

    message_id: MessageId
    payload: msgspec.Raw


_LongId = Annotated[str, msgspec.Meta(min_length=1, max_length=LENIENT_ID_LENGTH)]


class _LongCall(_Array, frozen=True, tag=CALL):
    message_id: _LongId
    action: str
    payload: msgspec.Raw


class CallError(_Array, frozen=True, tag=CALL_ERROR):
    """The refusal of a request (type 4); `code` is spelled as on the wire."""

    message_id: str
    code: str
    description: str = ""
    details: Mapping[str, Any] = NO_DETAILS


class CallResultError(_Array, frozen=True, tag=CALL_RESULT_ERROR):
    """The refusal of an answer (type 5, OCPP 2.1); `code` is spelled as on the wire."""

    message_id: str
    code: str
    description: str = ""
    details: Mapping[str, Any] = NO_DETAILS


class Send(_Array, frozen=True, tag=SEND):
    """A message that is never answered (type 6, OCPP 2.1)."""

    message_id: MessageId
    action: str
    payload: msgspec.Raw


Frame = Call | CallResult | CallError | CallResultError | Send


class FrameError(OcppError):
    """A frame that is no OCPP-J message of the version."""

    def __init__(
        self,
        code: ErrorCode,
        description: str,
        message_type: int | None = None,
        message_id: str | None = None,
    ) -> None:
        super().__init__(code, description)
        self.message_type = message_type
        self.message_id = message_id

    def answer(self, version: Version) -> CallError | CallResultError | None:
        """Return the frame to answer with, or None where the standard wants silence.

        Nothing answers a refusal or a SEND; only OCPP 2.1 answers a bad result. OCPP 1.6 cannot refuse a
        frame without a message id and ignores unknown message types (OCPP-J 1.6, section 4.1.3).
        """
        code, message_id = self.code.wire(version), self.message_id or UNREADABLE_ID
        if self.message_type == CALL_RESULT:
            return CallResultError(message_id, code, self.description) if version is Version.V21 else None
        known = self.message_type in MESSAGE_TYPES[version]
        if known and self.message_type != CALL:
            return None
        if version is Version.V16 and (self.message_id is None or self.message_type != CALL):
            return None
        return CallError(message_id, code, self.description)


_T = TypeVar("_T")

_calls: msgspec.json.Decoder[Call | CallResult] = msgspec.json.Decoder(Call | CallResult)
_calls_and_sends: msgspec.json.Decoder[Call | CallResult | Send] = msgspec.json.Decoder(
    Call | CallResult | Send
)
_long_calls = msgspec.json.Decoder(_LongCall)
_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
_message_type = msgspec.json.Decoder(int)
_message_id = msgspec.json.Decoder(MessageId)
_text = msgspec.json.Decoder(str)
_details = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_write = msgspec.json.Encoder(decimal_format="number").encode

_HEAD = re.compile(
    r'[ \t\r\n]*\[[ \t\r\n]*([0-9]{1,3})[ \t\r\n]*,[ \t\r\n]*"([^"\\\x00-\x1f\ud800-\udfff]{1,36})"'
)
_BRACKET_OR_STRING = re.compile(r'[\[{]|[\]}]|"(?:[^"\\]|\\.)*+"?', re.DOTALL)


def parse(
    text: str,
    version: Version,
    *,
    max_frame_bytes: int = MAX_FRAME_BYTES,
    max_depth: int = MAX_DEPTH,
    is_lenient: bool = False,
) -> Frame:
    """Read a frame. The payload of a CALL, CALLRESULT or SEND is known to be JSON, but not yet to be valid.

    `is_lenient`: a CALL may have a message id that is too long.

    Raises:
        FrameError: If it is too large, too deep, not JSON, or not a message of this version.
    """
    _check_size(text, max_frame_bytes)
    _check_depth(text, max_depth)
    try:
        return _calls_and_sends.decode(text) if version is Version.V21 else _calls.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass  # the slow path finds out what is wrong
    if is_lenient and (call := _read(_long_calls, msgspec.Raw(text.encode("utf-8", "replace")))) is not None:
        return Call(call.message_id, call.action, call.payload)
    return _parse_slowly(text, version)


def encode(frame: Frame) -> str:
    """Write a frame as JSON text."""
    if isinstance(frame, CallError | CallResultError):
        frame = msgspec.structs.replace(frame, details=dict(frame.details))
    return _write(frame).decode()


def _check_size(text: str, max_frame_bytes: int) -> None:
    size = len(text)
    if size <= max_frame_bytes < 4 * size and not text.isascii():
        size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_frame_bytes:
        raise _unread(text, ErrorCode.FORMAT_VIOLATION, f"the frame is larger than {max_frame_bytes} bytes")


def _check_depth(text: str, max_depth: int) -> None:
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth = 0
    for found in _BRACKET_OR_STRING.finditer(text):
        if text[found.start()] in "[{":
            depth += 1
            if depth > max_depth:
                raise _unread(
                    text, ErrorCode.FORMAT_VIOLATION, f"the frame nests deeper than {max_depth} levels"
                )
        elif text[found.start()] in "]}":
            depth -= 1


def _unread(text: str, code: ErrorCode, description: str) -> FrameError:
    """Make the error for a frame that is not read as JSON, with the type and message id of its beginning."""
    head = _HEAD.match(text)
    if head is None:
        return FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, description)
    return FrameError(code, description, int(head[1]), head[2])


def _parse_slowly(text: str, version: Version) -> CallError | CallResultError:
    """Read an error, or find out what is wrong with any other frame."""
    message_type, message_id, rest = _envelope(text, version)
    if message_type in {CALL_ERROR, CALL_RESULT_ERROR}:
        kind = CallError if message_type == CALL_ERROR else CallResultError
        code, description, details, *_ = [*rest, *[msgspec.Raw(b"null")] * 3]
        read: Mapping[str, Any] | None = _read(_details, details)
        return kind(
            message_id,
            _read(_text, code) or ErrorCode.GENERIC_ERROR.value,
            _read(_text, description) or "",
            read or NO_DETAILS,
        )
    wrong = f"a message of type {message_type} has {ELEMENTS[message_type]} elements, not {len(rest) + 2}"
    if len(rest) + 2 == ELEMENTS[message_type]:
        wrong = "the action is not a string"
    raise FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, wrong, message_type, message_id)


def _envelope(text: str, version: Version) -> tuple[int, str, list[msgspec.Raw]]:
    try:
        elements = _elements(text)
    except msgspec.ValidationError:
        raise FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, "the frame is not a JSON array") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _unread(text, ErrorCode.FORMAT_VIOLATION, f"the frame is not JSON: {error}") from None
    message_type = _read(_message_type, elements[0]) if elements else None
    message_id = _read(_message_id, elements[1]) if len(elements) > 1 else None
    if message_type is None:
        raise FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, "the frame does not begin with a message type")
    if message_type not in MESSAGE_TYPES[version]:
        what = f"{version.value} has no message type {str(message_type)[:20]}"
        raise FrameError(ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, what, message_type, message_id)
    if message_id is None:
        what = f"the message id is not a string of 1 to {MESSAGE_ID_LENGTH} characters"
        raise FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, what, message_type)
    return message_type, message_id, elements[2:]


def _read(decoder: msgspec.json.Decoder[_T], raw: msgspec.Raw) -> _T | None:
    """Decode one element, or return None if it is of another type."""
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
