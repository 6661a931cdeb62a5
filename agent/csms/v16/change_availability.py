"""ChangeAvailability: the operator takes the charge point or a connector out of service (OCPP 1.6, 5.2)."""

from __future__ import annotations

import logging

from agent.availability.service import UnknownPlace
from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from agent.variables.model import STATION, Place
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.ChangeAvailabilityRequest, context: Context) -> Reply:
    """Store it, answer, then let the connectors follow; connector 0 is the charge point."""
    station = context.station
    place = STATION if request.connector_id == 0 else Place(request.connector_id)
    try:
        status = await station.availability.change(
            station.evses, place, is_operative=request.type == "Operative"
        )
    except UnknownPlace:
        return Reply(v16.ChangeAvailabilityResponse(status="Rejected"))
    except StoreError as error:
        log.error("availability cannot be changed: %s", error)
        return Reply(v16.ChangeAvailabilityResponse(status="Rejected"))

    async def follow() -> None:
        await station.availability.follow(station.evses)

    return Reply(v16.ChangeAvailabilityResponse(status=status), follow)
