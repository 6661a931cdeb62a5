"""ReserveNow: a connector, or with 0 any of them, is kept for a driver (OCPP 1.6, 5.13)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16.authorize import token
from agent.reservations.book import Reservation
from agent.store.database import StoreError
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.ReserveNowRequest, context: Context) -> Reply:
    """Store it, answer, then let the connectors follow."""
    station = context.station
    if request.connector_id not in (0, *station.evses):
        return Reply(v16.ReserveNowResponse(status="Rejected"))
    reservation = Reservation(
        id=request.reservation_id,
        token=token(request.id_tag),
        expires_at=request.expiry_date,
        group_id=request.parent_id_tag,
        evse_id=request.connector_id or None,
    )
    try:
        status = await station.reservations.reserve(station.evses, reservation)
    except StoreError as error:
        log.error("reservation %d cannot be made: %s", request.reservation_id, error)
        return Reply(v16.ReserveNowResponse(status="Rejected"))

    async def follow() -> None:
        await station.reservations.follow(station.evses)

    return Reply(v16.ReserveNowResponse(status=status), follow if status == "Accepted" else None)
