"""LogStatusNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
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

    status: UploadLogStatusEnumType
    request_id: Maybe[Integer] = None
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None


class LogStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the LogStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
