"""DataTransfer of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str50, Str255

DataTransferStatusEnumType = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]


class DataTransferRequest(Payload, frozen=True, kw_only=True):
    """Request of the DataTransfer action."""

    custom_data: Maybe[CustomDataType] = None
    message_id: Maybe[Str50] = None
    data: Maybe[Any] = None
    vendor_id: Str255


class DataTransferResponse(Payload, frozen=True, kw_only=True):
    """Response of the DataTransfer action."""

    custom_data: Maybe[CustomDataType] = None
    status: DataTransferStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    data: Maybe[Any] = None
