"""SetChargingProfile of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Payload

ChargingProfileStatus = Literal["Accepted", "Rejected", "NotSupported"]


class SetChargingProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetChargingProfile action."""

    connector_id: Integer
    cs_charging_profiles: v16.ChargingProfile


class SetChargingProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetChargingProfile action."""

    status: ChargingProfileStatus
