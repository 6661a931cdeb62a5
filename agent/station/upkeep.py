"""What the station looks after all the time: reservations that end, and what the operator set."""

from __future__ import annotations

import asyncio
from datetime import UTC

from agent.station.station import Station
from agent.system.zone import system_zone

_EVERY_S = 0.5


async def take_over(station: Station) -> None:
    """Take over what is stored, before anything else is asked of the station, and price what goes on.

    Raises:
        StoreError: If it cannot be read.
    """
    zone = system_zone() or UTC
    for service in station.evses.values():
        service.pricing.by(station.tariffs, lambda: zone)
    await station.availability.restore()
    await station.reservations.restore(station.evses)
    await look_after(station)


async def keep_up(station: Station) -> None:
    """End reservations that are over and let the EVSEs follow what is stored, until cancelled."""
    while True:
        await look_after(station)
        await asyncio.sleep(_EVERY_S)


async def look_after(station: Station) -> None:
    """Do so once."""
    await station.availability.follow(station.evses)
    await station.reservations.review(station.evses)
