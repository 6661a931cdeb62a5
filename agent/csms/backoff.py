"""How long to wait before the next attempt to connect (OCPP 2.0.1 Part 4, 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """The three settings RetryBackOffWaitMinimum, RandomRange (s) and RepeatTimes."""

    minimum_s: float
    random_range_s: float
    repeat_times: int

    def wait_s(self, attempt: int, random: Callable[[], float]) -> float:
        """Return the wait before `attempt` (1 is the first after a loss): doubling, plus chance.

        `random` returns a number from 0 to 1.
        """
        doublings = min(attempt - 1, self.repeat_times)
        return self.minimum_s * 2.0**doublings + random() * self.random_range_s
