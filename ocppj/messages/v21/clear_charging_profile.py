"""ClearChargingProfile of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]


class ClearChargingProfileType(Payload, frozen=True, kw_only=True):
    """Part of ClearChargingProfileRequest."""

    evse_id: Maybe[IntFrom0] = None
    charging_profile_purpose: Maybe[v21.ChargingProfilePurposeEnumType] = None
    stack_level: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class ClearChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearChargingProfile action."""

    charging_profile_id: Maybe[Integer] = None
    charging_profile_criteria: Maybe[ClearChargingProfileType] = None
    custom_data: Maybe[CustomDataType] = None


class ClearChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearChargingProfile action."""

    status: ClearChargingProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
