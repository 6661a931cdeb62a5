"""The station's clock: the system's, corrected by the backend's time where the station is set up so."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from drivers.readings import Instant

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class ImplausibleTime(ValueError):
    """A reference that can only be wrong: before this software, or after anything it will see."""


class StationClock:
    """Wall time for records (UTC, whole ms as OCPP sends it) and monotonic time for ages and waits."""

    def __init__(self) -> None:
        self._correction = timedelta()
        self.stepped = asyncio.Event()
        """Set when our time was corrected; `last_step` says by how much."""
        self.last_step = timedelta()

    def now(self) -> datetime:
        """Return the wall time."""
        exact = datetime.now(UTC) + self._correction
        return exact.replace(microsecond=exact.microsecond // 1000 * 1000)

    def instant(self) -> Instant:
        """Return this moment on both clocks."""
        return Instant(time.monotonic(), self.now())

    def follow(self, reference: datetime, tolerance: timedelta = timedelta(seconds=2)) -> timedelta | None:
        """Correct our time to the reference if they are further apart than `tolerance`.

        Returns the step made, or None. Small differences are the message's own travel time.

        Raises:
            ImplausibleTime: If the reference is not between `EARLIEST` and `LATEST`; our time stays.
        """
        if not EARLIEST <= reference < LATEST:
            raise ImplausibleTime(f"{reference} is not between {EARLIEST.year} and {LATEST.year}")
        step = reference - self.now()
        if abs(step) <= tolerance:
            return None
        self._correction += step
        self.last_step = step
        self.stepped.set()
        return step
