"""PublishFirmwareStatusNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str2000

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

    status: PublishFirmwareStatusEnumType
    location: Maybe[Annotated[tuple[Str2000, ...], ItemsFrom1]] = None
    request_id: Maybe[IntFrom0] = None
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None


class PublishFirmwareStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the PublishFirmwareStatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
