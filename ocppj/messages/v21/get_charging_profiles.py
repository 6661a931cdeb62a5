"""GetChargingProfiles of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, ItemsFrom1To4, Str20

GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]


class ChargingProfileCriterionType(Payload, frozen=True, kw_only=True):
    """Part of GetChargingProfilesRequest."""

    charging_profile_purpose: Maybe[v21.ChargingProfilePurposeEnumType] = None
    stack_level: Maybe[IntFrom0] = None
    charging_profile_id: Maybe[Annotated[tuple[Integer, ...], ItemsFrom1]] = None
    charging_limit_source: Maybe[Annotated[tuple[Str20, ...], ItemsFrom1To4]] = None
    custom_data: Maybe[CustomDataType] = None


class GetChargingProfilesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetChargingProfiles action."""

    request_id: Integer
    evse_id: Maybe[IntFrom0] = None
    charging_profile: ChargingProfileCriterionType
    custom_data: Maybe[CustomDataType] = None


class GetChargingProfilesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetChargingProfiles action."""

    status: GetChargingProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
