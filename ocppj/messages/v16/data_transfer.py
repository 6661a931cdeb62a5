"""DataTransfer of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Maybe, Payload
from ocppj.messages.v16.bounds import Str50, Str255

DataTransferStatus = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]


class DataTransferRequest(Payload, frozen=True, kw_only=True):
    """Request of the DataTransfer action."""

    vendor_id: Str255
    message_id: Maybe[Str50] = None
    data: Maybe[str] = None


class DataTransferResponse(Payload, frozen=True, kw_only=True):
    """Response of the DataTransfer action."""

    status: DataTransferStatus
    data: Maybe[str] = None
