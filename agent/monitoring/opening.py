"""Puts the monitoring of a station together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.authorization.readers import ReaderService
from agent.monitoring.hardware import explain_problems
from agent.monitoring.service import Monitoring
from agent.monitoring.telling import Queue, Telling
from agent.station.station import Station
from agent.store.database import Database
from agent.system.clock import StationClock
from agent.variables.model import Place


def monitoring_of(
    station: Station,
    readers: Sequence[ReaderService],
    database: Database,
    clock: StationClock,
    queue: Queue,
    is_online: Callable[[], bool],
) -> Monitoring:
    """Return monitors over the station's variables whose findings go into the queue."""

    def transaction_at(place: Place) -> str | None:
        service = None if place.evse_id is None else station.evses.get(place.evse_id)
        return None if service is None else service.transaction_id

    telling = Telling(database, station.settings, queue, is_online)
    monitoring = Monitoring(station.settings, database, clock, telling, transaction_at)
    explain_problems(monitoring, station.evses, readers)
    return monitoring
