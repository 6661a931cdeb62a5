"""BootNotification: announces the charge point after a start (OCPP 1.6, 4.2)."""

from __future__ import annotations

from agent.csms.dialect import BootAnswer
from agent.csms.identity import Identity
from ocppj.messages import v16

_SHORT, _LONG = 20, 50
_SERIAL = 25


def message(identity: Identity) -> v16.BootNotificationRequest:
    """Return the announcement; texts longer than this version takes are cut."""
    return v16.BootNotificationRequest(
        charge_point_vendor=identity.vendor[:_SHORT],
        charge_point_model=identity.model[:_SHORT],
        charge_point_serial_number=identity.serial[:_SERIAL] or None,
        firmware_version=identity.firmware[:_LONG] or None,
    )


def read(response: v16.BootNotificationResponse) -> BootAnswer:
    """Return what the backend answered; a negative interval says as little as 0: the station chooses."""
    return BootAnswer(
        status=response.status, interval_s=max(0, response.interval), backend_time=response.current_time
    )
