"""Opens devices: the one place where a profile, a bus and a role come together.

Devices on the same port share one bus, so they must agree on the line.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from drivers.address import AddressError, DeviceAddress, serial_settings
from drivers.devices.modbus_bay_sensor import ModbusBaySensor
from drivers.devices.modbus_charge_controller import ModbusChargeController
from drivers.devices.modbus_control import ModbusControl
from drivers.devices.modbus_dc_charger import ModbusDcCharger
from drivers.devices.modbus_dc_supply import ModbusDcOutput, ModbusDcSupply
from drivers.devices.modbus_digital_pilot import ModbusDigitalPilot
from drivers.devices.modbus_isolation_monitor import ModbusIsolationMonitor
from drivers.devices.modbus_lock import ModbusLock
from drivers.devices.modbus_meter import ModbusMeter
from drivers.devices.modbus_phase_switch import ModbusPhaseSwitch
from drivers.devices.modbus_signed_meter import ModbusSignedMeter
from drivers.direct import DirectDevices
from drivers.modbus.answering import AnsweringBus
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import (
    DialInEndpoint,
    Endpoint,
    EndpointError,
    Framer,
    SerialEndpoint,
    TcpEndpoint,
    link_for,
    transport_for,
)
from drivers.modbus.line import Line
from drivers.modbus.tls import TlsSettings
from drivers.ports import (
    BaySensor,
    CardReader,
    ChargeController,
    ConnectorLock,
    DcCharger,
    DcOutput,
    DcSupply,
    DeviceError,
    DigitalPilot,
    Display,
    EnergyMeter,
    IsolationMonitor,
    PhaseSwitch,
    SignedMeter,
)
from drivers.profiles.load import load_profile
from drivers.profiles.model import Kind, Profile
from drivers.profiles.point import Point
from drivers.readings import Instant

__all__ = ["AddressError", "DeviceAddress", "Hardware", "endpoint_of"]

log = logging.getLogger(__name__)

LEAVE_S: Final = 2.0
"""How long leaving waits for devices that are to be left safe."""


class _Leaves(Protocol):
    async def leave(self) -> None: ...


Leaves = TypeVar("Leaves", bound=_Leaves)
Role = TypeVar("Role")


@dataclass(slots=True)
class _Line:
    """A port in use, and who is on it."""

    bus: Line
    endpoint: Endpoint
    framing: Framer
    units: dict[int, str]


class Hardware:
    """The station's devices. Ask for devices first, then run the buses around their use.

    Methods that return a device raise ProfileError if its profile is unknown or wrong, and AddressError if
    its address is incomplete, contradicts another device's, or is that of a device that cannot do this.
    """

    def __init__(self, *, clock: Callable[[], Instant], profiles: Path | None = None) -> None:
        self._clock = clock
        self._profiles = profiles
        self._lines: dict[str, _Line] = {}
        self._direct = DirectDevices(clock)
        self._controls: dict[tuple[str, int, int], ModbusControl] = {}
        self._leave: list[Callable[[], Awaitable[None]]] = []

    @property
    def buses(self) -> tuple[Line, ...]:
        """All buses in use, for their counters."""
        return tuple(line.bus for line in self._lines.values())

    def meter(self, address: DeviceAddress) -> EnergyMeter:
        """Return the energy meter at an address."""
        profile = self._load(address)
        match profile.protocol:
            case "lem-dcbm":
                return self._direct.lem_dcbm(address, profile)
            case "rapi":
                return self._direct.openevse_meter(self._own(address), profile)
            case "modbus" if any(_measures_energy(point) for point in profile.every_point):
                bus, unit = self._place(address, profile)
                return ModbusMeter(bus, unit, profile, timeout_s=address.timeout_s)
        raise AddressError("profile", f"{profile.id} measures no energy")

    def signed_meter(self, address: DeviceAddress) -> SignedMeter:
        """Return the signing meter at an address."""
        profile = self._load(address)
        if profile.protocol == "lem-dcbm":
            return self._direct.lem_dcbm(address, profile)
        if not profile.scripts.keys() >= {"begin", "end", "fetch_end"}:
            raise AddressError("profile", f"{profile.id} has no scripts for signed readings")
        bus, unit = self._place(address, profile)
        return ModbusSignedMeter(bus, unit, profile, clock=self._clock, timeout_s=address.timeout_s)

    def charge_controller(self, address: DeviceAddress) -> ChargeController:
        """Return the charge controller at an address."""
        profile = self._load(address)
        if profile.protocol == "rapi":
            return self._left(self._direct.openevse_controller(self._own(address), profile))
        device = self._control(address, "charge-controller")
        return self._left(self._capable(ModbusChargeController, device))

    def card_reader(self, address: DeviceAddress) -> CardReader:
        """Return the card reader at an address."""
        profile = self._load(address)
        if profile.protocol != "pn532":
            raise AddressError("profile", f"{profile.id} is a {profile.kind}, not a reader")
        return self._direct.pn532(self._own(address), profile)

    def display(self, address: DeviceAddress) -> Display:
        """Return the display at an address, which may be a charge controller's."""
        profile = self._load(address)
        if profile.protocol != "rapi":
            raise AddressError("profile", f"{profile.id} has no display")
        return self._direct.openevse_controller(self._own(address), profile)

    def phase_switch(self, address: DeviceAddress) -> PhaseSwitch:
        """Return the phase switch at an address, which may be a charge controller's."""
        return self._capable(ModbusPhaseSwitch, self._control(address))

    def digital_pilot(self, address: DeviceAddress) -> DigitalPilot:
        """Return what demands digital communication at an address, which is a charge controller's."""
        return self._capable(ModbusDigitalPilot, self._control(address))

    def lock(self, address: DeviceAddress) -> ConnectorLock:
        """Return the connector lock at an address, which may be a charge controller's."""
        profile = self._load(address)
        if profile.protocol == "rapi":
            return self._direct.openevse_controller(self._own(address), profile)
        return self._capable(ModbusLock, self._control(address))

    def bay_sensor(self, address: DeviceAddress) -> BaySensor:
        """Return the sensor of a parking bay at an address, which may be a charge controller's."""
        return self._capable(ModbusBaySensor, self._control(address))

    def dc_charger(self, address: DeviceAddress) -> DcCharger:
        """Return the DC charger at an address."""
        return self._left(self._capable(ModbusDcCharger, self._control(address, "dc-charger")))

    def dc_output(self, address: DeviceAddress) -> DcOutput:
        """Return the DC supply at an address, which may be one that others tell what to deliver."""
        return ModbusDcOutput(self._control(address, "power-supply"))

    def dc_supply(self, address: DeviceAddress) -> DcSupply:
        """Return the DC supply at an address."""
        return self._left(self._capable(ModbusDcSupply, self._control(address, "power-supply")))

    def isolation_monitor(self, address: DeviceAddress) -> IsolationMonitor:
        """Return the isolation monitor at an address."""
        return self._capable(ModbusIsolationMonitor, self._control(address, "isolation-monitor"))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the buses' tasks and keep controlled devices awake; leaving closes all ports.

        Before that, what was offered and not withdrawn goes to its safe value: nobody will watch it.
        """
        async with asyncio.TaskGroup() as tasks:
            owners = [
                tasks.create_task(line.bus.run(), name=f"bus {line.bus.name}")
                for line in self._lines.values()
            ]
            await asyncio.sleep(0)
            keepers = [tasks.create_task(one.keep()) for one in self._controls.values() if one.needs_upkeep]
            try:
                yield
            finally:
                for keeper in keepers:
                    keeper.cancel()
                await self._leave_safe()
                for owner in owners:
                    owner.cancel()
                self._direct.close()

    async def _leave_safe(self) -> None:
        """Let every device go to its safe value, as far as it answers in time."""
        try:
            async with asyncio.timeout(LEAVE_S), asyncio.TaskGroup() as leaving:
                for leave in self._leave:
                    leaving.create_task(_leave(leave))
        except TimeoutError:
            log.error("devices that did not answer in %.0f s may be left as they were", LEAVE_S)

    def _left(self, device: Leaves) -> Leaves:
        """Return a device that is to be left safe."""
        self._leave.append(device.leave)
        return device

    def _capable(self, role: Callable[[ModbusControl], Role], device: ModbusControl) -> Role:
        """Return a device in a role that its kind does not promise."""
        try:
            return role(device)
        except ValueError as error:
            raise AddressError("profile", str(error)) from error

    def _control(self, address: DeviceAddress, kind: Kind | None = None) -> ModbusControl:
        """Return the unit at an address, the same one for all its roles."""
        profile = self._load(address)
        if kind is not None and profile.kind != kind:
            raise AddressError("profile", f"{profile.id} is a {profile.kind}, not a {kind}")
        if profile.protocol != "modbus":
            raise AddressError("profile", f"{profile.id} speaks {profile.protocol}, and cannot do this")
        bus, unit = self._place(address, profile)
        key = (bus.name, unit, address.instance)
        if key not in self._controls:
            self._controls[key] = ModbusControl(bus, unit, profile, timeout_s=address.timeout_s)
        return self._controls[key]

    def _own(self, address: DeviceAddress) -> DeviceAddress:
        """Return the address of a device that shares its port with none, which must not be a bus's."""
        if address.port and os.path.realpath(address.port) in self._lines:
            raise AddressError("port", f"{address.port} is a Modbus line already")
        return address

    def _load(self, address: DeviceAddress) -> Profile:
        profile = load_profile(address.profile, self._profiles)
        if address.instance == 1:
            return profile
        most = len(profile.instances.offsets) if profile.instances else 1
        if not 1 <= address.instance <= most:
            raise AddressError("instance", f"{profile.id} has {most}, so {address.instance} is none of them")
        return load_profile(address.profile, self._profiles, address.instance)

    def _place(self, address: DeviceAddress, profile: Profile) -> tuple[Line, int]:
        """Return the bus of the address's port, shared with the devices already on it, and the unit."""
        unit = profile.modbus.unit if address.unit is None else address.unit
        most = 247 if address.port else 255
        if not 1 <= unit <= most:
            raise AddressError("unit", f"{unit} is not between 1 and {most}")
        line = self._line(endpoint_of(address, profile), address.framing, answers=profile.modbus.answers)
        if line.units.setdefault(unit, profile.id) != profile.id:
            raise AddressError("unit", f"{unit} on {line.bus.name} is already a {line.units[unit]}")
        return line.bus, unit

    def _line(self, endpoint: Endpoint, framing: Framer, *, answers: bool) -> _Line:
        if isinstance(endpoint, SerialEndpoint):
            field, key = "port", os.path.realpath(endpoint.port)
            if self._direct.has(key):
                raise AddressError("port", f"{endpoint.port} is a device's that shares it with none")
        else:
            field, key = "host", f"{endpoint.host}:{endpoint.port}"
        if key not in self._lines:
            bus = self._bus(endpoint, framing, answers=answers)
            self._lines[key] = _Line(bus=bus, endpoint=endpoint, framing=framing, units={})
        line = self._lines[key]
        if not _agree(line.endpoint, endpoint) or answers != isinstance(line.bus, AnsweringBus):
            raise AddressError(field, _disagreement(line.endpoint, endpoint))
        if line.framing != framing:
            raise AddressError("framing", f"another device on {line.bus.name} has {line.framing}")
        return line

    def _bus(self, endpoint: Endpoint, framing: Framer, *, answers: bool) -> Line:
        if answers:
            return AnsweringBus(link_for(endpoint), self._clock)
        try:
            return Bus(transport_for(endpoint, self._clock, framing))
        except EndpointError as error:
            raise AddressError("framing", str(error)) from error


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
        return SerialEndpoint(
            port=address.port, settings=serial_settings(address, profile, profile.modbus.serial)
        )
    tcp_port = address.tcp_port or profile.modbus.tcp_port or 502
    tls = address.tls or (TlsSettings() if profile.modbus.tls else None)
    if address.host:
        if profile.modbus.dials_in:
            raise AddressError("host", f"{profile.id} connects to us: give listen, an address of ours")
        return TcpEndpoint(host=address.host, port=tcp_port, rtu=address.rtu_over_tcp, tls=tls)
    assert address.listen is not None
    if tls and not tls.certificate:
        raise AddressError("tls", "a device that dials in with TLS needs to see a certificate of ours")
    return DialInEndpoint(
        host=address.listen,
        port=tcp_port,
        rtu=address.rtu_over_tcp,
        tls=tls,
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


async def _leave(leave: Callable[[], Awaitable[None]]) -> None:
    try:
        await leave()
    except DeviceError as error:
        log.error("a device may be left as it was: %s", error)


def _measures_energy(point: Point) -> bool:
    return point.measurand == "Energy.Active.Import.Register" and point.phase is None
