"""ClearedChargingLimit of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, Str20


class ClearedChargingLimitRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearedChargingLimit action."""

    charging_limit_source: Str20
    evse_id: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class ClearedChargingLimitResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearedChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
