"""FirmwareStatusNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload

FirmwareStatus = Literal[
    "Downloaded", "DownloadFailed", "Downloading", "Idle", "InstallationFailed", "Installing", "Installed"
]


class FirmwareStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the FirmwareStatusNotification action."""

    status: FirmwareStatus


class FirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the FirmwareStatusNotification action."""
