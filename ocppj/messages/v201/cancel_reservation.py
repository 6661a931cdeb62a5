"""CancelReservation of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

CancelReservationStatusEnumType = Literal["Accepted", "Rejected"]


class CancelReservationRequest(Payload, frozen=True, kw_only=True):
    """Request of the CancelReservation action."""

    custom_data: Maybe[CustomDataType] = None
    reservation_id: Integer


class CancelReservationResponse(Payload, frozen=True, kw_only=True):
    """Response of the CancelReservation action."""

    custom_data: Maybe[CustomDataType] = None
    status: CancelReservationStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
