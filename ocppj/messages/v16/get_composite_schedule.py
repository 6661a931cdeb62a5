"""GetCompositeSchedule of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp

GetCompositeScheduleStatus = Literal["Accepted", "Rejected"]


class GetCompositeScheduleRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCompositeSchedule action."""

    connector_id: Integer
    duration: Integer
    charging_rate_unit: Maybe[v16.ChargingRateUnitType] = None


class GetCompositeScheduleResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCompositeSchedule action."""

    status: GetCompositeScheduleStatus
    connector_id: Maybe[Integer] = None
    schedule_start: Maybe[Timestamp] = None
    charging_schedule: Maybe[v16.ChargingSchedule] = None
