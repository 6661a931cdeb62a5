"""GetDERControl of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class GetDERControlRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetDERControl action."""

    request_id: Integer
    is_default: Maybe[bool] = None
    control_type: Maybe[v21.DERControlEnumType] = None
    control_id: Maybe[Str36] = None
    custom_data: Maybe[CustomDataType] = None


class GetDERControlResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetDERControl action."""

    status: v21.DERControlStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
