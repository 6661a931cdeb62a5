"""ReserveNow: an EVSE, or any that fits, is kept for a driver (H01)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v201.authorize import token
from agent.reservations.book import Reservation
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.ReserveNowRequest, context: Context) -> Reply:
    """Store it, answer, then let the EVSEs follow."""
    station = context.station
    if request.evse_id is not None and request.evse_id not in station.evses:
        return _reply("Rejected", "UnknownEvse", f"there is no EVSE {request.evse_id}")
    reservation = Reservation(
        id=request.id,
        token=token(request.id_token),
        expires_at=request.expiry_date_time,
        group_id=None if request.group_id_token is None else request.group_id_token.id_token,
        evse_id=request.evse_id,
        connector_type=request.connector_type,
    )
    try:
        status = await station.reservations.reserve(station.evses, reservation)
    except StoreError as error:
        log.error("reservation %d cannot be made: %s", request.id, error)
        return _reply("Rejected", "InternalError", "it could not be stored")

    async def follow() -> None:
        await station.reservations.follow(station.evses)

    return Reply(v201.ReserveNowResponse(status=status), follow if status == "Accepted" else None)


def _reply(status: v201.ReserveNowStatusEnumType, code: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=code, additional_info=why)
    return Reply(v201.ReserveNowResponse(status=status, status_info=info))
