"""Writes points the way their profile demands, and believes only what is read back.

DeviceError (drivers.ports)
  WriteRefused        the driver did not send the write
    NeedNotMet          another point has not the value that this write needs
    CoolingDown         the memory behind the point would wear out; has .retry_in_s
  WriteNotApplied     the device confirmed the write but reads back another value
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from drivers.devices.modbus_device import ModbusDevice, block_of
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.profiles.conditions import Condition
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.writes import WriteRule


class WriteRefused(DeviceError):
    """The driver did not send the write."""


class NeedNotMet(WriteRefused):
    """The device would ignore the write, because another point has not the value that it needs."""

    def __init__(self, unit: int, point: Point, need: Condition, found: Value | None) -> None:
        super().__init__(f"unit {unit}: {point.name} can be written only while {need}; it is {found}")
        self.unit = unit
        self.point = point.name
        self.need = need
        self.found = found


class CoolingDown(WriteRefused):
    """The point was written a moment ago and its memory wears out."""

    def __init__(self, unit: int, point: Point, retry_in_s: float) -> None:
        super().__init__(f"unit {unit}: {point.name} may be written again in {retry_in_s:.0f} s")
        self.unit = unit
        self.point = point.name
        self.retry_in_s = retry_in_s


class WriteNotApplied(DeviceError):
    """The device confirmed a write but reads back another value."""

    def __init__(self, unit: int, point: Point, wanted: Value, found: Value | None) -> None:
        super().__init__(f"unit {unit}: {point.name} was set to {wanted} but reads back {found}")
        self.unit = unit
        self.address = point.address
        self.wanted = wanted
        self.found = found


@dataclass(frozen=True, slots=True)
class _Written:
    value: Value
    at_s: float


class Writer:
    """Writes to one device. Times are the event loop's."""

    def __init__(self, device: ModbusDevice) -> None:
        self._device = device
        self._written: dict[str, _Written] = {}
        self._registers_in_use = asyncio.Lock()

    async def ensure(self, point: Point, value: Value) -> None:
        """Write a point unless it reads as the value already.

        Raises:
            DeviceError: If it could not be read, written or confirmed.
            ValueError: If the profile does not let this value be written.
        """
        if not point.readable or await self._found(point) != nearest(point, value):
            await self.write(point, value)

    async def write(self, point: Point, value: Value) -> None:
        """Write a point and confirm that it reads back what the device can hold of the value.

        Raises:
            DeviceError: If it was refused, not confirmed or not applied.
            ValueError: If the profile does not let this value be written.
        """
        rule = point.write
        if rule is None or not _may_be(point, value):
            allowed = "nothing" if rule is None else rule.bounds
            raise ValueError(
                f"{self._device.profile.id}: {point.name} cannot be set to {value}; allowed: {allowed}"
            )
        value = nearest(point, value)
        if rule.cool_down_s and await self._is_spared(point, value, rule):
            return
        for need in rule.needs:
            await self._check(need, point)
        async with self._undisturbed(rule):
            registers = await self._merged(point, value) if rule.keeps_others else point.encode(value)
            await self._device.write_registers(point, registers)
        self._written[point.name] = _Written(value, self._now_s())
        if rule.settle_ms:
            await asyncio.sleep(rule.settle_ms / 1000)
        if rule.verify and point.readable and (found := await self._found(point)) != value:
            raise WriteNotApplied(self._device.unit, point, value, found)

    async def _is_spared(self, point: Point, value: Value, rule: WriteRule) -> bool:
        """Tell whether the write can be left out, because the point has the value already."""
        if point.readable and await self._found(point) == value:
            return True
        last = self._written.get(point.name)
        if last is None:
            return False
        if last.value == value and not point.readable:
            return True
        wait_s = last.at_s + rule.cool_down_s - self._now_s()
        if wait_s > 0:
            raise CoolingDown(self._device.unit, point, wait_s)
        return False

    async def _check(self, need: Condition, point: Point) -> None:
        found = await self._device.read_points((need.point,), Priority.WRITE)
        value = found[need.point].value if need.point in found else None
        if not need.holds(value):
            raise NeedNotMet(self._device.unit, point, need, value)

    async def _found(self, point: Point) -> Value | None:
        return (await self._device.read_points((point.name,), Priority.WRITE))[point.name].value

    async def _merged(self, point: Point, value: Value) -> Sequence[int]:
        answer = await self._device.read_registers(block_of(point), Priority.WRITE)
        return point.merge(value, answer.values)

    @contextlib.asynccontextmanager
    async def _undisturbed(self, rule: WriteRule) -> AsyncIterator[None]:
        """Keep two writes to parts of one register from undoing each other."""
        if not rule.keeps_others:
            yield
            return
        async with self._registers_in_use:
            yield

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


def nearest(point: Point, value: Value) -> Value:
    """Return what the point's register can hold of a value.

    Raises:
        ValueError: If it cannot hold it at all.
    """
    held = point.decode(point.encode(value))
    return value if held is None else held


def _may_be(point: Point, value: Value) -> bool:
    try:
        return point.allows(nearest(point, value))
    except ValueError:
        return False
