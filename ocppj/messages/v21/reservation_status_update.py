"""ReservationStatusUpdate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

ReservationUpdateStatusEnumType = Literal["Expired", "Removed", "NoTransaction"]


class ReservationStatusUpdateRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReservationStatusUpdate action."""

    reservation_id: IntFrom0
    reservation_update_status: ReservationUpdateStatusEnumType
    custom_data: Maybe[CustomDataType] = None


class ReservationStatusUpdateResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReservationStatusUpdate action."""

    custom_data: Maybe[CustomDataType] = None
