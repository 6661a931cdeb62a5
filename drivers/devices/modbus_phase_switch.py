"""A phase switch on Modbus: usually a register of the charge controller."""

from __future__ import annotations

from typing import Literal

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.switching import needed, require


class ModbusPhaseSwitch:
    """Implements drivers.ports.PhaseSwitch for profiles with the role phases, whose states are 1 and 3."""

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "phases")
        self._device = device

    async def use_phases(self, count: Literal[1, 3]) -> None:
        """Use one phase or all three; only while nothing is offered.

        Raises:
            DeviceError: If the hardware did not confirm; the caller must assume the old state.
        """
        self._device.owner_called()
        await self._device.meet()
        await self._device.tell(needed(self._device.profile, "phases"), str(count))
