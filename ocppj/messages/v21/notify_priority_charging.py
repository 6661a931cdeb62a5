"""NotifyPriorityCharging of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class NotifyPriorityChargingRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyPriorityCharging action."""

    transaction_id: Str36
    activated: bool
    custom_data: Maybe[CustomDataType] = None


class NotifyPriorityChargingResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyPriorityCharging action."""

    custom_data: Maybe[CustomDataType] = None
