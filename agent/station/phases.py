"""Switches a vehicle between three phases and one, as the limits say, while nothing is offered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Literal

from agent.station.power import PowerSwitch
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel
from drivers.ports import DeviceError, PhaseSwitch

log = logging.getLogger(__name__)

OPENS_S: Final = 2.0
"""How long power must have been off before contactors are moved: the vehicle's current is gone then."""
PAUSE_S: Final = 5.0
"""How long nothing is offered afterwards: a vehicle looks anew at what it is connected to."""
_FORGETS_AFTER_S: Final = 2.0
"""A controller that was silent for so long may have been switched off, and has forgotten its phases."""
_EVERY_S: Final = 0.25
_RETRY_S: Final = 2.0
_ALL: Final = 3


class PhaseChanger:
    """Fewer phases are used at once, more of them PhaseSwitchInterval after the last time.

    A limit is good for as many phases as it was reckoned for: until the hardware has no more than these,
    nothing is offered. Where the switch stands is not known before it was told.
    """

    def __init__(
        self,
        name: str,
        switch: PhaseSwitch,
        power: PowerSwitch,
        silent_s: Callable[[], float],
        clock: StationClock,
        settings: DeviceModel,
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called when power may be offered that could not be before, or no longer."""
        self._name = name
        self._switch = switch
        self._power = power
        self._silent_s = silent_s
        self._clock = clock
        self._settings = settings
        self._changed = changed
        self._goal: Literal[1, 3] = 3
        self._position: Literal[1, 3] | None = None
        self._switched_s = 0.0
        self._reckoned = self._limit_is_for = _ALL
        self._let_through = False
        self._is_failing = False

    @property
    def position(self) -> int:
        """How many phases the vehicle may be connected to."""
        return _ALL if self._position is None else self._position

    @property
    def lets_through(self) -> bool:
        """Whether power may be offered now."""
        is_paused = self._now_s() - self._switched_s < PAUSE_S
        return not self._is_due and not is_paused and self.position <= self._limit_is_for

    def reckon(self, allowed: int) -> int:
        """Take note that so many phases may be used, and return for how many a limit is to be reckoned."""
        self._goal = 3 if allowed >= _ALL else 1
        self._reckoned = 1 if self._goal == 1 else self.position
        return self._reckoned

    def limited(self) -> None:
        """Take note that the limit that was reckoned counts now."""
        self._limit_is_for = self._reckoned

    async def run(self) -> None:
        """Switch when it is due, until cancelled."""
        while True:
            if self._silent_s() > _FORGETS_AFTER_S:
                self._position = None
            if self._is_due and self._power.off_s >= OPENS_S:
                await self._move()
            if self.lets_through is not self._let_through:
                self._let_through = self.lets_through
                self._changed()
            await asyncio.sleep(_EVERY_S)

    @property
    def _is_due(self) -> bool:
        if self._position is None or self._goal < self._position:
            return True
        interval_s = self._settings.integer("SmartChargingCtrlr.PhaseSwitchInterval")
        return self._goal > self._position and self._now_s() - self._switched_s >= interval_s

    async def _move(self) -> None:
        goal = self._goal
        try:
            await self._switch.use_phases(goal)
        except DeviceError as error:
            if not self._is_failing:
                log.warning("%s: %d phases not confirmed: %s", self._name, goal, error)
            self._is_failing = True
            await asyncio.sleep(_RETRY_S)
            return
        self._is_failing = False
        log.info("%s: uses %d of its phases", self._name, goal)
        self._position, self._switched_s = goal, self._now_s()

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
