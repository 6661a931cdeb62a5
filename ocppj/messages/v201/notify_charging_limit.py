"""NotifyChargingLimit of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1


class ChargingLimitType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest."""

    custom_data: Maybe[CustomDataType] = None
    charging_limit_source: v201.ChargingLimitSourceEnumType
    is_grid_critical: Maybe[bool] = None


class NotifyChargingLimitRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
    charging_schedule: Maybe[Annotated[tuple[v201.ChargingScheduleType, ...], ItemsFrom1]] = None
    evse_id: Maybe[Integer] = None
    charging_limit: ChargingLimitType


class NotifyChargingLimitResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyChargingLimit action."""

    custom_data: Maybe[CustomDataType] = None
