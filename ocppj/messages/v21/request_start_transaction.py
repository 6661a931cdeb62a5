"""RequestStartTransaction of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom1, Str36


class RequestStartTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RequestStartTransaction action."""

    evse_id: Maybe[IntFrom1] = None
    group_id_token: Maybe[v21.IdTokenType] = None
    id_token: v21.IdTokenType
    remote_start_id: Integer
    charging_profile: Maybe[v21.ChargingProfileType] = None
    custom_data: Maybe[CustomDataType] = None


class RequestStartTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RequestStartTransaction action."""

    status: v21.RequestStartStopStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    transaction_id: Maybe[Str36] = None
    custom_data: Maybe[CustomDataType] = None
