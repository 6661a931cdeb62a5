"""ChangeAvailability of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload

ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]


class ChangeAvailabilityRequest(Payload, frozen=True, kw_only=True):
    """Request of the ChangeAvailability action."""

    evse: Maybe[v21.EVSEType] = None
    operational_status: OperationalStatusEnumType
    custom_data: Maybe[CustomDataType] = None


class ChangeAvailabilityResponse(Payload, frozen=True, kw_only=True):
    """Response of the ChangeAvailability action."""

    status: ChangeAvailabilityStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
