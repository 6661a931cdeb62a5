"""Whether the agent really works: each part reports that it got round its loop, in time."""

from __future__ import annotations

import time
from collections.abc import Callable


class Health:
    """Collects signs of life. A part that hangs stops reporting, whatever timers still tick elsewhere."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._limits_s: dict[str, float] = {}
        self._seen_s: dict[str, float] = {}

    def watch(self, part: str, limit_s: float) -> Callable[[], None]:
        """Return what `part` is to call at least every `limit_s`; the first interval begins now."""
        self._limits_s[part] = limit_s

        def alive() -> None:
            self._seen_s[part] = self._monotonic()

        alive()
        return alive

    def late(self) -> dict[str, float]:
        """Return the parts that are late, with the s since their last sign of life."""
        now_s = self._monotonic()
        ages_s = {part: now_s - seen_s for part, seen_s in self._seen_s.items()}
        return {part: age_s for part, age_s in ages_s.items() if age_s > self._limits_s[part]}
