"""SecurityEventNotification: tells the backend what happened (security extension, 5.9)."""

from __future__ import annotations

from agent.store.security_log import SecurityEvent
from ocppj.messages import v16


def message(event: SecurityEvent) -> v16.SecurityEventNotificationRequest:
    """Return what tells it."""
    return v16.SecurityEventNotificationRequest(
        type=event.type, timestamp=event.at, tech_info=event.info or None
    )
