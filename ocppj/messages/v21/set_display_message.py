"""SetDisplayMessage of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload

DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
    "LanguageNotSupported",
]


class SetDisplayMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetDisplayMessage action."""

    message: v21.MessageInfoType
    custom_data: Maybe[CustomDataType] = None


class SetDisplayMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetDisplayMessage action."""

    status: DisplayMessageStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
