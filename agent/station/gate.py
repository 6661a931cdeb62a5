"""What stands between the wish for power and the charge controller: bolt, pilot and phases."""

from __future__ import annotations

from collections.abc import Iterator

from agent.station.bolt import PlugLock
from agent.station.evse import EvseState
from agent.station.phases import PhaseChanger
from agent.station.power import PowerSwitch
from agent.station.signal import DigitalSignal


class Gate:
    """Lets power through once everything is as the state wants it, and tells everything what that is."""

    def __init__(self, power: PowerSwitch) -> None:
        self._power = power
        self.lock: PlugLock | None = None
        """What holds the plug."""
        self.phases: PhaseChanger | None = None
        """What switches between three phases and one."""
        self.signal: DigitalSignal | None = None
        """What has the pilot demand that vehicles speak."""

    def parts(self) -> Iterator[tuple[str, PlugLock | PhaseChanger | DigitalSignal]]:
        """Yield what has to run, and its name."""
        named = (("lock", self.lock), ("phases", self.phases), ("pilot", self.signal))
        yield from ((name, part) for name, part in named if part is not None)

    def want(self, state: EvseState, limit_a: int, *, is_ready: bool) -> None:
        """Have done what the state wants; energy flows only if `is_ready`, and while nothing is moving."""
        lets_through = self.phases is None or self.phases.lets_through
        if self.signal is not None:
            self.signal.want(is_digital=state.speech != "silent")
            lets_through = lets_through and self.signal.lets_through
        self._power.want(limit_a if state.wants_power and is_ready and lets_through else 0)
        self.hold(state)

    def hold(self, state: EvseState) -> None:
        """Have the plug held as long as the state wants it, and never let go while power may be on."""
        if self.lock is not None:
            has_power = self.lock.bolt == "held" and self._power.is_on is not False
            self.lock.want(is_held=state.wants_bolt or has_power)

    def woken(self, before: EvseState, after: EvseState) -> None:
        """Wake a vehicle by the pilot if it is to speak anew after a pause."""
        if self.signal is not None and before.speech == "paused" and after.speech == "awaited":
            self.signal.nudge()

    def doubt(self) -> None:
        """Tell the charge controller everything again: it may have forgotten it."""
        self._power.doubt()
        if self.signal is not None:
            self.signal.doubt()
