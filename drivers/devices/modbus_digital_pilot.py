"""What demands digital communication on Modbus: a point of the charge controller."""

from __future__ import annotations

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.switching import needed, require, switched


class ModbusDigitalPilot:
    """Implements drivers.ports.DigitalPilot for profiles with the role digital."""

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "digital")
        self._device = device

    async def demand(self, *, digital: bool) -> None:
        """Demand digital communication from now on, or have the pilot say the current again.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """
        self._device.owner_called()
        await self._device.meet()
        point = needed(self._device.profile, "digital")
        await self._device.tell(point, switched(point, on=digital))
