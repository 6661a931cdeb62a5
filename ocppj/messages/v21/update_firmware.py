"""UpdateFirmware of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, Str800, Str2000, Str5500

UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]


class FirmwareType(Payload, frozen=True, kw_only=True):
    """Part of UpdateFirmwareRequest."""

    location: Str2000
    retrieve_date_time: Timestamp
    install_date_time: Maybe[Timestamp] = None
    signing_certificate: Maybe[Str5500] = None
    signature: Maybe[Str800] = None
    custom_data: Maybe[CustomDataType] = None


class UpdateFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the UpdateFirmware action."""

    retries: Maybe[IntFrom0] = None
    retry_interval: Maybe[Integer] = None
    request_id: Integer
    firmware: FirmwareType
    custom_data: Maybe[CustomDataType] = None


class UpdateFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the UpdateFirmware action."""

    status: UpdateFirmwareStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
