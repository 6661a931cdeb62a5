"""A DC charger on Modbus that talks to the vehicle itself."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Final

from drivers.devices.modbus_control import ModbusControl
from drivers.devices.modbus_device import Decoded
from drivers.devices.switching import needed, off_value, require, require_off, switched
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.readings import DcChargerReading, DcState, Instant, Measurand

MEASURED: Final[tuple[Measurand, ...]] = (
    "Voltage",
    "Current.Import",
    "Power.Active.Import",
    "SoC",
    "Energy.Active.Import.Register",
)


class StateUnknown(DeviceError):
    """The charger answered, but with no state the profile knows."""


class ModbusDcCharger:
    """Implements drivers.ports.DcCharger for profiles with the roles state and set_power.

    Charging is suspended by the role enable, by the value of set_power that means none, or by both.
    """

    def __init__(self, device: ModbusControl) -> None:
        require(device.profile, "state", "set_power")
        require_off(device.profile, "set_power")
        self._device = device
        self._polled = device.selection(lambda point: point.role == "state" or point.measurand in MEASURED)
        self._commands = asyncio.Lock()
        self._limit_w: int | None = None

    @property
    def device(self) -> ModbusControl:
        """The unit behind it."""
        return self._device

    async def read(self) -> DcChargerReading:
        """Return what the connector does now.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """
        self._device.owner_called()
        await self._device.meet()
        decoded = await self._polled.read(Priority.FAST)
        self._device.check_fed()
        (state,) = (item.value for item in decoded if item.point.role == "state")
        if not isinstance(state, str):
            raise StateUnknown(f"unit {self._device.unit} on {self._device.bus.name} reports no known state")
        found = {item.point.measurand: item for item in decoded if item.point.phase is None}
        energy_mwh = _number(found.get("Energy.Active.Import.Register"))
        return DcChargerReading(
            state=DcState(state),
            voltage_v=_number(found.get("Voltage")),
            current_a=_number(found.get("Current.Import")),
            power_w=_number(found.get("Power.Active.Import")),
            soc_percent=_number(found.get("SoC")),
            energy_import_mwh=None if energy_mwh is None else int(energy_mwh),
            taken_at=min((item.taken_at for item in decoded), key=_monotonic),
        )

    async def limit_power(self, limit_w: int) -> None:
        """Let the connector take at most `limit_w`, and let it charge.

        Raises:
            DeviceError: If it did not confirm; the caller must assume the old state.
            ValueError: If the profile does not allow that limit.
        """
        self._device.owner_called()
        async with self._commands:
            await self._device.meet()
            profile = self._device.profile
            self._limit_w = limit_w
            await self._device.tell(needed(profile, "set_power"), Decimal(limit_w))
            if (enable := profile.role("enable")) is not None:
                await self._device.tell(enable, switched(enable, on=True))

    async def suspend(self) -> None:
        """Let the connector take nothing; tried even with a charger that cannot be prepared.

        Raises:
            DeviceError: If it did not confirm; the caller must try again.
        """
        self._device.owner_called()
        async with self._commands:
            profile = await self._device.resolve(Priority.WRITE)
            if (enable := profile.role("enable")) is not None:
                await self._device.tell(enable, switched(enable, on=False))
            limit = needed(profile, "set_power")
            if (off := off_value(limit)) is not None:
                await self._device.tell(limit, off)
            self._limit_w = None

    async def leave(self) -> None:
        """Leave a connector that nobody will limit any more at the safe power; never raise a limit.

        Raises:
            DeviceError: If the charger did not confirm.
        """
        if self._limit_w is None:
            return
        watchdog = self._device.profile.watchdog
        safe_w = int(watchdog.safe_w) if watchdog is not None and watchdog.safe_w is not None else 0
        if safe_w == 0:
            await self.suspend()
        elif safe_w < self._limit_w:
            await self.limit_power(safe_w)


def _number(item: Decoded | None) -> Decimal | None:
    return item.value if item is not None and isinstance(item.value, Decimal) else None


def _monotonic(instant: Instant) -> float:
    return instant.monotonic_s
