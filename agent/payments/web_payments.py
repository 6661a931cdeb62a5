"""Payments on the web: the code on the display, and EVSEs that wait for somebody who is paying (C25)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Final

from agent.display.notes import Note, Notes
from agent.payments.web import address, one_time_password
from agent.station.station import Station
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

ENABLED: Final = "WebPaymentsCtrlr.Enabled"
TEMPLATE: Final = "WebPaymentsCtrlr.URLTemplate"
PARAMETERS: Final = "WebPaymentsCtrlr.URLParameters"
STATION: Final = "WebPaymentsCtrlr.ChargingStationId"
VALIDITY: Final = "WebPaymentsCtrlr.ValidityTime"
SECRET: Final = "WebPaymentsCtrlr.SharedSecret"  # noqa: S105 - the name of it
LENGTH: Final = "WebPaymentsCtrlr.Length"
_EVERY_S: Final = 0.5


class UnknownLimit(Exception):
    """The address has no such parameter here."""


class WebPayments:
    """The codes at every EVSE."""

    def __init__(self, station: Station, station_id: str, clock: StationClock) -> None:
        self._station = station
        self._settings = station.settings
        self._id = station_id
        self._clock = clock
        self._notes = Notes()
        self._limits: dict[int, Mapping[str, str]] = {}

    async def restore(self, notes: Notes) -> None:
        """Show codes on these notes; a station that has no secret yet makes one.

        Raises:
            StoreError: If it could not be made durable.
        """
        self._notes = notes
        if not self._settings.text(SECRET):
            await self._settings.write(self._settings.entry(SECRET), secrets.token_urlsafe(24))

    async def run(self) -> None:
        """Keep the codes up to date until cancelled."""
        while True:
            self.follow()
            await asyncio.sleep(_EVERY_S)

    def follow(self) -> None:
        """Show the code of now at every EVSE where somebody could begin (C25.FR.01)."""
        for evse_id, service in self._station.evses.items():
            is_free = not service.state.is_in_use and service.status in ("Available", "Occupied")
            url = self.code(evse_id) if is_free else None
            if url is None:
                self._notes.withdraw(evse_id, "payment")
                self._limits.pop(evse_id, None)
            else:
                self._notes.tell(evse_id, Note(topic="payment", text=url, format="URI"))

    def code(self, evse_id: int) -> str | None:
        """Return the address to be shown as a code at an EVSE, None if there is none to be shown."""
        template = self._settings.text(TEMPLATE)
        if not self._settings.flag(ENABLED) or not template:
            return None
        password = one_time_password(
            self._settings.text(SECRET),
            self._settings.integer(VALIDITY),
            self._settings.integer(LENGTH),
            self._clock.now(),
        )
        station_id = self._settings.text(STATION) or self._id
        return address(template, station_id, evse_id, password, self._limits.get(evse_id))

    def want(self, evse_id: int, limits: Mapping[str, str]) -> None:
        """Put what a driver wants to be the most into the address (C25.FR.04 to C25.FR.06).

        Raises:
            UnknownLimit: If the address takes no such limit (C25.FR.03).
        """
        unknown = sorted(set(limits) - set(self._settings.members(PARAMETERS)))
        if unknown:
            raise UnknownLimit(f"{', '.join(unknown)} cannot be chosen here")
        self._limits[evse_id] = dict(limits)
