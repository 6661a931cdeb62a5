"""Makes the charge controller do what the EVSE's state wants, and keeps trying until it does."""

from __future__ import annotations

import asyncio
import logging

from drivers.ports import ChargeController, DeviceError

log = logging.getLogger(__name__)

_RETRY_S = 0.5


class PowerSwitch:
    """The one place that offers and withdraws power. Starts by making sure that it is off or as wanted."""

    def __init__(self, name: str, controller: ChargeController, limit_a: int) -> None:
        self._name = name
        self._controller = controller
        self._limit_a = limit_a
        self._wanted = False
        self._is_retired = False
        self._applied: bool | None = None
        self._is_failing = False
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()

    @property
    def is_on(self) -> bool | None:
        """What the controller last confirmed; None while that is in doubt."""
        return self._applied

    def want(self, power: bool) -> None:
        """Say what is wanted from now on."""
        self._wanted = power and not self._is_retired
        self._changed.set()

    async def retire(self, timeout_s: float) -> None:
        """Withdraw power for good: nobody meters or limits it once the agent has gone."""
        self._is_retired = True
        await self.off(timeout_s)

    def doubt(self) -> None:
        """Apply what is wanted again: the controller was away and may have forgotten."""
        self._applied = None
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
            if self._wanted != self._applied and not await self._apply(self._wanted):
                await asyncio.sleep(_RETRY_S)
                continue
            if self._wanted == self._applied:
                await self._changed.wait()

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
            return False
        self._is_failing = False
        async with self._settled:
            self._applied = power
            self._settled.notify_all()
        log.info("%s: power %s", self._name, f"offered, {self._limit_a} A" if power else "withdrawn")
        return True
