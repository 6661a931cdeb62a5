"""ClearDERControl of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class ClearDERControlRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearDERControl action."""

    is_default: bool
    control_type: Maybe[v21.DERControlEnumType] = None
    control_id: Maybe[Str36] = None
    custom_data: Maybe[CustomDataType] = None


class ClearDERControlResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearDERControl action."""

    status: v21.DERControlStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
