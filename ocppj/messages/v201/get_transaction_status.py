"""GetTransactionStatus of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str36


class GetTransactionStatusRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetTransactionStatus action."""

    custom_data: Maybe[CustomDataType] = None
    transaction_id: Maybe[Str36] = None


class GetTransactionStatusResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetTransactionStatus action."""

    custom_data: Maybe[CustomDataType] = None
    ongoing_indicator: Maybe[bool] = None
    messages_in_queue: bool
