"""The station's clock: it runs by itself, and is set by the system's clock or the backend's time.

It counts from a monotonic clock, so that a system clock that is set under us moves nothing until
`agent.station.timekeeper` has carried the step out: what was recorded before moves with it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from drivers.readings import Instant

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_TOLERANCE = timedelta(seconds=2)

Wall = Callable[[], datetime]
Stepping = Callable[[timedelta], Awaitable[None]]


class ImplausibleTime(ValueError):
    """A reference that can only be wrong: before this software, or after anything it will see."""


def system_time() -> datetime:
    """Return what the system says."""
    return datetime.now(UTC)


class StationClock:
    """Wall time for records (UTC, whole ms as OCPP sends it) and monotonic time for ages and waits."""

    def __init__(
        self,
        wall: Wall | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
        boot_id: str = "",
    ) -> None:
        """`wall` is the system's clock if it is not given; `boot_id` tells one start of it from another."""
        self._wall = wall = wall or system_time
        self._monotonic_s = monotonic_s
        run = uuid.uuid4().hex[:8]
        self.boot = boot_id[:8] or run
        """A name for this start of the machine."""
        self._run = f"{self.boot}/{run}"
        self._base, self._base_s = wall(), monotonic_s()
        self._system_offset = timedelta()
        self._correction = timedelta()
        self.stepped = asyncio.Event()
        """Set when our time was corrected; `last_step` says by how much."""
        self.last_step = timedelta()
        self._follows_backend = False
        self._stepping: Stepping | None = None

    def now(self) -> datetime:
        """Return the wall time."""
        exact = self._own() + self._correction
        return exact.replace(microsecond=exact.microsecond // 1000 * 1000)

    def instant(self) -> Instant:
        """Return this moment on both clocks."""
        return Instant(self._monotonic_s(), self.now())

    @property
    def is_known(self) -> bool:
        """Whether the time can be right: a board without a battery starts in 1970."""
        return self.now() >= EARLIEST

    @property
    def line(self) -> str:
        """A name for the times of this run of the agent.

        While the time is not known it ends with when, by this clock, the machine started: milliseconds since
        1970 and a question mark.
        """
        if self.is_known:
            return self._run
        return f"{self._run}/{round(self.booted_at.timestamp() * 1000)}?"

    @property
    def booted_at(self) -> datetime:
        """When the machine started: to the microsecond the same between two steps, as it names a line."""
        return self._base + self._correction - timedelta(seconds=self._base_s)

    def carry_out_steps(self, stepping: Stepping) -> None:
        """Have steps of the backend's time carried out by this, which calls `step_by`."""
        self._stepping = stepping

    def step_by(self, step: timedelta) -> None:
        """Set the clock."""
        self._correction += step
        self.last_step = step
        self.stepped.set()

    def follow(self, reference: datetime) -> timedelta | None:
        """Correct our time to the reference at once; see `correct`."""
        step = self._difference(reference)
        if step is not None:
            self.step_by(step)
        return step

    async def correct(self, reference: datetime) -> timedelta | None:
        """Correct our time to the backend's if they are further apart than the message's own travel time.

        Returns the step made, or None.

        Raises:
            ImplausibleTime: If the reference is not between `EARLIEST` and `LATEST`; our time stays.
        """
        step = self._difference(reference)
        self._follows_backend = True
        if step is None or self._stepping is None:
            return self.follow(reference)
        await self._stepping(step)
        return step

    def system_step(self) -> timedelta | None:
        """Return by how much the system's clock was set since this was asked last, if we are to follow it.

        Once the backend's time is followed the system's is not: the two would pull us to and fro.
        """
        offset = self._wall() - self._own()
        step = offset - self._system_offset
        if abs(step) <= _TOLERANCE:
            return None
        self._system_offset = offset
        return None if self._follows_backend else step

    def _own(self) -> datetime:
        return self._base + timedelta(seconds=self._monotonic_s() - self._base_s)

    def _difference(self, reference: datetime) -> timedelta | None:
        if not EARLIEST <= reference < LATEST:
            raise ImplausibleTime(f"{reference} is not between {EARLIEST.year} and {LATEST.year}")
        step = reference - self.now()
        return None if abs(step) <= _TOLERANCE else step
