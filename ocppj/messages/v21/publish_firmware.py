"""PublishFirmware of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, Str32, Str2000


class PublishFirmwareRequest(Payload, frozen=True, kw_only=True):
    """Request of the PublishFirmware action."""

    location: Str2000
    retries: Maybe[IntFrom0] = None
    checksum: Str32
    request_id: IntFrom0
    retry_interval: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class PublishFirmwareResponse(Payload, frozen=True, kw_only=True):
    """Response of the PublishFirmware action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
