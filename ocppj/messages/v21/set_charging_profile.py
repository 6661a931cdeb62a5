"""SetChargingProfile of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class SetChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetChargingProfile action."""

    evse_id: IntFrom0
    charging_profile: v21.ChargingProfileType
    custom_data: Maybe[CustomDataType] = None


class SetChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetChargingProfile action."""

    status: v21.ChargingProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
