"""ClearChargingProfile of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]


class ClearChargingProfileType(Payload, frozen=True, kw_only=True):
    """Part of ClearChargingProfileRequest."""

    custom_data: Maybe[CustomDataType] = None
    evse_id: Maybe[Integer] = None
    charging_profile_purpose: Maybe[v201.ChargingProfilePurposeEnumType] = None
    stack_level: Maybe[Integer] = None


class ClearChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearChargingProfile action."""

    custom_data: Maybe[CustomDataType] = None
    charging_profile_id: Maybe[Integer] = None
    charging_profile_criteria: Maybe[ClearChargingProfileType] = None


class ClearChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearChargingProfile action."""

    custom_data: Maybe[CustomDataType] = None
    status: ClearChargingProfileStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
