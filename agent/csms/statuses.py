"""Tells the backend each connector's status: on change, after a boot and after a long loss (G01, B04)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace

from agent.csms.connection import CallFailed, Connection
from agent.csms.dialect import Dialect
from agent.station.connector import ConnectorView
from agent.station.service import EvseService
from agent.station.station import Station
from agent.station.warnings import STATION
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
        self._told_of_station: tuple[bool, str | None] | None = None
        """Whether it was said to be open, and with which warning."""
        self._changed = asyncio.Event()

    def evse_changed(self, evse_id: int) -> None:
        """Look again at what is to be told."""
        self._changed.set()

    def connected(self, tell_all: bool) -> None:
        """Begin on a new connection, from scratch if the backend was away for long."""
        if tell_all:
            self._told.clear()
            self._told_of_station = None
        self._changed.set()

    async def run(self, connection: Connection, station: Station) -> None:
        """Tell changes until the connection is lost."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._try(self._tell_station(connection, station))
            for service in station.evses.values():
                if self._knows(connection.dialect, _view(station, service)):
                    continue
                if not await self._try(self._tell(connection, station, service)):
                    return

    async def wait_until_told(self, dialect: Dialect, station: Station, timeout_s: float) -> bool:
        """Return whether the backend knew every status as it is, within `timeout_s`."""

        def knows_all() -> bool:
            return all(self._knows(dialect, _view(station, service)) for service in station.evses.values())

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
        is_open, warning = station.availability.is_station_open, station.warnings.of(STATION)
        request = connection.dialect.station_status(self._clock.now(), is_open=is_open, warning=warning)
        if request is not None and self._told_of_station != (is_open, warning):
            await connection.call(request, station.settings.integer(_TIMEOUT))
            self._told_of_station = is_open, warning

    def _knows(self, dialect: Dialect, view: ConnectorView) -> bool:
        """Whether what is to be told now would say nothing new in this version."""
        told = self._told.get(view.evse_id)
        return told is not None and dialect.status(told) == dialect.status(view)

    async def send_now(self, connection: Connection, station: Station, evse_id: int | None) -> None:
        """Tell the status of one EVSE, of the station (`STATION`) or of all, changed or not (F06)."""
        if evse_id in (None, STATION):
            self._told_of_station = None
            await self._tell_station(connection, station)
        for service in station.evses.values():
            if evse_id is None or service.identity.evse_id == evse_id:
                await self._tell(connection, station, service)

    async def _tell(self, connection: Connection, station: Station, service: EvseService) -> None:
        """Tell the status, and before it what this version wants told in between."""
        view = _view(station, service)
        told = self._told.get(view.evse_id)
        between = None if told is None else connection.dialect.status_between(told, view)
        for one in (view,) if between is None else (between, view):
            request = connection.dialect.status_notification(one, self._clock.now())
            await connection.call(request, service.settings.integer(_TIMEOUT))
            self._told[view.evse_id] = one


def _view(station: Station, service: EvseService) -> ConnectorView:
    return replace(service.view, warning=station.warnings.of(service.identity.evse_id))
