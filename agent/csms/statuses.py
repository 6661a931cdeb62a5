"""Tells the backend each connector's status: on change, after a boot and after a long loss (G01, B04)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from agent.csms.connection import CallFailed, Connection
from agent.csms.dialect import Dialect
from agent.station.connector import ConnectorView
from agent.station.service import EvseService
from agent.station.station import Station
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"
_RETRY_S = 5.0
_LOOK_S = 0.02


class Statuses:
    """Remembers what the backend was last told, so that nothing is told twice and nothing is missed."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self._told: dict[int, ConnectorView] = {}
        self._told_open: bool | None = None
        """What was told of the station as a whole."""
        self._changed = asyncio.Event()

    def evse_changed(self, evse_id: int) -> None:
        """Look again at what is to be told."""
        self._changed.set()

    def connected(self, tell_all: bool) -> None:
        """Begin on a new connection, from scratch if the backend was away for long."""
        if tell_all:
            self._told.clear()
            self._told_open = None
        self._changed.set()

    async def run(self, connection: Connection, station: Station) -> None:
        """Tell changes until the connection is lost."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._try(self._tell_station(connection, station))
            for service in station.evses.values():
                if self._knows(connection.dialect, service):
                    continue
                if not await self._try(self._tell(connection, service)):
                    return

    async def wait_until_told(self, dialect: Dialect, station: Station, timeout_s: float) -> bool:
        """Return whether the backend knew every status as it is, within `timeout_s`."""

        def knows_all() -> bool:
            return all(self._knows(dialect, service) for service in station.evses.values())

        try:
            async with asyncio.timeout(timeout_s):
                while not knows_all():  # noqa: ASYNC110 - told is what was answered, for each
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            return False
        return True

    async def _try(self, telling: Awaitable[None]) -> bool:
        """Tell something, and try again later what failed; return False when the connection is gone."""
        try:
            await telling
        except CallFailed as failure:
            if failure.is_disconnected:
                return False
            log.warning("status not delivered: %s", failure)
            asyncio.get_running_loop().call_later(_RETRY_S, self._changed.set)
        return True

    async def _tell_station(self, connection: Connection, station: Station) -> None:
        is_open = station.availability.is_station_open
        request = connection.dialect.station_status(self._clock.now(), is_open=is_open)
        if request is not None and is_open != self._told_open:
            await connection.call(request, station.settings.integer(_TIMEOUT))
            self._told_open = is_open

    def _knows(self, dialect: Dialect, service: EvseService) -> bool:
        """Whether what is to be told now would say nothing new in this version."""
        told = self._told.get(service.identity.evse_id)
        return told is not None and dialect.status(told) == dialect.status(service.view)

    async def send_now(self, connection: Connection, station: Station, evse_id: int | None) -> None:
        """Tell the status of one EVSE, or of all, whether it changed or not (F06)."""
        for service in station.evses.values():
            if evse_id is None or service.identity.evse_id == evse_id:
                await self._tell(connection, service)

    async def _tell(self, connection: Connection, service: EvseService) -> None:
        view = service.view
        request = connection.dialect.status_notification(view, self._clock.now())
        await connection.call(request, service.settings.integer(_TIMEOUT))
        self._told[view.evse_id] = view
