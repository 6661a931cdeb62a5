"""ChangeAvailability of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]


class ChangeAvailabilityRequest(Payload, frozen=True, kw_only=True):
    """Request of the ChangeAvailability action."""

    custom_data: Maybe[CustomDataType] = None
    evse: Maybe[v201.EVSEType] = None
    operational_status: OperationalStatusEnumType


class ChangeAvailabilityResponse(Payload, frozen=True, kw_only=True):
    """Response of the ChangeAvailability action."""

    custom_data: Maybe[CustomDataType] = None
    status: ChangeAvailabilityStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
