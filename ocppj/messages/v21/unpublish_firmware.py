"""UnpublishFirmware of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str32

UnpublishFirmwareStatusEnumType = Literal["DownloadOngoing", "NoFirmware", "Unpublished"]


class UnpublishFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the UnpublishFirmware action."""

    checksum: Str32
    custom_data: Maybe[CustomDataType] = None


class UnpublishFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the UnpublishFirmware action."""

    status: UnpublishFirmwareStatusEnumType
    custom_data: Maybe[CustomDataType] = None
