"""SecurityEventNotification: tells the backend what happened (security extension, 5.9)."""

from __future__ import annotations

from typing import Final

from agent.store.security_log import SecurityEvent
from ocppj.messages import v16

_NAMES: Final = {
    "CsmsFailedToAuthenticate": "CentralSystemFailedToAuthenticate",
    "FailedToAuthenticateAtCsms": "FailedToAuthenticateAtCentralSystem",
    "InvalidChargingStationCertificate": "InvalidChargePointCertificate",
    "InvalidCsmsCertificate": "InvalidCentralSystemCertificate",
}
"""What the extension calls otherwise than 2.0.1."""


def message(event: SecurityEvent) -> v16.SecurityEventNotificationRequest:
    """Return what tells it."""
    return v16.SecurityEventNotificationRequest(
        type=_NAMES.get(event.type, event.type), timestamp=event.at, tech_info=event.info or None
    )
