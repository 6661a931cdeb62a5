"""UpdateFirmware of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import Str512, Str800, Str5500

UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]


class FirmwareType(Payload, frozen=True, kw_only=True):
    """Part of UpdateFirmwareRequest."""

    custom_data: Maybe[CustomDataType] = None
    location: Str512
    retrieve_date_time: Timestamp
    install_date_time: Maybe[Timestamp] = None
    signing_certificate: Maybe[Str5500] = None
    signature: Maybe[Str800] = None


class UpdateFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the UpdateFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    retries: Maybe[Integer] = None
    retry_interval: Maybe[Integer] = None
    request_id: Integer
    firmware: FirmwareType


class UpdateFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the UpdateFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    status: UpdateFirmwareStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
