"""Where an update is: FirmwareStatusNotification, or its signed form (4.5; security extension, 5.12)."""

from __future__ import annotations

from typing import Final

from agent.csms.v16.unnumbered import UNNUMBERED
from agent.firmware.records import FirmwareStatus, Status
from ocppj.messages import v16
from ocppj.messages.fields import Payload

_UNSIGNED: Final[dict[Status, v16.FirmwareStatus]] = {
    "Downloading": "Downloading",
    "Downloaded": "Downloaded",
    "DownloadFailed": "DownloadFailed",
    "InvalidSignature": "InstallationFailed",
    "Installing": "Installing",
    "InstallVerificationFailed": "InstallationFailed",
    "InstallationFailed": "InstallationFailed",
    "Installed": "Installed",
}
"""The states that 1.6 knows without its security extension; of others nothing is told."""


def message(record: FirmwareStatus | None) -> Payload | None:
    """Return the message that tells where the update is, None if this version has no word for it."""
    if record is None:
        return v16.FirmwareStatusNotificationRequest(status="Idle")
    if record.request_id == UNNUMBERED:
        word = _UNSIGNED.get(record.status)
        return None if word is None else v16.FirmwareStatusNotificationRequest(status=word)
    return v16.SignedFirmwareStatusNotificationRequest(status=record.status, request_id=record.request_id)
