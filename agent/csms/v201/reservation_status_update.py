"""ReservationStatusUpdate: a reservation ended without being used or cancelled (H01.FR.16, H04)."""

from __future__ import annotations

from agent.reservations.service import ReservationEnded
from ocppj.messages import v201


def message(ended: ReservationEnded) -> v201.ReservationStatusUpdateRequest:
    """Return what tells it."""
    return v201.ReservationStatusUpdateRequest(
        reservation_id=ended.reservation_id, reservation_update_status=ended.why
    )
