"""On how many phases a vehicle charges: what the meter sees, once it is steady (E02.FR.18, E02.FR.19)."""

from __future__ import annotations

from typing import Final

from drivers.readings import MeterReading, Phase

STEADY_S: Final = 10.0
"""How long the same phases must carry current: vehicles begin with one and add the others."""
_CARRIES_A: Final = 2
"""More than what meters show on a phase that is not used."""
_PHASES: Final[tuple[Phase, ...]] = ("L1", "L2", "L3")


def phases_drawn(reading: MeterReading) -> int | None:
    """Return on how many phases current flows; None if on none, or if the meter does not tell them apart."""
    found = [reading.find("Current.Import", phase) for phase in _PHASES]
    count = sum(1 for one in found if one is not None and one.value is not None and one.value > _CARRIES_A)
    return count or None


class PhaseCount:
    """Lets a count through that has not changed for `STEADY_S`."""

    def __init__(self) -> None:
        self._count: int | None = None
        self._since_s = 0.0

    def note(self, count: int | None, now_s: float) -> int | None:
        """Return the count (now, at `now_s`) if it is steady, else None."""
        if count != self._count:
            self._count, self._since_s = count, now_s
        return self._count if now_s - self._since_s >= STEADY_S else None
