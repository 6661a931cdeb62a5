"""An OpenEVSE controller on RAPI: control pilot, contactor, connector lock and display.

What it is told is lost when it restarts, and then it offers energy by itself, as much as it has stored. Its
button wakes it too. So every look at the pilot also looks whether what was ordered still holds, and feeds the
controller's own supervision of heartbeats: without them it limits the current.

A missed heartbeat is answered by arming the supervision anew, not by acknowledging it ($SY 165): that would
raise the current to the most the controller allows, until it is told the limit again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from drivers.ports import DeviceError
from drivers.profiles.links import Heartbeat
from drivers.readings import Instant, LockReading, PilotReading
from drivers.serial.errors import Refused, SerialError, UnexpectedAnswer
from drivers.serial.rapi import Booted, Notice, StateChanged
from drivers.serial.rapi_answers import Flag, State, Status, Supervision, parse_limit_a, parse_lock
from drivers.serial.rapi_client import RapiClient

LEAST_A, MOST_A = 6, 80
RELAY_OPEN_WITHIN_S: Final = 4.0
"""The controller gives a vehicle three seconds to end its current before the relay opens."""
AWAKE_WITHIN_S: Final = 2.0
LOOK_AGAIN_S: Final = 0.1
LOOKS: Final = 4
"""How often the status is read until two in a row agree."""

_BLANK: Final = "\x11"
"""What RAPI prints as a space; a space itself would separate words."""
_NOT_SHOWN: Final = str.maketrans({"$": "S", "^": "'", "*": "+", ":": ".", " ": _BLANK})


class OrderForgotten(SerialError):
    """The controller no longer does what it was told, and has been made safe: tell it again."""


class OpenEvseController:
    """Implements drivers.ports.ChargeController, ConnectorLock and Display."""

    columns, rows = 16, 2
    """Of the display."""

    def __init__(self, client: RapiClient, heartbeat: Heartbeat | None, clock: Callable[[], Instant]) -> None:
        """Without `heartbeat` a controller is driven whose firmware supervises none."""
        self.client = client
        self._heartbeat = heartbeat
        self._clock = clock
        self._orders = asyncio.Lock()
        self._granted_a: int | None = None
        """The limit in force: 0 after a withdrawal, None before the first order and while one fails."""
        self._is_met = False
        self._has_restarted = False
        self._is_raised = False
        self._fed_at_s = float("-inf")
        self._known: tuple[int, int, int] | None = None
        client.on_notice.append(self._noticed)

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot now; also while an order takes its time.

        Raises:
            DeviceError: If the controller did not answer properly, or has forgotten what it was told.
        """
        if self._orders.locked():
            status, taken_at = await self._status()
        else:
            async with self._orders:
                status, taken_at = await self._looked_after()
        if status.pilot is None:
            raise UnexpectedAnswer(self.client.port, f"no known pilot state: {status.pilot_code}")
        return PilotReading(pilot=status.pilot, cable_limit_a=None, taken_at=taken_at, fault=status.fault)

    async def offer(self, limit_a: int) -> None:
        """Let the vehicle draw at most `limit_a`; the controller may allow less, and then that holds.

        Raises:
            DeviceError: If the controller did not confirm; the caller must assume the old state.
            ValueError: If the pilot cannot code that limit.
        """
        if not LEAST_A <= limit_a <= MOST_A:
            raise ValueError(f"{limit_a} A cannot be offered: the pilot codes {LEAST_A} to {MOST_A} A")
        async with self._orders:
            self._granted_a = None
            await self._meet()
            granted_a = await self._limit(limit_a)
            await self._wake()
            self._granted_a, self._is_raised = granted_a, False

    async def withdraw(self) -> None:
        """Put the controller to sleep, and wait until its relay is open.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """
        async with self._orders:
            self._granted_a = None
            await self._meet()
            await self._sleep()
            self._granted_a = 0

    async def leave(self) -> None:
        """Take back an offer before nobody watches it any more.

        Raises:
            DeviceError: If the controller did not confirm.
        """
        if self._granted_a != 0:
            await self.withdraw()

    async def read_lock(self) -> LockReading:
        """Return whether the bolt holds.

        Raises:
            DeviceError: If the controller did not answer properly, or drives no bolt.
        """
        is_locked, taken_at = await self.client.get("G5", parse_lock)
        return LockReading(is_locked=is_locked, taken_at=taken_at)

    async def lock(self) -> None:
        """Hold the plug; the controller no longer decides by itself.

        Raises:
            DeviceError: If the controller did not confirm, or drives no bolt.
        """
        await self.client.do("S5 M")
        await self.client.do("S5 1")

    async def unlock(self) -> None:
        """Let the plug go; the controller no longer decides by itself.

        Raises:
            DeviceError: If the controller did not confirm, or drives no bolt.
        """
        await self.client.do("S5 M")
        await self.client.do("S5 0")

    async def show(self, lines: Sequence[str]) -> None:
        """Show these lines, or what the controller itself shows if there are none.

        Raises:
            DeviceError: If the controller did not confirm, or has no display.
        """
        if not lines:
            await self.client.do("F0 1")
            return
        await self.client.do("F0 0")
        for row in range(self.rows):
            text = lines[row] if row < len(lines) else ""
            await self.client.do(f"FP 0 {row} {_shown(text, self.columns)}")

    async def _looked_after(self) -> tuple[Status, Instant]:
        """Return the status of a controller that does what it was told and was fed."""
        try:
            status, taken_at = await self._status()
            await self._meet()
            await self._enforce(status)
            await self._feed()
        except DeviceError:
            self._is_met = False
            raise
        return status, taken_at

    async def _meet(self) -> None:
        """Arm the watchdog of a controller that is new, or was away; one that restarted is put to sleep."""
        if self._is_met and not self._has_restarted:
            return
        await self._arm()
        restarted, self._has_restarted = self._has_restarted, False
        self._is_met = True
        if restarted and self._granted_a is not None:
            await self._sleep()
            raise OrderForgotten(self.client.port, "the controller has restarted")

    async def _arm(self) -> None:
        """Set the supervision of heartbeats; what is set already is not written, it is stored in EEPROM."""
        wanted = self._heartbeat
        if wanted is None:
            return
        now, _ = await self.client.get("GY", Supervision.parse)
        if (now.within_s, now.fallback_a, now.missed) != (wanted.within_s, wanted.fallback_a, 0):
            command = f"SY {wanted.within_s} {wanted.fallback_a}"
            now, _ = await self.client.get(command, Supervision.parse)
        if (now.within_s, now.fallback_a) != (wanted.within_s, wanted.fallback_a):
            raise UnexpectedAnswer(self.client.port, f"the supervision of heartbeats was set, but is {now}")

    async def _feed(self) -> None:
        """Send a heartbeat if one is due, and look whether the current limit is what was granted."""
        now_s = self._clock().monotonic_s
        if self._heartbeat is None or now_s - self._fed_at_s < self._heartbeat.every_s:
            return
        answer = await self.client.ask("SY")
        self._fed_at_s = now_s
        if not answer.accepted:
            raise OrderForgotten(self.client.port, "heartbeats were missed, and the current was limited")
        limit_a, _ = await self.client.get("GE", parse_limit_a)
        self._is_raised = self._granted_a is not None and 0 < self._granted_a < limit_a

    async def _enforce(self, status: Status) -> None:
        """Make a controller safe that does not do what it was told."""
        if self._granted_a is None or status.fault is not None:
            return
        if self._granted_a == 0 and not status.is_resting:
            await self._sleep()
            raise OrderForgotten(self.client.port, "the controller has woken by itself")
        if self._granted_a > 0 and status.is_resting:
            raise OrderForgotten(self.client.port, "the controller has stopped offering by itself")
        if self._is_raised:
            self._is_raised = False
            await self._limit(self._granted_a)
            raise OrderForgotten(self.client.port, "the controller has raised its limit by itself")

    async def _limit(self, limit_a: int) -> int:
        """Set the limit until the next restart and return what the controller made of it."""
        command = f"SC {limit_a} V"
        answer = await self.client.ask(command)
        granted_a = self.client.parsed(command, answer, parse_limit_a)
        if granted_a > limit_a:
            raise Refused(self.client.port, command, f"the limit is {granted_a} A")
        return granted_a

    async def _wake(self) -> None:
        """Let the controller offer energy."""
        status, _ = await self._status()
        if status.flags & Flag.AUTH_LOCKED:
            await self.client.do("S4 0")
        if status.flags & Flag.BOOT_LOCKED:
            await self.client.do("SB")
        if status.state in (State.SLEEPING, State.DISABLED):
            await self.client.do("FE")
        status = await self._until(
            lambda now: now.state not in (State.SLEEPING, State.DISABLED), AWAKE_WITHIN_S
        )
        if status.is_resting:
            raise Refused(self.client.port, "FE", status.fault or "it does not wake")

    async def _sleep(self) -> None:
        """Let the controller offer nothing; a fault that keeps the relay open is not covered up."""
        status, _ = await self._status()
        if status.is_off and status.state != State.DISABLED:
            return
        await self.client.do("FS")
        status = await self._until(lambda now: now.is_off, RELAY_OPEN_WITHIN_S)
        if not status.is_off:
            raise Refused(self.client.port, "FS", "the relay is still closed")

    async def _until(self, holds: Callable[[Status], bool], within_s: float) -> Status:
        """Look at the status until it holds, for so long; return the last."""
        ends_s = self._clock().monotonic_s + within_s
        while True:
            status, taken_at = await self._status()
            if holds(status) or taken_at.monotonic_s >= ends_s:
                return status
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _status(self) -> tuple[Status, Instant]:
        """Return the status; the moment in which the controller does not know it itself is waited out."""
        ends_s = self._clock().monotonic_s + AWAKE_WITHIN_S
        while True:
            status, taken_at = await self._confirmed()
            if status.state != State.UNKNOWN or taken_at.monotonic_s >= ends_s:
                return status, taken_at
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _confirmed(self) -> tuple[Status, Instant]:
        """Return the status; another one than the last is believed when it is read twice in a row."""
        seen = None
        for _ in range(LOOKS):
            status, taken_at = await self.client.get("GS", Status.parse)
            if status.essence in (self._known, seen):
                self._known = status.essence
                return status, taken_at
            seen = status.essence
        raise UnexpectedAnswer(self.client.port, "its state is another each time it is read")

    def _noticed(self, notice: Notice) -> None:
        match notice:
            case Booted():
                self._has_restarted = True
            case StateChanged():
                self._is_raised |= self._granted_a is not None and 0 < self._granted_a < notice.limit_a


def _shown(text: str, columns: int) -> str:
    """Return a line as the display can show it: printable ASCII, cut to its width."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in text)
    return plain[:columns].ljust(columns).translate(_NOT_SHOWN)
