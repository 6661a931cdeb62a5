"""GetChargingProfiles of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, ItemsFrom1To4

GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]


class ChargingProfileCriterionType(Payload, frozen=True, kw_only=True):
    """Part of GetChargingProfilesRequest."""

    custom_data: Maybe[CustomDataType] = None
    charging_profile_purpose: Maybe[v201.ChargingProfilePurposeEnumType] = None
    stack_level: Maybe[Integer] = None
    charging_profile_id: Maybe[Annotated[tuple[Integer, ...], ItemsFrom1]] = None
    charging_limit_source: Maybe[Annotated[tuple[v201.ChargingLimitSourceEnumType, ...], ItemsFrom1To4]] = (
        None
    )


class GetChargingProfilesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetChargingProfiles action."""

    custom_data: Maybe[CustomDataType] = None
    request_id: Integer
    evse_id: Maybe[Integer] = None
    charging_profile: ChargingProfileCriterionType


class GetChargingProfilesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetChargingProfiles action."""

    custom_data: Maybe[CustomDataType] = None
    status: GetChargingProfileStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
