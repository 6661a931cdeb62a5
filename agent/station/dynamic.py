"""Asks the backend for the limits of Dynamic profiles in time (K28: PullDynamicScheduleUpdate)."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Any, Final, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.smartcharging.dynamic import UpdateWanted, due
from agent.station.limits import Limits
from agent.store.database import StoreError
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0


class Backend(Protocol):
    """Answers questions."""

    async def ask(self, question: object) -> Any:
        """Return the answer.

        Raises:
            BackendUnreachable: If it cannot be asked.
        """


class DynamicProfiles:
    """Keeps the profiles up to date whose limits the backend wants to be asked for."""

    def __init__(self, limits: Limits, clock: StationClock) -> None:
        self._limits = limits
        self._clock = clock
        self._asked_at: dict[int, datetime] = {}
        self._backend: Backend | None = None

    def ask(self, backend: Backend) -> None:
        """Say who knows the limits."""
        self._backend = backend

    async def run(self) -> None:
        """Ask whenever it is time, until cancelled; an answer that takes long holds up no other profile."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._begin(tasks)
                await asyncio.sleep(LOOK_EVERY_S)

    def _begin(self, tasks: asyncio.TaskGroup) -> None:
        if self._backend is None:
            return
        now, profiles = self._clock.now(), self._limits.profiles
        for profile in due(profiles, self._asked_at, now):
            self._asked_at[profile.id] = now
            tasks.create_task(self._pull(self._backend, profile.id), name=f"limit of profile {profile.id}")
        self._asked_at = {one.id: self._asked_at[one.id] for one in profiles if one.id in self._asked_at}

    async def _pull(self, backend: Backend, profile_id: int) -> None:
        try:
            update = await backend.ask(UpdateWanted(profile_id=profile_id))
            if update is None:
                log.warning("charging profile %d: the backend gives no limit", profile_id)
                return
            problem = await self._limits.update(profile_id, update)
        except (BackendUnreachable, StoreError) as error:
            log.warning("charging profile %d: its limit is not renewed: %s", profile_id, error)
            return
        if problem is not None:
            log.warning("charging profile %d: not to be given this: %s", profile_id, problem.why)
