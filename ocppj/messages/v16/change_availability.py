"""ChangeAvailability of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Payload

AvailabilityStatus = Literal["Accepted", "Rejected", "Scheduled"]
AvailabilityType = Literal["Inoperative", "Operative"]


class ChangeAvailabilityRequest(Payload, frozen=True, kw_only=True):
    """Request of the ChangeAvailability action."""

    connector_id: Integer
    type: AvailabilityType


class ChangeAvailabilityResponse(Payload, frozen=True, kw_only=True):
    """Response of the ChangeAvailability action."""

    status: AvailabilityStatus
