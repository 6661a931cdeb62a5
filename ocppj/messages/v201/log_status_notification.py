"""LogStatusNotification of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

UploadLogStatusEnumType = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
    "AcceptedCanceled",
]


class LogStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the LogStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
    status: UploadLogStatusEnumType
    request_id: Maybe[Integer] = None


class LogStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the LogStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
