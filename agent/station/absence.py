"""Since when the backend is away, and which charging profiles end for good by that (maxOfflineDuration)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from agent.smartcharging.profiles import Profile
from agent.smartcharging.timeline import outlived_at
from agent.system.clock import StationClock


class Absence:
    """The backend's absence, however short it is."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self._outlived: set[int] = set()
        self.since: datetime | None = None
        """None while the backend is there, or there is none to be had."""

    def begin(self) -> None:
        """Take note that the backend is away; if it was already, nothing changes."""
        if self.since is None:
            self.since = self._clock.now()

    def end(self, profiles: Iterable[Profile]) -> None:
        """Take note that the backend is back, and of which profiles will not return with it."""
        self._outlived |= self._ended(profiles)
        self.since = None

    def take_ended(self, profiles: Iterable[Profile]) -> set[int]:
        """Return the ids of profiles that are to be forgotten (invalidAfterOfflineDuration), once."""
        known = list(profiles)
        ended = self._ended(known) | (self._outlived & {profile.id for profile in known})
        self._outlived.clear()
        return ended

    def _ended(self, profiles: Iterable[Profile]) -> set[int]:
        now = self._clock.now()
        moments = {one.id: outlived_at(one, self.since) for one in profiles if one.ends_offline}
        return {number for number, moment in moments.items() if moment is not None and moment <= now}
