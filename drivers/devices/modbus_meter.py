"""An energy meter on Modbus."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from drivers.devices.counting import step_mwh, wraps_at_mwh
from drivers.devices.modbus_device import Decoded, ModbusDevice, Selection
from drivers.modbus.errors import ModbusError
from drivers.modbus.line import Line
from drivers.modbus.terms import Priority
from drivers.profiles.derived import Derived
from drivers.profiles.model import Profile
from drivers.profiles.point import Point, Poll
from drivers.readings import Instant, MeterReading, Quality, Reading, RegisterFacts

log = logging.getLogger(__name__)

SERIAL_ATTEMPTS: Final = 3
"""So many polls ask for a serial number before the device counts as one that has none."""
_BILLED: Final = "Energy.Active.Import.Register"
SLOW_EVERY_S: Final = 10.0
"""Points with `poll: slow` are read by the first poll that comes this long after the last that read them."""


class ModbusMeter(ModbusDevice):
    """Implements drivers.ports.EnergyMeter for any profile with measurands."""

    def __init__(self, bus: Line, unit: int, profile: Profile, *, timeout_s: float = 0.5) -> None:
        super().__init__(bus, unit, profile, timeout_s=timeout_s)
        self._fast = self._measuring("fast")
        self._slow = self._measuring("slow")
        self._slow_read_at_s: float | None = None
        self._serial_attempts = 0

    async def read(self) -> MeterReading:
        """Poll the measurands once; the reading is as old as its oldest block.

        What the profile polls slowly is in it only when it was read, never from an earlier poll.

        Raises:
            ModbusError: If any block failed; then nothing of the poll is returned.
        """
        decoded = await self._fast.read(Priority.FAST)
        oldest = min((item.taken_at for item in decoded), key=_monotonic)
        if self._slow_is_due(oldest) and (slowly := await self._slow.read(Priority.SLOW)):
            self._slow_read_at_s = oldest.monotonic_s
            decoded += slowly
            oldest = min((item.taken_at for item in decoded), key=_monotonic)
        measured = [reading for item in decoded if (reading := _reading(item)) is not None]
        return MeterReading(
            readings=(*measured, *self._derive(decoded)),
            taken_at=oldest,
            register=await self._register(decoded),
        )

    async def _register(self, decoded: list[Decoded]) -> RegisterFacts:
        """Return the facts of the billed register; the serial number is read once after each silence."""
        once = await self._known_once()
        serial = next((item for item in once.values() if item.point.role == "serial_number"), None)
        serial_number = str(serial.value) if serial is not None and serial.value else None
        for item in decoded:
            point = item.point
            if (point.measurand, point.phase) != (_BILLED, None) or not isinstance(item.value, Decimal):
                continue
            values = {other.point.name: other.value for other in (*once.values(), *decoded)}
            factor = self.profile.factor(point, values)
            if factor is not None:
                return RegisterFacts(
                    step_mwh=step_mwh(point, item.value, factor),
                    wraps_at_mwh=wraps_at_mwh(point, factor),
                    serial_number=serial_number,
                )
        return RegisterFacts(serial_number=serial_number)

    async def _known_once(self) -> Mapping[str, Decoded]:
        """Return the points that are read once, for the serial number's sake read now if they are not known.

        A device that does not give them, as some of its age may not, is still a meter.
        """
        if self._once or self.profile.role("serial_number") is None:
            return self._once
        if self._serial_attempts >= SERIAL_ATTEMPTS:
            return {}
        self._serial_attempts += 1
        try:
            once = await self.read_once()
        except ModbusError as error:
            log.debug("unit %d on %s gives no serial number: %s", self.unit, self.bus.name, error)
            return {}
        self._serial_attempts = 0
        return once

    def _measuring(self, poll: Poll) -> Selection:
        """Select the blocks of this poll class that hold a measurand or a part of one."""

        def wanted(point: Point) -> bool:
            parts = {name for derived in self.profile.derived for name in derived.parts}
            return point.poll == poll and (point.measurand is not None or point.name in parts)

        return Selection(self, wanted)

    def _slow_is_due(self, now: Instant) -> bool:
        return self._slow_read_at_s is None or now.monotonic_s - self._slow_read_at_s >= SLOW_EVERY_S

    def _derive(self, decoded: list[Decoded]) -> list[Reading]:
        by_name = {item.point.name: item for item in decoded}
        return [_derived_reading(derived, by_name) for derived in self.profile.derived]


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
        quality=_quality(value),
        taken_at=item.taken_at,
    )


def _derived_reading(derived: Derived, by_name: Mapping[str, Decoded]) -> Reading:
    """Return a derived value; it is as old as its oldest part."""
    value = derived.value({name: item.value for name, item in by_name.items()})
    return Reading(
        measurand=derived.measurand,
        phase=derived.phase,
        value=value,
        unit=derived.reading_unit,
        quality=_quality(value),
        taken_at=min((by_name[n].taken_at for n in (*derived.plus, *derived.minus)), key=_monotonic),
    )


def _quality(value: Decimal | None) -> Quality:
    return Quality.INVALID if value is None else Quality.GOOD


def _monotonic(instant: Instant) -> float:
    return instant.monotonic_s
