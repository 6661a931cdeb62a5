"""LogStatusNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload

UploadLogStatusEnumType = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
]


class LogStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the LogStatusNotification action."""

    status: UploadLogStatusEnumType
    request_id: Maybe[Integer] = None


class LogStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the LogStatusNotification action."""
