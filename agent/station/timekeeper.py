"""Sets the station's clock so that everything recorded before moves with it: see docs/adr/0016."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

from agent.station.evse import EvseState
from agent.station.service import EvseService
from agent.store import timeline
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0


class Timekeeper:
    """Watches the system's clock, and carries out what the backend's time asks for."""

    def __init__(self, clock: StationClock, database: Database, evses: Mapping[int, EvseService]) -> None:
        self._clock = clock
        self._database = database
        self._evses = evses
        clock.carry_out_steps(self.step)

    async def restore(self) -> None:
        """Date what earlier starts recorded without a clock, if the time is known now; before all else.

        Raises:
            StoreError: If it cannot be read or written.
        """
        if self._clock.is_known:
            await self._retime(self._clock.line, timedelta(), is_new=True)

    async def run(self) -> None:
        """Follow the system's clock until cancelled."""
        while True:
            step = self._clock.system_step()
            if step is not None:
                log.warning("the system's clock was set by %.1f s", step.total_seconds())
                await self.step(step)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def step(self, step: timedelta) -> None:
        """Set the clock, with every EVSE held still, so that nothing is recorded between old and new."""
        async with AsyncExitStack() as held:
            for service in self._evses.values():
                await held.enter_async_context(service.still)
            line, was_known = self._clock.line, self._clock.is_known
            self._clock.step_by(step)
            try:
                states = await self._retime(line, step, is_new=self._clock.is_known and not was_known)
            except StoreError as error:
                log.error("%s; what was recorded before keeps the old time", error)
                return
            for evse_id, service in self._evses.items():
                service.retime(states.get(evse_id), step)

    async def _retime(self, line: str, step: timedelta, *, is_new: bool) -> dict[int, EvseState]:
        """Move what is stored; `is_new` if the time was not known before."""
        boot, booted_at = self._clock.boot, self._clock.booted_at if is_new else None
        return await self._database.write(lambda opened: timeline.retime(opened, line, boot, step, booted_at))
