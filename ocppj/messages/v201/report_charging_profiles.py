"""ReportChargingProfiles of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1


class ReportChargingProfilesRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReportChargingProfiles action."""

    custom_data: Maybe[CustomDataType] = None
    request_id: Integer
    charging_limit_source: v201.ChargingLimitSourceEnumType
    charging_profile: Annotated[tuple[v201.ChargingProfileType, ...], ItemsFrom1]
    tbc: Maybe[bool] = None
    evse_id: Integer


class ReportChargingProfilesResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReportChargingProfiles action."""

    custom_data: Maybe[CustomDataType] = None
