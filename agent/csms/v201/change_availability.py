"""ChangeAvailability: the operator takes the station, an EVSE or a connector out of service (G03, G04)."""

from __future__ import annotations

import logging

from agent.availability.service import UnknownPlace
from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from agent.variables.model import STATION, Place
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.ChangeAvailabilityRequest, context: Context) -> Reply:
    """Store it, answer, then let the EVSEs follow; Scheduled while somebody charges there."""
    station = context.station
    place = _place(request.evse)
    try:
        status = await station.availability.change(
            station.evses, place, is_operative=request.operational_status == "Operative"
        )
    except UnknownPlace:
        known = place.evse_id in station.evses
        return _rejected("UnknownConnectorId" if known else "UnknownEvse", "no such place on this station")
    except StoreError as error:
        log.error("availability cannot be changed: %s", error)
        return _rejected("InternalError", "it could not be stored")

    async def follow() -> None:
        await station.availability.follow(station.evses)

    return Reply(v201.ChangeAvailabilityResponse(status=status), follow)


def _place(evse: v201.EVSEType | None) -> Place:
    return STATION if evse is None else Place(evse.id, evse.connector_id)


def _rejected(code: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=code, additional_info=why)
    return Reply(v201.ChangeAvailabilityResponse(status="Rejected", status_info=info))
