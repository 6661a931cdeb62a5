"""PublishFirmwareStatusNotification of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, Str512

PublishFirmwareStatusEnumType = Literal[
    "Idle",
    "DownloadScheduled",
    "Downloading",
    "Downloaded",
    "Published",
    "DownloadFailed",
    "DownloadPaused",
    "InvalidChecksum",
    "ChecksumVerified",
    "PublishFailed",
]


class PublishFirmwareStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the PublishFirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
    status: PublishFirmwareStatusEnumType
    location: Maybe[Annotated[tuple[Str512, ...], ItemsFrom1]] = None
    request_id: Maybe[Integer] = None


class PublishFirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the PublishFirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
