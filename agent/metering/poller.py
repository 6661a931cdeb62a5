"""Polls one meter and keeps its latest reading, with its true age."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from drivers.ports import DeviceError, EnergyMeter
from drivers.readings import Instant, MeterReading

log = logging.getLogger(__name__)


class MeterPoller:
    """Reads a meter every `period_s`, or sooner when somebody waits for a fresh reading."""

    def __init__(
        self,
        name: str,
        meter: EnergyMeter,
        clock: Callable[[], Instant],
        alive: Callable[[], None],
        period_s: float = 1.0,
    ) -> None:
        self._name = name
        self._meter = meter
        self._clock = clock
        self._alive = alive
        self._period_s = period_s
        self._hurry = asyncio.Event()
        self._updated = asyncio.Condition()
        self._is_silent = False
        self._last_began_s = float("-inf")
        self.last: MeterReading | None = None
        """The latest complete reading. Look at its `taken_at`: a dead meter's last reading gets old here."""

    async def run(self) -> None:
        """Poll until cancelled; a failing meter is reported once and tried on."""
        while True:
            self._hurry.clear()
            started_s = self._clock().monotonic_s
            await self._poll(started_s)
            self._alive()
            rest_s = self._period_s - (self._clock().monotonic_s - started_s)
            if rest_s > 0 and not self._hurry.is_set():
                await self._wait(rest_s)

    async def fresh(self, since_s: float, timeout_s: float) -> MeterReading | None:
        """Return the first reading whose poll began after `since_s` (monotonic); None after `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s), self._updated:
                while (reading := self._newer_than(since_s)) is None:
                    self._hurry.set()
                    await self._updated.wait()
        except TimeoutError:
            return None
        return reading

    def age_s(self) -> float:
        """Return how old the latest reading is in s; infinite if there is none."""
        return (
            float("inf") if self.last is None else self._clock().monotonic_s - self.last.taken_at.monotonic_s
        )

    def _newer_than(self, since_s: float) -> MeterReading | None:
        return self.last if self._last_began_s >= since_s else None

    async def _poll(self, began_s: float) -> None:
        try:
            self.last = await self._meter.read()
            self._last_began_s = began_s
        except DeviceError as error:
            if not self._is_silent:
                log.warning("%s: no reading: %s", self._name, error)
            self._is_silent = True
            return
        if self._is_silent:
            log.info("%s: answers again", self._name)
        self._is_silent = False
        async with self._updated:
            self._updated.notify_all()

    async def _wait(self, rest_s: float) -> None:
        try:
            async with asyncio.timeout(rest_s):
                await self._hurry.wait()
        except TimeoutError:
            return
