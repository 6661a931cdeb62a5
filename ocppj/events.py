"""What a link tells its owner (see `ocppj.link`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ocppj.errors import NO_DETAILS, ErrorCode
from ocppj.messages.fields import Payload


class CallReceived(msgspec.Struct, frozen=True):
    """The peer calls; answer with `Link.reply` or `Link.reply_error`."""

    message_id: str
    action: str
    request: Payload


class ResultReceived(msgspec.Struct, frozen=True):
    """The peer answered our call."""

    message_id: str
    request: Payload
    response: Payload


class CallRefused(msgspec.Struct, frozen=True):
    """The peer refused our call, or (`answer_invalid`) answered it with something that breaks its schema."""

    message_id: str
    request: Payload
    code: ErrorCode
    description: str
    details: Mapping[str, Any] = NO_DETAILS
    answer_invalid: bool = False


class CallExpired(msgspec.Struct, frozen=True):
    """The peer did not answer our call in time."""

    message_id: str
    request: Payload


class ResultRefused(msgspec.Struct, frozen=True):
    """The peer could not make sense of our answer (CALLRESULTERROR, OCPP 2.1)."""

    message_id: str
    code: ErrorCode
    description: str
    details: Mapping[str, Any] = NO_DETAILS


class SendReceived(msgspec.Struct, frozen=True):
    """The peer sent a message that is not answered (SEND, OCPP 2.1)."""

    action: str
    message: Payload


class FrameRejected(msgspec.Struct, frozen=True):
    """A frame was not accepted; where the standard wants an answer, it is already queued.

    `excerpt` is safe to log. `close_code`, if there is one, is the WebSocket close code with which the owner
    should end the connection.
    """

    code: ErrorCode
    description: str
    excerpt: str
    message_id: str | None = None
    close_code: int | None = None


class ReplyUnmatched(msgspec.Struct, frozen=True):
    """An answer or a refusal to a call that is not outstanding, `description` being the refusal's."""

    message_id: str
    description: str = ""


Event = (
    CallReceived
    | ResultReceived
    | CallRefused
    | CallExpired
    | ResultRefused
    | SendReceived
    | FrameRejected
    | ReplyUnmatched
)
