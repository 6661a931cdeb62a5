"""SignedFirmwareStatusNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload

FirmwareStatusEnumType = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
]


class SignedFirmwareStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the SignedFirmwareStatusNotification action."""

    status: FirmwareStatusEnumType
    request_id: Maybe[Integer] = None


class SignedFirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the SignedFirmwareStatusNotification action."""
