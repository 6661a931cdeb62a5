"""Has the backend told what monitors found: numbers events, links causes, and knows who may speak offline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from agent.monitoring.records import MonitorEvent, MonitorEvents
from agent.store import monitors
from agent.store.database import Database
from agent.variables.model import STATION, DeviceModel

MOST_TOGETHER: Final = 20
"""Events in one message."""
_OFFLINE: Final = "MonitoringCtrlr.OfflineQueuingSeverity"


class Queue(Protocol):
    """Keeps what the backend must be told, over power cuts and offline times."""

    async def add(self, record: object) -> None:
        """Keep a record until it is told.

        Raises:
            StoreError: If it could not be made durable.
        """


class Telling:
    """The way from a monitor to the backend."""

    def __init__(
        self, database: Database, settings: DeviceModel, queue: Queue, is_online: Callable[[], bool]
    ) -> None:
        self._database = database
        self._settings = settings
        self._queue = queue
        self._is_online = is_online
        self._next_id = self._ids_end = 0

    def is_open_for(self, severity: int) -> bool:
        """Return whether events of this severity are told now, or queued (N07.FR.04, N08.FR.03)."""
        return self._is_online() or severity <= self._settings.integer(_OFFLINE)

    async def tell(self, events: Sequence[MonitorEvent], at: datetime) -> None:
        """Have these events told, in order.

        Raises:
            StoreError: If they could not all be stored; then some may be told again.
        """
        numbered = _with_causes([replace(event, id=await self._new_id()) for event in events])
        for first in range(0, len(numbered), MOST_TOGETHER):
            part = tuple(numbered[first : first + MOST_TOGETHER])
            await self._queue.add(MonitorEvents(at=at, events=part))

    async def _new_id(self) -> int:
        """Return an id that no event had, nor will have after a restart."""
        if self._next_id == self._ids_end:
            self._next_id = await self._database.write(monitors.take_event_ids)
            self._ids_end = self._next_id + monitors.EVENT_IDS
        self._next_id += 1
        return self._next_id - 1


def _with_causes(events: Sequence[MonitorEvent]) -> list[MonitorEvent]:
    """Link the station's problem to that of the EVSE it comes from, told at the same time (N07.FR.05)."""
    causes = [event.id for event in events if event.name == "EVSE.Problem" and event.value == "true"]
    return [
        replace(event, cause=causes[0])
        if causes and (event.name, event.place, event.value) == ("ChargingStation.Problem", STATION, "true")
        else event
        for event in events
    ]
