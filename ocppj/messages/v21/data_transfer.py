"""DataTransfer of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str50, Str255

DataTransferStatusEnumType = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]


class DataTransferRequest(Payload, frozen=True, kw_only=True):
    """Request of the DataTransfer action."""

    message_id: Maybe[Str50] = None
    data: Maybe[Any] = None
    vendor_id: Str255
    custom_data: Maybe[CustomDataType] = None


class DataTransferResponse(Payload, frozen=True, kw_only=True):
    """Response of the DataTransfer action."""

    status: DataTransferStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    data: Maybe[Any] = None
    custom_data: Maybe[CustomDataType] = None
