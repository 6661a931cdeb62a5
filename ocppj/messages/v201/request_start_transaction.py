"""RequestStartTransaction of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import Str36


class RequestStartTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RequestStartTransaction action."""

    custom_data: Maybe[CustomDataType] = None
    evse_id: Maybe[Integer] = None
    group_id_token: Maybe[v201.IdTokenType] = None
    id_token: v201.IdTokenType
    remote_start_id: Integer
    charging_profile: Maybe[v201.ChargingProfileType] = None


class RequestStartTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RequestStartTransaction action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.RequestStartStopStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    transaction_id: Maybe[Str36] = None
