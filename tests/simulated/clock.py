"""Time that passes when nobody has anything to do: an event loop waits by setting its clock forward."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")
BEGAN: datetime = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""What the wall clock shows when the simulated machine's own has counted nothing."""


class Clock:
    """The one clock of a simulated machine; its wall clock is always right."""

    def __init__(self, now_s: float = 0.0) -> None:
        self._now_s = now_s

    def monotonic_s(self) -> float:
        """Return the seconds since `BEGAN`."""
        return self._now_s

    def wall(self) -> datetime:
        """Return the wall time."""
        return BEGAN + timedelta(seconds=self._now_s)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now_s += seconds


Stride = Callable[[float], float]
"""From the present time to how far the clock is set forward at least, if nothing is ready (s)."""


class Waiting(selectors.DefaultSelector):
    """Waits for files in real time, for timers by setting the clock forward by a stride or more.

    All timers that a stride passes fire together, as on a machine too busy to be on time.
    """

    def __init__(self, clock: Clock, is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._clock = clock
        self._is_busy = is_busy
        self.stride: Stride = lambda _: 0.0
        self.patience_s = 0.0
        """In real time: for how long something may still be on its way from one socket to another."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; none if it is time for a timer."""
        if timeout is not None and timeout <= 0:
            return super().select(0)
        ready = super().select(self.patience_s)
        if ready:
            return ready
        if timeout is None or self._is_busy():
            return super().select(None)
        self._clock.advance(max(timeout, self.stride(self._clock.monotonic_s())))
        return []


class Loop(asyncio.SelectorEventLoop):
    """An event loop on a simulated clock. What threads do for it takes no time: the store is a fast one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs = 0
        self.waiting = Waiting(clock, lambda: self._jobs > 0)
        super().__init__(self.waiting)

    def time(self) -> float:
        """Return the simulated time."""
        return self._clock.monotonic_s()

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run in a thread; the clock stands until that is done."""
        self._jobs += 1
        job = super().run_in_executor(executor, func, *args)
        job.add_done_callback(self._job_done)
        return job

    def _job_done(self, _: asyncio.Future[Any]) -> None:
        self._jobs -= 1
