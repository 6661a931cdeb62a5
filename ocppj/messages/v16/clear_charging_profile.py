"""ClearChargingProfile of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload

ClearChargingProfileStatus = Literal["Accepted", "Unknown"]


class ClearChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearChargingProfile action."""

    id: Maybe[Integer] = None
    connector_id: Maybe[Integer] = None
    charging_profile_purpose: Maybe[v16.ChargingProfilePurposeType] = None
    stack_level: Maybe[Integer] = None


class ClearChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearChargingProfile action."""

    status: ClearChargingProfileStatus
