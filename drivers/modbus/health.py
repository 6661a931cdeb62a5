"""What the bus remembers of each unit: counters, back-off, and which replies may still be on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from drivers.modbus.errors import ModbusError
from drivers.modbus.metrics import Counters, UnitMetrics
from drivers.modbus.patience import Patience
from drivers.modbus.requests import Mark, Read

TOLERATED_FAILURES: Final = 2
"""Failures in a row before a unit is left alone for a while."""
REST_S: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""How long, at each further failure."""
LONGEST_ALONE_S: Final = 5.0
"""Rest enough for a unit that has its line for itself: asking it costs nobody else."""
LATEST_REPLY_S: Final = 5.0
"""No device is assumed to answer later than this."""


@dataclass(slots=True)
class UnitHealth:
    """One unit on the line. Times are loop times in seconds."""

    counters: Counters = field(default_factory=Counters)
    patience: Patience = field(default_factory=Patience)
    failures: int = 0
    """In a row."""
    rests_until_s: float = 0.0
    drained_at_s: float = 0.0
    """Until then nothing is sent to the unit and what it says is dropped."""
    busy_until_s: float = 0.0
    """Until then it is left in peace after a write."""
    given_up: dict[Mark, float] = field(default_factory=dict)
    """Marks of the replies that never came, and when each could come at the latest."""
    last_read: Read | None = None

    def doubts(self, mark: Mark, now_s: float) -> bool:
        """Tell whether a reply of this mark could be one that was given up earlier."""
        return self.given_up.get(mark, 0.0) > now_s

    @property
    def ready_at_s(self) -> float:
        """When the next request may be sent."""
        return max(self.drained_at_s, self.busy_until_s)

    @property
    def certain_at_s(self) -> float:
        """When nothing that was given up can come any more."""
        return max(self.given_up.values(), default=0.0)

    def answered(self, mark: Mark, now_s: float) -> None:
        """Note a good answer: units answer in order, so unless it may itself be late, nothing older comes."""
        self.failures = 0
        self.rests_until_s = 0.0
        if not self.doubts(mark, now_s):
            self.given_up.clear()

    def failed(self, error: ModbusError, now_s: float, *, is_alone: bool) -> None:
        """Note a failure: from the third in a row on, the unit rests."""
        self.counters.count(error)
        self.patience.missed()
        self.failures += 1
        step = self.failures - TOLERATED_FAILURES - 1
        if step >= 0:
            rest_s = REST_S[min(step, len(REST_S) - 1)]
            self.rests_until_s = now_s + (min(rest_s, LONGEST_ALONE_S) if is_alone else rest_s)

    def give_up(self, mark: Mark, now_s: float, drain_s: float) -> None:
        """Note that a reply of this mark is missing: it may come, so the unit is drained."""
        self.drained_at_s = now_s + drain_s
        self.given_up[mark] = now_s + LATEST_REPLY_S

    def came_late(self, mark: Mark) -> None:
        """Note that a reply that was given up has come: no read is sent twice while its reply is missing."""
        self.given_up.pop(mark, None)

    def metrics(self, unit: int, now_s: float) -> UnitMetrics:
        """Return the numbers as they are now."""
        return self.counters.snapshot(
            unit, failures_in_a_row=self.failures, is_resting=now_s < self.rests_until_s
        )
