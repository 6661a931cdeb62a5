"""CancelReservation: a connector is no longer kept for a driver (OCPP 1.6, 5.1)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.CancelReservationRequest, context: Context) -> Reply:
    """Drop it, answer, then let the connectors follow; Rejected if there is none of this number."""
    reservations, evses = context.station.reservations, context.station.evses
    try:
        is_found = await reservations.cancel(request.reservation_id)
    except StoreError as error:
        log.error("reservation %d cannot be cancelled: %s", request.reservation_id, error)
        is_found = False

    async def follow() -> None:
        await reservations.follow(evses)

    if not is_found:
        return Reply(v16.CancelReservationResponse(status="Rejected"))
    return Reply(v16.CancelReservationResponse(status="Accepted"), follow)
