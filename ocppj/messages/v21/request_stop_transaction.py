"""RequestStopTransaction of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class RequestStopTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RequestStopTransaction action."""

    transaction_id: Str36
    custom_data: Maybe[CustomDataType] = None


class RequestStopTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RequestStopTransaction action."""

    status: v21.RequestStartStopStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
