"""GetCompositeSchedule of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1


class CompositeScheduleType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse."""

    evse_id: IntFrom0
    duration: Integer
    schedule_start: Timestamp
    charging_rate_unit: v21.ChargingRateUnitEnumType
    charging_schedule_period: Annotated[tuple[v21.ChargingSchedulePeriodType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class GetCompositeScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCompositeSchedule action."""

    duration: Integer
    charging_rate_unit: Maybe[v21.ChargingRateUnitEnumType] = None
    evse_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class GetCompositeScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCompositeSchedule action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    schedule: Maybe[CompositeScheduleType] = None
    custom_data: Maybe[CustomDataType] = None
