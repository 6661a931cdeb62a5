"""Makes the charge controller do what the EVSE's state wants, and keeps trying until it does."""

from __future__ import annotations

import asyncio
import logging
from math import inf
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

    def __init__(self, name: str, controller: ChargeController, clock: StationClock) -> None:
        self._name = name
        self._controller = controller
        self._clock = clock
        self._wanted_a = 0
        self._is_retired = False
        self._applied_a: int | None = None
        self._most_a: float = inf
        """What the controller may be offering at the most, as far as it has confirmed."""
        self._logged_a: int | None = None
        self._is_failing = False
        self._watched_s = self._confirmed_s = self._now_s()
        self._stays_since_s: float | None = self._now_s()
        self._off_since_s: float | None = None
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()

    @property
    def is_on(self) -> bool | None:
        """What the controller last confirmed; None while that is in doubt."""
        return None if self._applied_a is None else self._applied_a > 0

    @property
    def stays_s(self) -> float:
        """For how long the controller may have been offering more than is wanted, in s; 0 if it is not."""
        return 0.0 if self._stays_since_s is None else self._now_s() - self._stays_since_s

    @property
    def off_s(self) -> float:
        """For how long power has been off for sure, in s; 0 if it is not, or in doubt."""
        return 0.0 if self._off_since_s is None else self._now_s() - self._off_since_s

    def want(self, limit_a: int) -> None:
        """Say what is to be offered from now on (A per phase); 0 is nothing."""
        self._wanted_a = 0 if self._is_retired else limit_a
        self._note_doubt()
        self._changed.set()

    def watched(self) -> None:
        """Say that somebody looks after the EVSE; now and then, let the controller confirm what it does."""
        self._watched_s = self._now_s()
        if self._applied_a is not None and self._watched_s - self._confirmed_s >= CONFIRM_EVERY_S:
            self._applied_a = None
            self._changed.set()

    async def retire(self, timeout_s: float) -> None:
        """Withdraw power for good: nobody meters or limits it once the agent has gone."""
        self._is_retired = True
        await self.off(timeout_s)

    def doubt(self) -> None:
        """Apply what is wanted again: the controller was away and may have forgotten."""
        self._applied_a = self._logged_a = None
        self._most_a = inf
        self._note_doubt()
        self._changed.set()

    async def off(self, timeout_s: float) -> bool:
        """Withdraw power and return whether the controller confirmed it within `timeout_s`."""
        self.want(0)
        try:
            async with asyncio.timeout(timeout_s), self._settled:
                await self._settled.wait_for(lambda: self._applied_a == 0)
        except TimeoutError:
            log.error("%s: the charge controller did not confirm that power is off", self._name)
            return False
        return True

    async def run(self) -> None:
        """Apply what is wanted whenever it changes, until cancelled."""
        while True:
            self._changed.clear()
            if self._wanted_a == self._applied_a:
                await self._changed.wait()
            elif not self._may_act() or not await self._apply(self._wanted_a):
                await asyncio.sleep(_RETRY_S)

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s

    def _may_act(self) -> bool:
        """Whether somebody looks after the EVSE; a first attempt to withdraw power needs nobody."""
        is_first_withdrawal = self._wanted_a == 0 and not self._is_failing
        return is_first_withdrawal or self._now_s() - self._watched_s <= WATCHED_S

    def _note_doubt(self) -> None:
        """Note since when more may be offered than is wanted, and that power is no longer off for sure."""
        if self._wanted_a > 0 or self._most_a > 0:
            self._off_since_s = None
        if self._most_a <= self._wanted_a:
            self._stays_since_s = None
        elif self._stays_since_s is None:
            self._stays_since_s = self._now_s()

    async def _apply(self, limit_a: int) -> bool:
        self._applied_a = None
        self._most_a = max(self._most_a, limit_a)
        try:
            if limit_a > 0:
                await self._controller.offer(limit_a)
            else:
                await self._controller.withdraw()
        except DeviceError as error:
            if not self._is_failing:
                log.warning("%s: power %s not confirmed: %s", self._name, "on" if limit_a else "off", error)
            self._is_failing = True
            self._note_doubt()
            return False
        self._is_failing = False
        self._confirmed_s = self._now_s()
        self._most_a = limit_a
        self._note_doubt()
        async with self._settled:
            self._applied_a = limit_a
            self._settled.notify_all()
        if limit_a == 0 and self._wanted_a == 0:
            self._off_since_s = self._confirmed_s if self._off_since_s is None else self._off_since_s
        if limit_a != self._logged_a:
            log.info("%s: power %s", self._name, f"offered, {limit_a} A" if limit_a > 0 else "withdrawn")
        self._logged_a = limit_a
        return True
