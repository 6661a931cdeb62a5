"""SecurityEventNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str50, Str255


class SecurityEventNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the SecurityEventNotification action."""

    type: Str50
    timestamp: Timestamp
    tech_info: Maybe[Str255] = None


class SecurityEventNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the SecurityEventNotification action."""
