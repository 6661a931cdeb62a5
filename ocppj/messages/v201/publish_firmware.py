"""PublishFirmware of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import Str32, Str512


class PublishFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the PublishFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    location: Str512
    retries: Maybe[Integer] = None
    checksum: Str32
    request_id: Integer
    retry_interval: Maybe[Integer] = None


class PublishFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the PublishFirmware action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
