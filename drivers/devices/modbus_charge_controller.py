"""A charge controller on Modbus."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from drivers.devices.modbus_device import Decoded, ModbusDevice
from drivers.modbus.bus import Bus, Priority
from drivers.ports import DeviceError
from drivers.profiles.model import Profile
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.readings import Pilot, PilotReading


class PilotUnknown(DeviceError):
    """The controller answered, but with no pilot state the profile knows."""


class WriteNotApplied(DeviceError):
    """The controller confirmed a write but reads back another value."""

    def __init__(self, unit: int, point: Point, wanted: Value, found: Value | None) -> None:
        super().__init__(f"unit {unit}: {point.name} was set to {wanted} but reads back {found}")
        self.unit = unit
        self.address = point.address
        self.wanted = wanted
        self.found = found


class ModbusChargeController(ModbusDevice):
    """Implements drivers.ports.ChargeController for profiles with the roles pilot, max_current and enable."""

    def __init__(self, bus: Bus, unit: int, profile: Profile, *, timeout_s: float = 0.5) -> None:
        super().__init__(bus, unit, profile, timeout_s=timeout_s)
        self._pilot = _needed(profile, "pilot")
        self._max_current = _needed(profile, "max_current")
        self._enable = _needed(profile, "enable")
        self._commands = asyncio.Lock()

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot now.

        Raises:
            DeviceError: If the controller did not answer properly.
        """
        blocks = self.blocks_with(lambda point: point.role in {"pilot", "cable_limit"})
        by_role = {item.point.role: item for item in await self.read_blocks(blocks, Priority.FAST)}
        pilot = by_role["pilot"]
        if not isinstance(pilot.value, str):
            raise PilotUnknown(f"unit {self.unit} on {self.bus.name} reports no known pilot state")
        return PilotReading(
            pilot=Pilot(pilot.value),
            cable_limit_a=_amperes(by_role.get("cable_limit")),
            taken_at=pilot.taken_at,
        )

    async def offer(self, limit_a: int) -> None:
        """Let the vehicle draw at most `limit_a`: the limit is set and confirmed before the pilot is enabled.

        Raises:
            DeviceError: If the controller did not confirm; the caller must assume the old state.
            ValueError: If the profile does not allow that limit.
        """
        async with self._commands:
            await self._set(self._max_current, Decimal(limit_a))
            await self._set(self._enable, value=True)

    async def withdraw(self) -> None:
        """Disable the pilot, which opens the contactor.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """
        async with self._commands:
            await self._set(self._enable, value=False)

    async def _set(self, point: Point, value: Value) -> None:
        """Write, and where the profile says the point can be read, believe only what is read back."""
        await self.write_point(point, value)
        if not point.readable:
            return
        for item in await self.read_blocks(self.blocks_with(lambda other: other is point), Priority.WRITE):
            if item.point is point and item.value != value:
                raise WriteNotApplied(self.unit, point, value, item.value)


def _needed(profile: Profile, role: Role) -> Point:
    point = profile.role(role)
    if point is None:
        raise ValueError(f"profile {profile.id} has no point with role {role!r}")
    return point


def _amperes(item: Decoded | None) -> int | None:
    return int(item.value) if item is not None and isinstance(item.value, Decimal) else None
