"""The sensor of a parking bay on Modbus: a digital input, or a register of the detector itself."""

from __future__ import annotations

from typing import Final

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.switching import require, yes_or_no
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.readings import OccupancyReading

OCCUPIED: Final = "occupied"
FREE: Final = "free"


class OccupancyUnknown(DeviceError):
    """The sensor answered, but with nothing the profile knows."""


class ModbusBaySensor:
    """Implements drivers.ports.BaySensor for profiles with the role occupied: a bit, or occupied and free."""

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "occupied")
        self._device = device
        self._polled = device.selection(lambda point: point.role == "occupied")

    async def read_occupancy(self) -> OccupancyReading:
        """Return whether the bay is occupied now.

        Raises:
            DeviceError: If the sensor did not answer properly, or says neither.
        """
        item = (await self._device.read_blocks_of(self._polled, Priority.FAST))["occupied"]
        is_occupied = yes_or_no(item.value, OCCUPIED, FREE)
        if is_occupied is None:
            where = f"unit {self._device.unit} on {self._device.bus.name}"
            raise OccupancyUnknown(f"{where} does not say whether the bay is occupied")
        return OccupancyReading(is_occupied=is_occupied, taken_at=item.taken_at)
