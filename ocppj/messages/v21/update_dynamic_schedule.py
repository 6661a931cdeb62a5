"""UpdateDynamicSchedule of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class UpdateDynamicScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the UpdateDynamicSchedule action."""

    charging_profile_id: Integer
    schedule_update: v21.ChargingScheduleUpdateType
    custom_data: Maybe[CustomDataType] = None


class UpdateDynamicScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the UpdateDynamicSchedule action."""

    status: v21.ChargingProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
