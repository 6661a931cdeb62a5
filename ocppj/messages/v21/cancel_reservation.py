"""CancelReservation of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

CancelReservationStatusEnumType = Literal["Accepted", "Rejected"]


class CancelReservationRequest(Payload, frozen=True, kw_only=True):
    """Request of the CancelReservation action."""

    reservation_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class CancelReservationResponse(Payload, frozen=True, kw_only=True):
    """Response of the CancelReservation action."""

    status: CancelReservationStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
