"""A charge controller on Modbus."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.modbus_device import Decoded
from drivers.devices.switching import needed, off_value, require, require_off, switched
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.profiles.model import Profile
from drivers.readings import Pilot, PilotReading


class PilotUnknown(DeviceError):
    """The controller answered, but with no pilot state the profile knows."""


class ModbusChargeController:
    """Implements drivers.ports.ChargeController for profiles with the roles pilot and max_current.

    Energy is withdrawn by the role enable, by the value of max_current that means none, or by both.
    """

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "pilot", "max_current")
        require_off(device.profile, "max_current")
        self._device = device
        self._polled = device.selection(lambda point: point.role in {"pilot", "cable_limit"})
        self._commands = asyncio.Lock()
        self._offered_a: int | None = None

    @property
    def device(self) -> ModbusControl:
        """The unit behind it."""
        return self._device

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot now.

        Raises:
            DeviceError: If the controller did not answer properly, or may have forgotten what it was told.
        """
        by_role = await self._device.read_blocks_of(self._polled, Priority.FAST)
        pilot = by_role["pilot"]
        if not isinstance(pilot.value, str):
            self._device.doubt()
            raise PilotUnknown(
                f"unit {self._device.unit} on {self._device.bus.name} reports no known pilot state"
            )
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
        self._device.owner_called()
        async with self._commands:
            await self._device.meet()
            profile = self._device.profile
            self._offered_a = limit_a
            await self._device.tell(needed(profile, "max_current"), Decimal(limit_a))
            if (enable := profile.role("enable")) is not None:
                await self._device.tell(enable, switched(enable, on=True))

    async def withdraw(self) -> None:
        """Disable the pilot, which opens the contactor; tried even with a controller that cannot be prepared.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """
        self._device.owner_called()
        async with self._commands:
            profile = await self._device.resolve(Priority.WRITE)
            if (enable := profile.role("enable")) is not None:
                await self._device.tell(enable, switched(enable, on=False))
            limit = needed(profile, "max_current")
            if (off := off_value(limit)) is not None:
                await self._device.tell(limit, off)
            self._offered_a = None

    async def leave(self) -> None:
        """Leave an offer that nobody will watch any more at the safe value; never raise a limit.

        Raises:
            DeviceError: If the controller did not confirm.
        """
        if self._offered_a is None:
            return
        safe_a = _safe_a(self._device.profile)
        if safe_a == 0:
            await self.withdraw()
        elif safe_a < self._offered_a:
            await self.offer(safe_a)


def _safe_a(profile: Profile) -> int:
    """Return the current (A) the controller may go on offering without its owner."""
    watchdog = profile.watchdog
    return int(watchdog.safe_a) if watchdog is not None and watchdog.safe_a is not None else 0


def _amperes(item: Decoded | None) -> int | None:
    return int(item.value) if item is not None and isinstance(item.value, Decimal) else None
