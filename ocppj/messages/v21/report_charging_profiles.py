"""ReportChargingProfiles of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str20


class ReportChargingProfilesRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReportChargingProfiles action."""

    request_id: Integer
    charging_limit_source: Str20
    charging_profile: Annotated[tuple[v21.ChargingProfileType, ...], ItemsFrom1]
    tbc: Maybe[bool] = None
    evse_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class ReportChargingProfilesResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReportChargingProfiles action."""

    custom_data: Maybe[CustomDataType] = None
