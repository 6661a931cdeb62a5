"""CostUpdated of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Amount, CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36


class CostUpdatedRequest(Payload, frozen=True, kw_only=True):
    """Request of the CostUpdated action."""

    total_cost: Amount
    transaction_id: Str36
    custom_data: Maybe[CustomDataType] = None


class CostUpdatedResponse(Payload, frozen=True, kw_only=True):
    """Response of the CostUpdated action."""

    custom_data: Maybe[CustomDataType] = None
