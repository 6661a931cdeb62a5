"""Reset of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ResetEnumType = Literal["Immediate", "OnIdle"]
ResetStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]


class ResetRequest(Payload, frozen=True, kw_only=True):
    """Request of the Reset action."""

    custom_data: Maybe[CustomDataType] = None
    type: ResetEnumType
    evse_id: Maybe[Integer] = None


class ResetResponse(Payload, frozen=True, kw_only=True):
    """Response of the Reset action."""

    custom_data: Maybe[CustomDataType] = None
    status: ResetStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
