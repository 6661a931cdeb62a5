"""How long a unit's reply is worth waiting for, learnt from how it answered. No IO."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TIMES_USUAL: Final = 4
SHORTEST_S: Final = 0.1
"""Below this the host's scheduler is waited for: with 50 ms a busy machine gave quick units up."""
MEMORY: Final = 8
"""How many answers it takes to forget a slow one, about."""


@dataclass(slots=True)
class Patience:
    """What one unit usually takes to answer (s), beyond the time of the characters on the line."""

    usual_s: float | None = None
    misses: int = 0
    """Requests in a row that were not answered: each doubles the patience, for the unit may have slowed."""

    def wait_s(self, most_s: float) -> float:
        """Return how long to wait, `most_s` at the utmost and until the unit has answered once."""
        if self.usual_s is None:
            return most_s
        return min(most_s, max(TIMES_USUAL * self.usual_s, SHORTEST_S) * 2.0**self.misses)

    def answered(self, latency_s: float) -> None:
        """Learn from an answer: at once if it was slow, by and by if it was quick."""
        self.misses = 0
        usual_s = self.usual_s
        if usual_s is None or latency_s > usual_s:
            self.usual_s = latency_s
        else:
            self.usual_s = usual_s + (latency_s - usual_s) / MEMORY

    def missed(self) -> None:
        """Note that no answer came."""
        self.misses = min(self.misses + 1, 16)
