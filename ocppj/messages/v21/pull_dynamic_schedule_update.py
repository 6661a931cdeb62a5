"""PullDynamicScheduleUpdate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class PullDynamicScheduleUpdateRequest(Payload, frozen=True, kw_only=True):
    """Request of the PullDynamicScheduleUpdate action."""

    charging_profile_id: Integer
    custom_data: Maybe[CustomDataType] = None


class PullDynamicScheduleUpdateResponse(Payload, frozen=True, kw_only=True):
    """Response of the PullDynamicScheduleUpdate action."""

    schedule_update: Maybe[v21.ChargingScheduleUpdateType] = None
    status: v21.ChargingProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
