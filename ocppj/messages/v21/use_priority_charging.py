"""UsePriorityCharging of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36

PriorityChargingStatusEnumType = Literal["Accepted", "Rejected", "NoProfile"]


class UsePriorityChargingRequest(Payload, frozen=True, kw_only=True):
    """Request of the UsePriorityCharging action."""

    transaction_id: Str36
    activate: bool
    custom_data: Maybe[CustomDataType] = None


class UsePriorityChargingResponse(Payload, frozen=True, kw_only=True):
    """Response of the UsePriorityCharging action."""

    status: PriorityChargingStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
