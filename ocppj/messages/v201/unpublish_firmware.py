"""UnpublishFirmware of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str32

UnpublishFirmwareStatusEnumType = Literal["DownloadOngoing", "NoFirmware", "Unpublished"]


class UnpublishFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the UnpublishFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    checksum: Str32


class UnpublishFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the UnpublishFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    status: UnpublishFirmwareStatusEnumType
