"""Sets the station's clock by the backend's time, where ClockCtrlr.TimeSource says so."""

from __future__ import annotations

import logging
from datetime import datetime

from agent.system.clock import ImplausibleTime, StationClock
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)


async def follow(backend_time: datetime, settings: DeviceModel, clock: StationClock) -> None:
    """Correct the clock by what the backend has just said (B01.FR.06, G02.FR.06).

    A clock that knows no time takes the backend's, whatever the settings: nothing could be worse.
    """
    if clock.is_known and "Heartbeat" not in settings.members("ClockCtrlr.TimeSource"):
        return
    try:
        step = await clock.correct(backend_time)
    except ImplausibleTime as error:
        log.error("the backend's time is not used: %s", error)
        return
    if step is not None:
        log.warning("clock corrected by %.1f s to the backend's", step.total_seconds())
