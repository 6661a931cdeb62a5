"""Polls one meter and keeps its latest readings, with their true age and judged for plausibility."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from agent.metering.episodes import Episodes
from agent.metering.limits import Limits
from agent.metering.plausibility import State, judge, resumed
from agent.metering.problems import Break, MeterCounters, Problem
from drivers.ports import DeviceError, EnergyMeter
from drivers.readings import Instant, MeterReading

log = logging.getLogger(__name__)


class MeterPoller:
    """Reads a meter every `period_s`, or sooner when somebody waits for a fresh reading."""

    def __init__(
        self,
        name: str,
        meter: EnergyMeter,
        limits: Limits,
        clock: Callable[[], Instant],
        alive: Callable[[], None],
        period_s: float = 1.0,
    ) -> None:
        self._name = name
        self._meter = meter
        self._limits = limits
        self._clock = clock
        self._alive = alive
        self._period_s = period_s
        self._hurry = asyncio.Event()
        self._updated = asyncio.Condition()
        self._is_silent = False
        self._counted_began_s = float("-inf")
        self._state = State()
        self._episodes = Episodes(name)
        self.counters = MeterCounters()
        self.last: MeterReading | None = None
        """The latest complete poll, suspect values marked; look at its age: a dead meter's gets old here."""
        self.counted: MeterReading | None = None
        """The latest poll whose energy import register can be believed; its age is `count_age_s`."""
        self.broken: Break | None = None
        """Why the register no longer continues `counted`; held until `begin_anew`."""

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
        """Return the first believable count whose poll began after `since_s` (monotonic).

        None after `timeout_s`, and at once when the register is known to be another one now.
        """
        try:
            async with asyncio.timeout(timeout_s), self._updated:
                while self._counted_began_s < since_s:
                    if self.broken is not None:
                        return None
                    self._hurry.set()
                    await self._updated.wait()
        except TimeoutError:
            return None
        return self.counted

    def continue_from(self, energy_mwh: int, serial_number: str | None, away_s: float) -> None:
        """Expect the register to go on from a count of a running transaction, `away_s` ago by the clock."""
        self._state = resumed(energy_mwh, serial_number, self._clock().monotonic_s, away_s)

    def begin_anew(self) -> None:
        """Take the register as it is now: nothing that goes on depends on what it showed before."""
        self._state = State()
        self.broken = None
        self.counted = None
        self._counted_began_s = float("-inf")

    def age_s(self) -> float:
        """Return how old the latest reading is in s; infinite if there is none."""
        return self._age_s(self.last)

    def count_age_s(self) -> float:
        """Return how old the latest believable count is in s; infinite if there is none."""
        return self._age_s(self.counted)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the meter's values, or was until a moment ago."""
        return self._episodes.going_on

    def _age_s(self, reading: MeterReading | None) -> float:
        if reading is None:
            return float("inf")
        return self._clock().monotonic_s - reading.taken_at.monotonic_s

    async def _poll(self, began_s: float) -> None:
        self.counters.polls += 1
        try:
            reading = await self._meter.read()
        except DeviceError as error:
            self.counters.failed += 1
            if not self._is_silent:
                log.warning("%s: no reading: %s", self._name, error)
            self._is_silent = True
            return
        if self._is_silent:
            log.info("%s: answers again", self._name)
        self._is_silent = False
        self._take(reading, began_s)
        async with self._updated:
            self._updated.notify_all()

    def _take(self, reading: MeterReading, began_s: float) -> None:
        verdict = judge(self._state, reading, self._limits)
        self._state = verdict.state
        self._note(set(verdict.problems.values()), verdict.broken, reading)
        self.last = verdict.reading
        if verdict.reading.energy_import_mwh is not None and self.broken is None:
            self.counted = verdict.reading
            self._counted_began_s = began_s

    def _note(self, problems: set[Problem], broken: Break | None, reading: MeterReading) -> None:
        self.counters.suspect.update(problems)
        self._episodes.note(problems, reading.taken_at.monotonic_s)
        if broken is None or self.broken is not None:
            return
        self.broken = broken
        self.counters.breaks[broken] += 1
        before = None if self.counted is None else self.counted.energy_import_mwh
        log.error(
            "%s: %s: %s Wh, last believed %s Wh, serial number %s; a transaction that runs ends with the "
            "last count before",
            self._name,
            broken.value,
            _wh(reading.energy_import_mwh),
            _wh(before),
            reading.register.serial_number or "unknown",
        )

    async def _wait(self, rest_s: float) -> None:
        try:
            async with asyncio.timeout(rest_s):
                await self._hurry.wait()
        except TimeoutError:
            return


def _wh(energy_mwh: int | None) -> str:
    return "unknown" if energy_mwh is None else str(energy_mwh // 1000)
