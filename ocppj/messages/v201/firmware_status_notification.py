"""FirmwareStatusNotification of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

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


class FirmwareStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the FirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
    status: FirmwareStatusEnumType
    request_id: Maybe[Integer] = None


class FirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the FirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
