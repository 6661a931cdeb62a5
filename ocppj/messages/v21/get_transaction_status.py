"""GetTransactionStatus of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class GetTransactionStatusRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetTransactionStatus action."""

    transaction_id: Maybe[Str36] = None
    custom_data: Maybe[CustomDataType] = None


class GetTransactionStatusResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetTransactionStatus action."""

    ongoing_indicator: Maybe[bool] = None
    messages_in_queue: bool
    custom_data: Maybe[CustomDataType] = None
