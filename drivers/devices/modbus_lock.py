"""A connector lock on Modbus: usually a register of the charge controller."""

from __future__ import annotations

from typing import Final

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.switching import needed, require, yes_or_no
from drivers.modbus.terms import Priority
from drivers.profiles.point import Role
from drivers.profiles.values import Value
from drivers.readings import LockReading

LOCKED: Final = "locked"
UNLOCKED: Final = "unlocked"


class ModbusLock:
    """Implements drivers.ports.ConnectorLock for profiles with the role lock: a bit, or locked and unlocked.

    Where the point that is written does not say whether the bolt holds, one with the role lock_state does.
    """

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "lock")
        self._device = device
        has_state = any(point.role == "lock_state" for point in device.profile.every_point)
        self._says: Role = "lock_state" if has_state else "lock"
        self._state = device.selection(lambda point: point.role == self._says)

    async def read_lock(self) -> LockReading:
        """Return whether the bolt holds.

        Raises:
            DeviceError: If the hardware did not answer properly.
        """
        item = (await self._device.read_blocks_of(self._state, Priority.FAST))[self._says]
        return LockReading(is_locked=yes_or_no(item.value, LOCKED, UNLOCKED), taken_at=item.taken_at)

    async def lock(self) -> None:
        """Hold the plug.

        Raises:
            DeviceError: If the hardware did not confirm.
        """
        await self._set(locked=True)

    async def unlock(self) -> None:
        """Let the plug go.

        Raises:
            DeviceError: If the hardware did not confirm.
        """
        await self._set(locked=False)

    async def _set(self, *, locked: bool) -> None:
        self._device.owner_called()
        await self._device.meet()
        point = needed(self._device.profile, "lock")
        value: Value = (LOCKED if locked else UNLOCKED) if point.states else locked
        await self._device.tell(point, value)
