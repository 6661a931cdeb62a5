"""Makes the charge controller do what the EVSE's state wants, and keeps trying until it does."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from agent.system.clock import StationClock
from drivers.ports import ChargeController, DeviceError

log = logging.getLogger(__name__)

_RETRY_S: Final = 0.5
CONFIRM_EVERY_S: Final = 10.0
"""A controller may forget without falling silent: by a short brownout, another master, a button."""
WATCHED_S: Final = 15.0
"""Nothing is offered on an EVSE that nobody has looked after for so long; no step of that takes longer."""


class PowerSwitch:
    """The one place that offers and withdraws power. Starts by making sure that it is off or as wanted.

    It acts for whoever calls `watched`: without these calls it offers nothing and repeats nothing, so that a
    controller with a watchdog of its own notices when the agent's EVSE hangs.
    """

    def __init__(self, name: str, controller: ChargeController, limit_a: int, clock: StationClock) -> None:
        self._name = name
        self._controller = controller
        self._limit_a = limit_a
        self._clock = clock
        self._wanted = False
        self._is_retired = False
        self._applied: bool | None = None
        self._logged: bool | None = None
        self._is_failing = False
        self._watched_s = self._confirmed_s = self._now_s()
        self._stays_since_s: float | None = self._now_s()
        self._off_since_s: float | None = None
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()

    @property
    def is_on(self) -> bool | None:
        """What the controller last confirmed; None while that is in doubt."""
        return self._applied

    @property
    def stays_s(self) -> float:
        """For how long a withdrawal has not been confirmed, in s; 0 if it was, or if power is wanted."""
        return 0.0 if self._stays_since_s is None else self._now_s() - self._stays_since_s

    @property
    def off_s(self) -> float:
        """For how long power has been off for sure, in s; 0 if it is not, or in doubt."""
        return 0.0 if self._off_since_s is None else self._now_s() - self._off_since_s

    def want(self, power: bool) -> None:
        """Say what is wanted from now on."""
        self._wanted = power and not self._is_retired
        self._note_doubt()
        self._changed.set()

    def watched(self) -> None:
        """Say that somebody looks after the EVSE; now and then, let the controller confirm what it does."""
        self._watched_s = self._now_s()
        if self._applied is not None and self._watched_s - self._confirmed_s >= CONFIRM_EVERY_S:
            self._applied = None
            self._changed.set()

    async def retire(self, timeout_s: float) -> None:
        """Withdraw power for good: nobody meters or limits it once the agent has gone."""
        self._is_retired = True
        await self.off(timeout_s)

    def doubt(self) -> None:
        """Apply what is wanted again: the controller was away and may have forgotten."""
        self._applied = self._logged = None
        self._note_doubt()
        self._changed.set()

    async def off(self, timeout_s: float) -> bool:
        """Withdraw power and return whether the controller confirmed it within `timeout_s`."""
        self.want(False)
        try:
            async with asyncio.timeout(timeout_s), self._settled:
                await self._settled.wait_for(lambda: self._applied is False)
        except TimeoutError:
            log.error("%s: the charge controller did not confirm that power is off", self._name)
            return False
        return True

    async def run(self) -> None:
        """Apply what is wanted whenever it changes, until cancelled."""
        while True:
            self._changed.clear()
            if self._wanted == self._applied:
                await self._changed.wait()
            elif not self._may_act() or not await self._apply(self._wanted):
                await asyncio.sleep(_RETRY_S)

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s

    def _may_act(self) -> bool:
        """Whether somebody looks after the EVSE; a first attempt to withdraw power needs nobody."""
        is_first_withdrawal = not self._wanted and not self._is_failing
        return is_first_withdrawal or self._now_s() - self._watched_s <= WATCHED_S

    def _note_doubt(self) -> None:
        if self._wanted:
            self._stays_since_s = self._off_since_s = None
        elif self._applied is not False:
            self._off_since_s = None
            self._stays_since_s = self._now_s() if self._stays_since_s is None else self._stays_since_s

    async def _apply(self, power: bool) -> bool:
        self._applied = None
        try:
            if power:
                await self._controller.offer(self._limit_a)
            else:
                await self._controller.withdraw()
        except DeviceError as error:
            if not self._is_failing:
                log.warning("%s: power %s not confirmed: %s", self._name, "on" if power else "off", error)
            self._is_failing = True
            self._note_doubt()
            return False
        self._is_failing = False
        self._confirmed_s = self._now_s()
        async with self._settled:
            self._applied = power
            self._settled.notify_all()
        if not power:
            self._stays_since_s = None
            self._off_since_s = self._confirmed_s if self._off_since_s is None else self._off_since_s
        if power is not self._logged:
            log.info("%s: power %s", self._name, f"offered, {self._limit_a} A" if power else "withdrawn")
        self._logged = power
        return True
