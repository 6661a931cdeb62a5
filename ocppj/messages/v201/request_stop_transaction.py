"""RequestStopTransaction of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str36


class RequestStopTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RequestStopTransaction action."""

    custom_data: Maybe[CustomDataType] = None
    transaction_id: Str36


class RequestStopTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RequestStopTransaction action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.RequestStartStopStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
