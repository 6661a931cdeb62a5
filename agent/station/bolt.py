"""Makes the bolt of a socket outlet hold the plug or let it go, and believes only what is read back."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from agent.station.events import Bolt
from agent.system.clock import StationClock
from drivers.ports import ConnectorLock, DeviceError

log = logging.getLogger(__name__)

_RETRY_S: Final = 0.5
_REST_S: Final = 5.0
"""Between two attempts of a bolt that has failed: its motor is not to burn."""
_CONFIRM_EVERY_S: Final = 10.0
_MOST_TRIES: Final = 3
_OPEN_WITHIN_S: Final = 8.0


class PlugLock:
    """One connector's bolt. After three vain attempts it counts as failed, and is tried on, more slowly."""

    def __init__(self, name: str, lock: ConnectorLock, clock: StationClock) -> None:
        self._name = name
        self._lock = lock
        self._clock = clock
        self._is_wanted = False
        self._is_held: bool | None = None
        """What was last read; None if that is in doubt."""
        self._tries = 0
        self._read_s = float("-inf")
        self._changed = asyncio.Event()
        self._settled = asyncio.Condition()

    @property
    def bolt(self) -> Bolt:
        """What is known of the bolt."""
        if self._is_wanted and self.has_failed:
            return "failed"
        return "held" if self._is_held else "open"

    @property
    def has_failed(self) -> bool:
        """Whether it does not do what it is told (G05)."""
        return self._tries >= _MOST_TRIES

    @property
    def is_wanted(self) -> bool:
        """Whether it is to hold the plug."""
        return self._is_wanted

    def want(self, *, is_held: bool) -> None:
        """Say whether the plug is to be held from now on."""
        if is_held != self._is_wanted:
            self._is_wanted = is_held
            self._tries = 0
            self._changed.set()

    async def open_now(self) -> bool:
        """Try to let the plug go, even if it seems to be loose, and return whether it is (F05)."""
        self._is_wanted, self._is_held, self._tries = False, None, 0
        self._changed.set()
        try:
            async with asyncio.timeout(_OPEN_WITHIN_S), self._settled:
                await self._settled.wait_for(lambda: self._is_held is False or self.has_failed)
        except TimeoutError:
            return False
        return self._is_held is False

    async def run(self) -> None:
        """Do what is wanted, and look now and then whether it still holds, until cancelled."""
        while True:
            self._changed.clear()
            if self._is_held is not self._is_wanted:
                await self._attempt()
            elif self._now_s() - self._read_s >= _CONFIRM_EVERY_S:
                await self._look()
            await self._pause()

    async def _pause(self) -> None:
        is_done = self._is_held is self._is_wanted
        pause_s = _CONFIRM_EVERY_S / 4 if is_done else _REST_S if self.has_failed else _RETRY_S
        try:
            async with asyncio.timeout(pause_s):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _attempt(self) -> None:
        """Move the bolt, then read where it is; a bolt that was told to open may hold again by now."""
        wanted = self._is_wanted
        try:
            await (self._lock.lock() if wanted else self._lock.unlock())
        except DeviceError as error:
            self._note_failure(str(error))
        else:
            await self._look()
            if self._is_held is not wanted:
                self._note_failure("it does not move")
            elif self._is_wanted is wanted:
                self._tries = 0
        async with self._settled:
            self._settled.notify_all()

    async def _look(self) -> None:
        before = self._is_held
        try:
            self._is_held = (await self._lock.read_lock()).is_locked
        except DeviceError as error:
            self._is_held = None
            log.warning("%s: the bolt cannot be read: %s", self._name, error)
        self._read_s = self._now_s()
        if self._is_held is not None and self._is_held is not before:
            log.info("%s: the plug is %s", self._name, "held" if self._is_held else "let go")

    def _note_failure(self, why: str) -> None:
        self._tries += 1
        if self._tries == _MOST_TRIES:
            do = "hold the plug" if self._is_wanted else "let the plug go"
            log.error("%s: the bolt does not %s: %s", self._name, do, why)

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
