"""SetDisplayMessage of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
]


class SetDisplayMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetDisplayMessage action."""

    custom_data: Maybe[CustomDataType] = None
    message: v201.MessageInfoType


class SetDisplayMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetDisplayMessage action."""

    custom_data: Maybe[CustomDataType] = None
    status: DisplayMessageStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
