"""ReserveNow of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str20

ReservationStatus = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]


class ReserveNowRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReserveNow action."""

    connector_id: Integer
    expiry_date: Timestamp
    id_tag: Str20
    parent_id_tag: Maybe[Str20] = None
    reservation_id: Integer


class ReserveNowResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReserveNow action."""

    status: ReservationStatus
