"""A DC supply on Modbus."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.modbus_device import Decoded
from drivers.devices.switching import is_on, needed, require, switched
from drivers.modbus.terms import Priority
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.readings import DcLimits, DcReading, Instant, Measurand

HEALTHY: Final = "ok"
"""The state of the role error that is none."""
MOST: Final[dict[Role, Role]] = {"most_voltage": "set_voltage", "most_current": "set_current"}
"""Which register says the most that may be set where."""
MEASURED: Final[tuple[Measurand, ...]] = ("Voltage", "Current.Import")
STATES: Final[tuple[Role, ...]] = ("output", "regulation", "error")


class ModbusDcOutput:
    """Implements drivers.ports.DcOutput for profiles that measure voltage and current.

    Limits come from the points with the roles most_*, and from what the profile lets be set.
    """

    def __init__(self, device: ModbusControl) -> None:
        self._device = device
        self._delivered = device.selection(lambda point: _is_measured(point) or point.role in STATES)
        self._limits = device.selection(lambda point: point.role in {*MOST, *MOST.values(), "most_power"})

    @property
    def device(self) -> ModbusControl:
        """The unit behind it."""
        return self._device

    async def read_limits(self) -> DcLimits:
        """Return what it can deliver at most.

        Raises:
            DeviceError: If it did not answer properly.
        """
        self._device.owner_called()
        await self._device.meet()
        found = await self._limits.by_role(Priority.SLOW)
        return DcLimits(
            voltage_v=self._most("most_voltage", found),
            current_a=self._most("most_current", found),
            power_w=_number(found.get("most_power")),
            taken_at=min((item.taken_at for item in found.values()), key=_monotonic),
        )

    async def read(self) -> DcReading:
        """Return what it delivers now.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """
        self._device.owner_called()
        await self._device.meet()
        decoded = await self._delivered.read(Priority.FAST)
        self._device.check_fed()
        measured = {item.point.measurand: item for item in decoded if _is_measured(item.point)}
        states = {item.point.role: item.value for item in decoded if item.point.role in STATES}
        fault = states.get("error", HEALTHY)
        return DcReading(
            voltage_v=_number(measured.get("Voltage")),
            current_a=_number(measured.get("Current.Import")),
            is_on=is_on(states.get("output")),
            limits=_regulated(states.get("regulation")),
            fault=None if fault == HEALTHY else str(fault or "unknown"),
            taken_at=min((item.taken_at for item in decoded), key=_monotonic),
        )

    def _most(self, most: Role, found: Mapping[str, Decoded]) -> Decimal | None:
        """Return the lower of what a register says and what the profile lets be set."""
        settable = self._device.profile.role(MOST[most])
        rule = None if settable is None else settable.write
        known = [_number(found.get(most)), None if rule is None else rule.bounds.high]
        return min((value for value in known if value is not None), default=None)


class ModbusDcSupply(ModbusDcOutput):
    """Implements drivers.ports.DcSupply for profiles with the roles set_voltage, set_current and output."""

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, *MOST.values(), "output")
        super().__init__(device)
        self._commands = asyncio.Lock()
        self._is_left_on = False

    async def set_output(self, voltage_v: Decimal, current_a: Decimal) -> None:
        """Let it deliver this voltage and at most this current; the current first, it protects.

        Raises:
            DeviceError: If the supply did not confirm; the caller must assume the old state or a mixture.
            ValueError: If the profile does not allow these values.
        """
        self._device.owner_called()
        async with self._commands:
            await self._device.meet()
            profile = self._device.profile
            await self._device.tell(needed(profile, "set_current"), current_a)
            await self._device.tell(needed(profile, "set_voltage"), voltage_v)

    async def switch_on(self) -> None:
        """Connect the output.

        Raises:
            DeviceError: If the supply did not confirm.
        """
        self._device.owner_called()
        async with self._commands:
            await self._device.meet()
            self._is_left_on = True
            await self._switch(on=True)

    async def switch_off(self) -> None:
        """Disconnect the output; tried even with a supply that cannot be prepared.

        Raises:
            DeviceError: If the supply did not confirm; the caller must try again.
        """
        self._device.owner_called()
        async with self._commands:
            await self._device.resolve(Priority.WRITE)
            await self._switch(on=False)
            self._is_left_on = False

    async def leave(self) -> None:
        """Disconnect an output that nobody will watch any more.

        Raises:
            DeviceError: If the supply did not confirm.
        """
        if self._is_left_on:
            await self.switch_off()

    async def _switch(self, *, on: bool) -> None:
        output = needed(self._device.profile, "output")
        await self._device.tell(output, switched(output, on=on))


def _is_measured(point: Point) -> bool:
    return point.measurand in MEASURED and point.phase is None


def _number(item: Decoded | None) -> Decimal | None:
    return item.value if item is not None and isinstance(item.value, Decimal) else None


def _regulated(value: Value | None) -> Literal["voltage", "current"] | None:
    if value == "voltage":
        return "voltage"
    return "current" if value == "current" else None


def _monotonic(instant: Instant) -> float:
    return instant.monotonic_s
