"""NotifyEVChargingSchedule of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, IntFrom1


class NotifyEVChargingScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEVChargingSchedule action."""

    time_base: Timestamp
    charging_schedule: v21.ChargingScheduleType
    evse_id: IntFrom1
    selected_charging_schedule_id: Maybe[IntFrom0] = None
    power_tolerance_acceptance: Maybe[bool] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyEVChargingScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEVChargingSchedule action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
