"""ClearedChargingLimit of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class ClearedChargingLimitRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearedChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
    charging_limit_source: v201.ChargingLimitSourceEnumType
    evse_id: Maybe[Integer] = None


class ClearedChargingLimitResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearedChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
