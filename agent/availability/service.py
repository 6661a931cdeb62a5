"""Takes places out of service and puts them back, for good: it survives restarts and power cuts (G03, G04).

A transaction is never cut: whoever charges may finish, and the EVSE is Unavailable after that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from agent.availability.layers import covers, is_closed
from agent.station.events import ServiceChanged
from agent.station.service import EvseService
from agent.store import closed_places
from agent.store.database import Database, StoreError
from agent.system.concerning import concerning
from agent.variables.model import STATION, Place

log = logging.getLogger(__name__)

Answer = Literal["Accepted", "Scheduled"]


class UnknownPlace(KeyError):
    """There is no such EVSE or connector on this station."""


class Availability:
    """What is out of service. What is stored counts; the EVSEs follow it."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._closed: frozenset[Place] = frozenset()

    async def restore(self) -> None:
        """Take over what is stored.

        Raises:
            StoreError: If it cannot be read.
        """
        self._closed = await self._database.read(closed_places.load)

    async def change(self, evses: Mapping[int, EvseService], place: Place, *, is_operative: bool) -> Answer:
        """Store that a place is in service or not; `follow` carries it out.

        Scheduled if somebody charges there, whose charge comes first (G03.FR.05, G04.FR.04).

        Raises:
            UnknownPlace: If this station has no such place; nothing has changed.
            StoreError: If it could not be made durable; nothing has changed.
        """
        meant = [
            service
            for service in evses.values()
            if covers(place, service.identity.evse_id, service.identity.connector_id)
        ]
        if not meant:
            raise UnknownPlace(place)
        await self._database.write(lambda opened: closed_places.set_closed(opened, place, not is_operative))
        self._closed = self._closed - {place} if is_operative else self._closed | {place}
        log.info("%s: %s service", place, "back in" if is_operative else "out of")
        has_to_wait = not is_operative and any(service.state.is_in_use for service in meant)
        return "Scheduled" if has_to_wait else "Accepted"

    @property
    def is_station_open(self) -> bool:
        """Whether the station as a whole is in service."""
        return STATION not in self._closed

    def is_closed(self, service: EvseService) -> bool:
        """Return whether an EVSE is out of service, even if it has not followed yet."""
        place = service.identity
        return is_closed(self._closed, place.evse_id, place.connector_id)

    async def follow(self, evses: Mapping[int, EvseService]) -> None:
        """Let every EVSE be as it is stored; one whose state cannot be written is tried again next time."""
        for service in evses.values():
            wanted = self.is_closed(service)
            if service.state.is_closed == wanted:
                continue
            with concerning(evse=service.identity.evse_id):
                try:
                    await service.apply(ServiceChanged(at=self._now(), is_closed=wanted))
                except StoreError as error:
                    log.error("EVSE %d: %s", service.identity.evse_id, error)
