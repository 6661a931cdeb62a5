"""FirmwareStatusNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
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

    status: FirmwareStatusEnumType
    request_id: Maybe[Integer] = None
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None


class FirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the FirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
