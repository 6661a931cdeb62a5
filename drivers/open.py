"""Opens devices: the one place where a profile, a bus and a role come together.

Devices on the same port share one bus, so they must agree on the line.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.devices.modbus_charge_controller import ModbusChargeController
from drivers.devices.modbus_meter import ModbusMeter
from drivers.modbus.bus import Bus
from drivers.modbus.pymodbus_transport import PymodbusSerial, PymodbusTcp
from drivers.modbus.transport import SerialSettings, Transport
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.readings import Instant


class AddressError(ValueError):
    """A device's address cannot be used; `field` names the member of DeviceAddress that is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAddress:
    """Where a device is and what it is. What is None comes from the profile.

    Either `port` (a serial line) or `host` (Modbus TCP) must be given.
    """

    profile: str | Path
    port: str | None = None
    baud: int | None = None
    parity: Literal["N", "E", "O"] | None = None
    stopbits: Literal[1, 2] | None = None
    host: str | None = None
    tcp_port: int | None = None
    unit: int | None = None
    timeout_s: float = 0.5


@dataclass(slots=True)
class _Line:
    """A port in use, and who is on it."""

    bus: Bus
    settings: SerialSettings | None
    units: dict[int, str]


class Hardware:
    """The station's devices. Ask for devices first, then run the buses around their use."""

    def __init__(self, *, clock: Callable[[], Instant], profiles: Path | None = None) -> None:
        self._clock = clock
        self._profiles = profiles
        self._lines: dict[str, _Line] = {}

    @property
    def buses(self) -> tuple[Bus, ...]:
        """All buses in use, for their counters."""
        return tuple(line.bus for line in self._lines.values())

    def meter(self, address: DeviceAddress) -> ModbusMeter:
        """Return the energy meter at an address.

        Raises:
            ProfileError: If the profile is unknown or wrong.
            AddressError: If the address is incomplete, contradicts another device's, or is no meter's.
        """
        profile = load_profile(address.profile, self._profiles)
        if profile.find("Energy.Active.Import.Register") is None:
            raise AddressError("profile", f"{profile.id} measures no energy")
        bus, unit = self._place(address, profile)
        return ModbusMeter(bus, unit, profile, timeout_s=address.timeout_s)

    def charge_controller(self, address: DeviceAddress) -> ModbusChargeController:
        """Return the charge controller at an address.

        Raises:
            ProfileError: If the profile is unknown or wrong.
            AddressError: If the address is incomplete, contradicts another device's, or is no controller's.
        """
        profile = load_profile(address.profile, self._profiles)
        if profile.kind != "charge-controller":
            raise AddressError("profile", f"{profile.id} is a {profile.kind}, not a charge-controller")
        bus, unit = self._place(address, profile)
        return ModbusChargeController(bus, unit, profile, timeout_s=address.timeout_s)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the buses' tasks; leaving closes all ports."""
        async with asyncio.TaskGroup() as tasks:
            owners = [
                tasks.create_task(line.bus.run(), name=f"bus {line.bus.name}")
                for line in self._lines.values()
            ]
            await asyncio.sleep(0)
            try:
                yield
            finally:
                for owner in owners:
                    owner.cancel()

    def _place(self, address: DeviceAddress, profile: Profile) -> tuple[Bus, int]:
        """Return the bus of the address's port, shared with the devices already on it, and the unit."""
        unit = profile.modbus.unit if address.unit is None else address.unit
        if not 1 <= unit <= (255 if address.host else 247):
            raise AddressError("unit", f"{unit} is not between 1 and {255 if address.host else 247}")
        line = self._serial_line(address, profile) if address.port else self._tcp_line(address, profile)
        if line.units.setdefault(unit, profile.id) != profile.id:
            raise AddressError("unit", f"{unit} on {line.bus.name} is already a {line.units[unit]}")
        return line.bus, unit

    def _serial_line(self, address: DeviceAddress, profile: Profile) -> _Line:
        assert address.port is not None
        if address.host:
            raise AddressError("host", "give either port or host, not both")
        settings = _settings(address, profile)
        key = os.path.realpath(address.port)
        if key not in self._lines:
            self._lines[key] = self._line(PymodbusSerial(address.port, settings, self._clock))
        line = self._lines[key]
        if line.settings != settings:
            raise AddressError("port", f"{address.port} is already driven at {line.settings}, not {settings}")
        return line

    def _tcp_line(self, address: DeviceAddress, profile: Profile) -> _Line:
        if not address.host:
            raise AddressError("port", "give the serial port, or host for Modbus TCP")
        port = address.tcp_port or profile.modbus.tcp_port or 502
        key = f"{address.host}:{port}"
        if key not in self._lines:
            self._lines[key] = self._line(PymodbusTcp(address.host, port, self._clock))
        return self._lines[key]

    def _line(self, transport: Transport) -> _Line:
        return _Line(bus=Bus(transport), settings=transport.serial, units={})


def _settings(address: DeviceAddress, profile: Profile) -> SerialSettings:
    default = profile.modbus.serial
    baud = address.baud or (default.baud if default else None)
    parity = address.parity or (default.parity if default else None)
    stop_bits = address.stopbits or (default.stop_bits if default else None)
    if baud is None or parity is None or stop_bits is None:
        missing = "baud" if baud is None else "parity" if parity is None else "stopbits"
        raise AddressError(missing, f"{profile.id} has no default, so it must be given")
    return SerialSettings(baud=baud, parity=parity, stop_bits=stop_bits)
