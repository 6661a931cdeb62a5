"""EVSEs that nobody may begin at for a while: somebody is paying for them on the web (C25.FR.21)."""

from __future__ import annotations

from agent.system.clock import StationClock


class WebHold:
    """Which EVSEs wait, and until when. In memory: who pays in the middle of a power cut pays again."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self._until_s: dict[int, float] = {}

    def begin(self, evse_id: int, timeout_s: int) -> None:
        """Keep an EVSE for who pays, for so long."""
        self._until_s[evse_id] = self._clock.instant().monotonic_s + timeout_s

    def end(self, evse_id: int) -> None:
        """Keep it no longer: the driver has come."""
        self._until_s.pop(evse_id, None)

    def holds(self, evse_id: int) -> bool:
        """Return whether an EVSE is kept now."""
        return self._until_s.get(evse_id, 0.0) > self._clock.instant().monotonic_s
