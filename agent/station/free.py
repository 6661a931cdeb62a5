"""A station that authorizes nobody: whatever is plugged in charges (C02, AuthCtrlr.Enabled is false)."""

from __future__ import annotations

import asyncio
import logging

from agent.station.evse import Phase
from agent.station.service import EvseService
from agent.station.station import Station
from agent.store.database import StoreError
from agent.system.concerning import concerning

log = logging.getLogger(__name__)

_CHECK_EVERY_S = 0.5


async def charge_freely(station: Station) -> None:
    """Let every vehicle charge that is plugged in while nobody is authorized, until cancelled.

    Once for each time it is plugged in: what was stopped stays stopped until the vehicle comes again.
    """
    served: dict[int, int] = {}
    while True:
        for number, service in station.evses.items():
            with concerning(evse=number):
                if service.has_driver or await _is_started(station, service, served.get(number)):
                    served[number] = service.arrivals
        await asyncio.sleep(_CHECK_EVERY_S)


async def _is_started(station: Station, service: EvseService, served: int | None) -> bool:
    """Start at an EVSE with a vehicle that is not the one served last; return whether that was possible."""
    is_waiting = service.state.phase is Phase.CABLE_ONLY and service.arrivals != served
    if station.authorizer.is_required or not is_waiting:
        return False
    try:
        return (await station.start_for_nobody(service)).is_accepted
    except StoreError as error:
        log.error("EVSE %d: nobody can charge: %s", service.identity.evse_id, error)
        return False
