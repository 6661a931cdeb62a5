"""SecurityEventNotification: tells the backend what happened (A04)."""

from __future__ import annotations

from agent.store.security_log import SecurityEvent
from ocppj.messages import v201


def message(event: SecurityEvent) -> v201.SecurityEventNotificationRequest:
    """Return what tells it."""
    return v201.SecurityEventNotificationRequest(
        type=event.type, timestamp=event.at, tech_info=event.info or None
    )
