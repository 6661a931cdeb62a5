"""CancelReservation of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Payload

CancelReservationStatus = Literal["Accepted", "Rejected"]


class CancelReservationRequest(Payload, frozen=True, kw_only=True):
    """Request of the CancelReservation action."""

    reservation_id: Integer


class CancelReservationResponse(Payload, frozen=True, kw_only=True):
    """Response of the CancelReservation action."""

    status: CancelReservationStatus
