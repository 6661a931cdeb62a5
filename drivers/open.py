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
from drivers.modbus.endpoint import (
    DialInEndpoint,
    Endpoint,
    EndpointError,
    Library,
    SerialEndpoint,
    TcpEndpoint,
    transport_for,
)
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings
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

    One of `port` (a serial line), `host` (we connect) and `listen` (the device connects to us) must be given.
    """

    profile: str | Path
    port: str | None = None
    baud: int | None = None
    parity: Literal["N", "E", "O"] | None = None
    stopbits: Literal[1, 2] | None = None
    host: str | None = None
    tcp_port: int | None = None
    """Of the device, or with `listen` our own."""
    listen: str | None = None
    """An address of ours."""
    caller: str | None = None
    """With `listen`: the only address that may connect."""
    rtu_over_tcp: bool = False
    """Serial frames through a TCP connection, as simple gateways pass them on."""
    tls: TlsSettings | None = None
    rs485: bool = False
    """The kernel has to switch the transmitter of the serial port."""
    library: Library = "chargehand"
    unit: int | None = None
    timeout_s: float = 0.5


@dataclass(slots=True)
class _Line:
    """A port in use, and who is on it."""

    bus: Bus
    endpoint: Endpoint
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
        most = 247 if address.port else 255
        if not 1 <= unit <= most:
            raise AddressError("unit", f"{unit} is not between 1 and {most}")
        line = self._line(endpoint_of(address, profile), address.library)
        if line.units.setdefault(unit, profile.id) != profile.id:
            raise AddressError("unit", f"{unit} on {line.bus.name} is already a {line.units[unit]}")
        return line.bus, unit

    def _line(self, endpoint: Endpoint, library: Library) -> _Line:
        if isinstance(endpoint, SerialEndpoint):
            field, key = "port", os.path.realpath(endpoint.port)
        else:
            field, key = "host", f"{endpoint.host}:{endpoint.port}"
        if key not in self._lines:
            try:
                transport = transport_for(endpoint, self._clock, library)
            except EndpointError as error:
                raise AddressError("library", str(error)) from error
            self._lines[key] = _Line(bus=Bus(transport), endpoint=endpoint, units={})
        line = self._lines[key]
        if not _agree(line.endpoint, endpoint):
            raise AddressError(field, _disagreement(line.endpoint, endpoint))
        return line


def endpoint_of(address: DeviceAddress, profile: Profile) -> Endpoint:
    """Return where a device's bus is, completed from its profile.

    Raises:
        AddressError: If the address is incomplete or contradicts itself.
    """
    given = [name for name in ("port", "host", "listen") if getattr(address, name)]
    if not given:
        raise AddressError("port", "give the serial port, or host for Modbus TCP, or listen")
    if len(given) > 1:
        raise AddressError(given[1], f"give either {' or '.join(given)}, not both")
    if address.port:
        return SerialEndpoint(port=address.port, settings=_settings(address, profile))
    tcp_port = address.tcp_port or profile.modbus.tcp_port or 502
    if address.host:
        return TcpEndpoint(host=address.host, port=tcp_port, rtu=address.rtu_over_tcp, tls=address.tls)
    assert address.listen is not None
    if address.tls and not address.tls.certificate:
        raise AddressError("tls", "a device that dials in with TLS needs to see a certificate of ours")
    return DialInEndpoint(
        host=address.listen,
        port=tcp_port,
        rtu=address.rtu_over_tcp,
        tls=address.tls,
        caller=address.caller,
    )


def _agree(first: Endpoint, second: Endpoint) -> bool:
    """Tell whether two ways to the same place are one; a serial port may have several names."""
    if isinstance(first, SerialEndpoint) and isinstance(second, SerialEndpoint):
        return first.settings == second.settings
    return first == second


def _disagreement(first: Endpoint, second: Endpoint) -> str:
    if isinstance(first, SerialEndpoint) and isinstance(second, SerialEndpoint):
        return f"{second.port} is already driven at {first.settings}, not {second.settings}"
    return "another device on it has other settings; they must agree"


def _settings(address: DeviceAddress, profile: Profile) -> SerialSettings:
    default = profile.modbus.serial
    baud = address.baud or (default.baud if default else None)
    parity = address.parity or (default.parity if default else None)
    stop_bits = address.stopbits or (default.stop_bits if default else None)
    if baud is None or parity is None or stop_bits is None:
        missing = "baud" if baud is None else "parity" if parity is None else "stopbits"
        raise AddressError(missing, f"{profile.id} has no default, so it must be given")
    return SerialSettings(baud=baud, parity=parity, stop_bits=stop_bits, rs485=address.rs485)
