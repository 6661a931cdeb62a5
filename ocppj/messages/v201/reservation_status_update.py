"""ReservationStatusUpdate of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ReservationUpdateStatusEnumType = Literal["Expired", "Removed"]


class ReservationStatusUpdateRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReservationStatusUpdate action."""

    custom_data: Maybe[CustomDataType] = None
    reservation_id: Integer
    reservation_update_status: ReservationUpdateStatusEnumType


class ReservationStatusUpdateResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReservationStatusUpdate action."""

    custom_data: Maybe[CustomDataType] = None
