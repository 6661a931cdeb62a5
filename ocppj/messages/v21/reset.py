"""Reset of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

ResetEnumType = Literal["Immediate", "OnIdle", "ImmediateAndResume"]
ResetStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]


class ResetRequest(Payload, frozen=True, kw_only=True):
    """Request of the Reset action."""

    type: ResetEnumType
    evse_id: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class ResetResponse(Payload, frozen=True, kw_only=True):
    """Response of the Reset action."""

    status: ResetStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
