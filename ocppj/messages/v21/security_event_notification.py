"""SecurityEventNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import Str50, Str255


class SecurityEventNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the SecurityEventNotification action."""

    type: Str50
    timestamp: Timestamp
    tech_info: Maybe[Str255] = None
    custom_data: Maybe[CustomDataType] = None


class SecurityEventNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the SecurityEventNotification action."""

    custom_data: Maybe[CustomDataType] = None
