"""An energy meter on Modbus."""

from __future__ import annotations

from decimal import Decimal

from drivers.devices.modbus_device import Decoded, ModbusDevice
from drivers.modbus.bus import Priority
from drivers.readings import MeterReading, Quality, Reading


class ModbusMeter(ModbusDevice):
    """Implements drivers.ports.EnergyMeter for any profile with measurands."""

    async def read(self) -> MeterReading:
        """Poll all measurands once; the reading is as old as its oldest block.

        Raises:
            ModbusError: If any block failed; then nothing of the poll is returned.
        """
        blocks = self.blocks_with(lambda point: point.measurand is not None)
        decoded = await self.read_blocks(blocks, Priority.FAST)
        readings = tuple(reading for item in decoded if (reading := _reading(item)) is not None)
        oldest = min((reading.taken_at for reading in readings), key=lambda instant: instant.monotonic_s)
        return MeterReading(readings=readings, taken_at=oldest)


def _reading(item: Decoded) -> Reading | None:
    point = item.point
    if point.measurand is None or point.reading_unit is None:
        return None
    value = item.value if isinstance(item.value, Decimal) else None
    return Reading(
        measurand=point.measurand,
        phase=point.phase,
        value=value,
        unit=point.reading_unit,
        quality=Quality.INVALID if value is None else Quality.GOOD,
        taken_at=item.taken_at,
    )
