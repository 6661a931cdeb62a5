"""Asks the isolation monitor while its answer counts; for a test of the cable it tests itself first."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from agent.system.clock import StationClock
from agent.vehicle.sequence import Insulation
from drivers.ports import DeviceError, IsolationMonitor

log = logging.getLogger(__name__)

_EVERY_S: Final = 0.5
_SILENT_S: Final = 3.0
_SILENT: Final = "the isolation monitor does not answer"


class InsulationWatch:
    """What is known of the insulation; nothing while nobody wants to know."""

    def __init__(self, name: str, monitor: IsolationMonitor, clock: StationClock) -> None:
        self._name = name
        self._monitor = monitor
        self._clock = clock
        self._is_watched = False
        self._test_is_due = self._is_tested = False
        self._insulation = Insulation()
        self._heard_s = 0.0
        self._news = asyncio.Event()

    @property
    def insulation(self) -> Insulation:
        """What the monitor said last."""
        return self._insulation

    def want(self, *, is_watched: bool, begins_test: bool) -> None:
        """Say whether the insulation counts from now on, and whether the monitor is to test itself first."""
        if begins_test or not is_watched:
            self._insulation = Insulation()
        self._is_watched, self._test_is_due = is_watched, begins_test
        self._heard_s = self._now_s()
        self._news.set()

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._news.clear()
            if not self._is_watched:
                await self._news.wait()
                continue
            await self._ask()
            try:
                async with asyncio.timeout(_EVERY_S):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _ask(self) -> None:
        try:
            if self._test_is_due:
                self._test_is_due = False
                await self._test()
            reading = await self._monitor.read_isolation()
        except DeviceError as error:
            if self._now_s() - self._heard_s > _SILENT_S:
                self._insulation = Insulation(problem=_SILENT)
            log.debug("%s: %s", self._name, error)
            return
        self._heard_s = self._now_s()
        if self._insulation.problem is None:
            self._insulation = Insulation(
                resistance_ohm=reading.resistance_ohm, alarm=reading.alarm, is_tested=self._is_tested
            )

    async def _test(self) -> None:
        self._is_tested = False
        try:
            await self._monitor.self_test()
        except DeviceError as error:
            log.error("%s: %s", self._name, error)
            self._insulation = Insulation(problem=f"the isolation monitor fails its own test: {error}")
            return
        self._is_tested = True

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
