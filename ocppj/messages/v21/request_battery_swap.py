"""RequestBatterySwap of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class RequestBatterySwapRequest(Payload, frozen=True, kw_only=True):
    """Request of the RequestBatterySwap action."""

    id_token: v21.IdTokenType
    request_id: Integer
    custom_data: Maybe[CustomDataType] = None


class RequestBatterySwapResponse(Payload, frozen=True, kw_only=True):
    """Response of the RequestBatterySwap action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
