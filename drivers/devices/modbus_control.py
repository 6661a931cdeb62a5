"""A Modbus device that is told what to do: prepared when it is met, and kept awake while its owner lives.

Many controllers fall back to a safe current by themselves when nobody talks to them. That only helps if
nothing talks to them for an owner that hangs, so the driver feeds such a watchdog on behalf of its owner's
calls, not of its own clock: a feed that is due is left out if the owner has not called since the one before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from drivers.devices.modbus_device import Decoded, ModbusDevice, Selection
from drivers.devices.writing import Writer
from drivers.modbus.errors import ExceptionReply, ModbusError
from drivers.modbus.line import Line
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Answer, Priority
from drivers.ports import DeviceError
from drivers.profiles.model import Profile, Variant
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.profiles.writes import Setting, Variable

log = logging.getLogger(__name__)

SILENT_AFTER: Final = 3
"""Failures in a row after which the device may have been off; a single one is the line's."""
SETPOINTS: Final[tuple[Role, ...]] = (
    "max_current",
    "enable",
    "set_power",
    "set_voltage",
    "set_current",
    "output",
)
"""What feeds a watchdog that wants setpoints written, and may be written at any time."""
RENEWALS_PER_LIFE: Final = 2
"""How often a setpoint that expires is written before it does."""


class WatchdogStarved(DeviceError):
    """The device was not talked to for so long that it may have fallen back: tell it again what to do."""

    def __init__(self, unit: int, silent_s: float) -> None:
        super().__init__(f"unit {unit} was left alone for {silent_s:.1f} s: its watchdog may have acted")
        self.unit = unit
        self.silent_s = silent_s


class ModbusControl(ModbusDevice):
    """One unit that is controlled. Roles share it, so that it is prepared once and fed once."""

    def __init__(self, bus: Line, unit: int, profile: Profile, *, timeout_s: float = 0.5) -> None:
        super().__init__(bus, unit, profile, timeout_s=timeout_s)
        self._writer = Writer(self)
        self._meeting = asyncio.Lock()
        self._telling = asyncio.Lock()
        self._is_met = False
        self._prepared: Variant | None = None
        """What the device turned out to be when it was prepared."""
        self._failures = 0
        self._told: dict[str, Value] = {}
        self._owner_called_s = float("-inf")
        self._fed_s: float | None = None
        self._starved_s: float | None = None

    @property
    def needs_upkeep(self) -> bool:
        """Whether `keep` has anything to do."""
        return bool(self._duties())

    def selection(self, wanted: Callable[[Point], bool]) -> Selection:
        """Return the blocks with wanted points, for reading them again and again."""
        return Selection(self, wanted)

    def owner_called(self) -> None:
        """Note that whoever is responsible for the device is alive."""
        self._owner_called_s = self._now_s()

    def doubt(self) -> None:
        """Prepare the device again before it is used: it may have forgotten everything."""
        self._is_met = False

    async def meet(self) -> None:
        """Prepare the device if that has not been done since it was last silent, and arm its watchdog.

        Raises:
            DeviceError: If any step failed; the next call begins with the first one.
        """
        if self._is_met and (await self.resolve()).known is self._prepared:
            return
        async with self._meeting:
            profile = await self.resolve()
            if self._is_met and profile.known is self._prepared:
                return  # while this call waited for another
            self._prepared = profile.known
            watchdog = profile.watchdog
            settings = (*profile.init, *(watchdog.arm if watchdog else ()))
            for setting in settings:
                await self._writer.ensure(profile.point(setting.point), _constant(setting))
            self._fed_s, self._starved_s = self._now_s(), None
            self._is_met = True
            if watchdog is not None and isinstance(watchdog.feed, Setting):
                await self._feed()
            if settings:  # without any it was not even asked, so it may well be silent
                log.info("unit %d on %s: %s is ready", self.unit, self.bus.name, profile.id)

    def check_fed(self) -> None:
        """Raise WatchdogStarved once, if the device was left alone for longer than its watchdog waits."""
        self._note_hunger()
        starved_s, self._starved_s = self._starved_s, None
        if starved_s is not None:
            self.doubt()
            raise WatchdogStarved(self.unit, starved_s)

    async def tell(self, point: Point, value: Value) -> None:
        """Write a point and confirm it; from now on it is repeated if the device would forget it.

        Raises:
            DeviceError: If it was refused, not confirmed or not applied.
            ValueError: If the profile does not let this value be written.
        """
        async with self._telling:
            self._told.pop(point.name, None)
            await self._writer.write(point, value)
            self._told[point.name] = value

    async def read_blocks_of(self, selection: Selection, priority: Priority) -> dict[str, Decoded]:
        """Read a selection for the owner, by role."""
        self.owner_called()
        await self.meet()
        found = await selection.by_role(priority)
        self.check_fed()
        return found

    async def keep(self) -> None:
        """Feed the watchdog and repeat what expires, until cancelled; stops while the owner does not call."""
        async with asyncio.TaskGroup() as tasks:
            for period_s, duty in self._duties():
                tasks.create_task(self._repeat(period_s, duty), name=f"unit {self.unit} on {self.bus.name}")

    def _duties(self) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
        duties: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        watchdogs = [one.watchdog for one in self._general.variants.values() if one.watchdog is not None]
        if watchdogs and watchdogs[0].feed != "read":
            duties.append((watchdogs[0].every_s, self._feed))
        points = self._general.every_point
        if lives_s := [point.write.expires_s for point in points if point.write and point.write.expires_s]:
            duties.append((min(lives_s) / RENEWALS_PER_LIFE, self._renew))
        return duties

    async def _repeat(self, period_s: float, duty: Callable[[], Awaitable[None]]) -> None:
        is_starving = False
        while True:
            begun_s = self._now_s()
            await asyncio.sleep(period_s)
            if not self._is_met:
                continue
            if self._owner_called_s < begun_s:
                if not is_starving:
                    log.error("unit %d on %s: its owner hangs, it is left alone", self.unit, self.bus.name)
                is_starving = True
                continue
            is_starving = False
            try:
                await duty()
            except DeviceError as error:
                log.debug("unit %d on %s is not kept awake: %s", self.unit, self.bus.name, error)

    async def _feed(self) -> None:
        """Feed the watchdog once."""
        watchdog = self.profile.watchdog
        if watchdog is None or watchdog.feed == "read":
            return
        if watchdog.feed == "write":
            await self._repeat_told(lambda point: point.role in SETPOINTS)
        else:
            point = self.profile.point(watchdog.feed.point)
            await self.write_point(point, _constant(watchdog.feed), Priority.HEARTBEAT)
        self._note_food("feed")

    async def _renew(self) -> None:
        await self._repeat_told(lambda point: bool(point.write and point.write.expires_s))

    async def _repeat_told(self, wanted: Callable[[Point], bool]) -> None:
        """Write again what holds; what is being replaced in this moment must not come back."""
        for name in tuple(self._told):
            async with self._telling:
                point = next((one for one in self.profile.points if one.name == name), None)
                if point is not None and name in self._told and wanted(point):
                    await self.write_point(point, self._told[name], Priority.HEARTBEAT)

    async def perform(self, request: Read | Write, priority: Priority, *, guarded: bool = False) -> Answer:
        """Let the bus perform a request, and note what that says about the device."""
        try:
            answer = await super().perform(request, priority, guarded=guarded)
        except ExceptionReply:
            raise
        except ModbusError:
            self._failures += 1
            if self._failures >= SILENT_AFTER:
                self.doubt()
            raise
        self._failures = 0
        self._note_food("read" if isinstance(request, Read) else "write")
        return answer

    def _note_food(self, food: str) -> None:
        """Note that the device was talked to in some way, if that is what feeds its watchdog."""
        watchdog = self.profile.watchdog
        if watchdog is None or self._fed_s is None:
            return
        wanted = watchdog.feed if isinstance(watchdog.feed, str) else "feed"
        if food == wanted or (wanted == "read" and food == "write"):
            self._note_hunger()
            self._fed_s = self._now_s()

    def _note_hunger(self) -> None:
        """Note for how long the device has not been fed, if its watchdog does not wait that long."""
        watchdog = self.profile.watchdog
        if watchdog is None or self._fed_s is None or (watchdog.feed == "write" and not self._told):
            return
        hungry_s = self._now_s() - self._fed_s
        if hungry_s > watchdog.within_s:
            self._starved_s = hungry_s

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


def _constant(setting: Setting) -> Value:
    """Return a value that the loader has made sure is none of a script's variables."""
    assert not isinstance(setting.value, Variable)
    return setting.value
