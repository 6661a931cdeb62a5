"""GetCompositeSchedule of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1


class CompositeScheduleType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse."""

    custom_data: Maybe[CustomDataType] = None
    charging_schedule_period: Annotated[tuple[v201.ChargingSchedulePeriodType, ...], ItemsFrom1]
    evse_id: Integer
    duration: Integer
    schedule_start: Timestamp
    charging_rate_unit: v201.ChargingRateUnitEnumType


class GetCompositeScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCompositeSchedule action."""

    custom_data: Maybe[CustomDataType] = None
    duration: Integer
    charging_rate_unit: Maybe[v201.ChargingRateUnitEnumType] = None
    evse_id: Integer


class GetCompositeScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCompositeSchedule action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    schedule: Maybe[CompositeScheduleType] = None
