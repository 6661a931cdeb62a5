"""Makes the charge controller demand digital communication of the vehicle, and tries until it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from agent.system.clock import StationClock
from drivers.ports import DeviceError, DigitalPilot

log = logging.getLogger(__name__)

_RETRY_S: Final = 0.5
_NUDGE_S: Final = 2.0
_CONFIRM_EVERY_S: Final = 10.0
"""As with power: a controller may forget without falling silent."""


class DigitalSignal:
    """What the pilot of one EVSE says: speak, or a current. Until it does, nothing is offered."""

    def __init__(
        self, name: str, pilot: DigitalPilot, clock: StationClock, changed: Callable[[], None]
    ) -> None:
        """`changed` is called when power may be offered that could not be before."""
        self._name = name
        self._pilot = pilot
        self._clock = clock
        self._tell = changed
        self._is_wanted = True
        self._is_applied: bool | None = None
        self._is_failing = self._is_nudged = False
        self._news = asyncio.Event()

    @property
    def lets_through(self) -> bool:
        """Whether the pilot says what it is to say."""
        return self._is_applied is self._is_wanted

    def want(self, *, is_digital: bool) -> None:
        """Say what the pilot is to say from now on."""
        if is_digital is not self._is_wanted:
            self._is_wanted = is_digital
            self._news.set()

    def doubt(self) -> None:
        """Tell the controller again: it was away and may have forgotten."""
        self._is_applied = None
        self._news.set()

    def nudge(self) -> None:
        """Have the pilot say no current for a moment, and then demand speech again: it wakes the vehicle."""
        self._is_nudged = True
        self._news.set()

    async def run(self) -> None:
        """Do what is wanted, until cancelled."""
        while True:
            self._news.clear()
            if self._is_nudged and self._is_wanted:
                await self._say(False)
                await asyncio.sleep(_NUDGE_S)
            self._is_nudged = False
            pause_s = _CONFIRM_EVERY_S if await self._apply() else _RETRY_S
            try:
                async with asyncio.timeout(pause_s):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _apply(self) -> bool:
        """Have the pilot say what is wanted, and return whether it does."""
        wanted, had = self._is_wanted, self.lets_through
        if not await self._say(wanted):
            return False
        if not had:
            log.info("%s: the pilot %s", self._name, "demands ISO 15118" if wanted else "says the current")
            self._tell()
        return True

    async def _say(self, wanted: bool) -> bool:
        try:
            await self._pilot.demand(digital=wanted)
        except DeviceError as error:
            if not self._is_failing:
                log.warning("%s: the pilot does not say what it is to say: %s", self._name, error)
            self._is_failing, self._is_applied = True, None
            return False
        self._is_failing, self._is_applied = False, wanted
        return True
