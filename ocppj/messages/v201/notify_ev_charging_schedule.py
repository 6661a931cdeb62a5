"""NotifyEVChargingSchedule of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp


class NotifyEVChargingScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEVChargingSchedule action."""

    custom_data: Maybe[CustomDataType] = None
    time_base: Timestamp
    charging_schedule: v201.ChargingScheduleType
    evse_id: Integer


class NotifyEVChargingScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEVChargingSchedule action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
