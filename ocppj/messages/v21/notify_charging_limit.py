"""NotifyChargingLimit of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str20


class ChargingLimitType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest."""

    charging_limit_source: Str20
    is_local_generation: Maybe[bool] = None
    is_grid_critical: Maybe[bool] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyChargingLimitRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyChargingLimit action."""

    charging_schedule: Maybe[Annotated[tuple[v21.ChargingScheduleType, ...], ItemsFrom1]] = None
    evse_id: Maybe[IntFrom0] = None
    charging_limit: ChargingLimitType
    custom_data: Maybe[CustomDataType] = None


class NotifyChargingLimitResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
