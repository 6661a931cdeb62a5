"""SetChargingProfile of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ChargingProfileStatusEnumType = Literal["Accepted", "Rejected"]


class SetChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetChargingProfile action."""

    custom_data: Maybe[CustomDataType] = None
    evse_id: Integer
    charging_profile: v201.ChargingProfileType


class SetChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetChargingProfile action."""

    custom_data: Maybe[CustomDataType] = None
    status: ChargingProfileStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
