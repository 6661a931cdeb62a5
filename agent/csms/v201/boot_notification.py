"""BootNotification: announces the station after a start (B01)."""

from __future__ import annotations

from agent.csms.dialect import BootAnswer
from agent.csms.identity import Identity
from ocppj.messages import v201


def message(identity: Identity, reason: v201.BootReasonEnumType) -> v201.BootNotificationRequest:
    """Return the announcement."""
    return v201.BootNotificationRequest(
        reason=reason,
        charging_station=v201.ChargingStationType(
            vendor_name=identity.vendor,
            model=identity.model,
            serial_number=identity.serial or None,
            firmware_version=identity.firmware or None,
        ),
    )


def read(response: v201.BootNotificationResponse) -> BootAnswer:
    """Return what the backend answered; a negative interval says as little as 0: the station chooses."""
    return BootAnswer(
        status=response.status, interval_s=max(0, response.interval), backend_time=response.current_time
    )
