"""One emulated device on a line of its own, and what drives it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from drivers.devices.modbus_control import ModbusControl
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.ev import EvSpec
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import SerialLine, TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, LineSpec, RigSpec, SerialSpec, TcpSpec
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import transport_for
from drivers.modbus.line import running
from drivers.open import DeviceAddress, Hardware, endpoint_of
from drivers.ports import DeviceError
from drivers.profiles.find import list_profiles
from drivers.profiles.links import ModbusDefaults
from drivers.profiles.load import load_profile
from drivers.profiles.values import Value
from tests.profiles import shipped_profile
from tests.real_time import clock

BAUD = 115200
QUICK_EV = EvSpec(reaction_s=0, ramp_a_per_s=1000, imbalance=0)
NAME = "device"


def shipped(kind: str) -> list[str]:
    """Return the ids of the shipped profiles of a kind whose devices we ask over Modbus."""
    return sorted(
        name
        for name, path in list_profiles().items()
        if path.parent.name == kind
        and isinstance(link := shipped_profile(name).link, ModbusDefaults)
        and not link.answers
    )


@dataclass(frozen=True)
class Bench:
    """An emulated device and how to reach it."""

    rig: Rig
    address: DeviceAddress

    @property
    def device(self) -> ModbusDevice:
        device = self.rig.devices[NAME]
        assert isinstance(device, ModbusDevice)
        return device

    @property
    def bay(self) -> ChargingBay:
        return self.device.bay


@asynccontextmanager
async def bench(
    profile: str, *, shows: Mapping[str, Value] | None = None, instance: int = 1
) -> AsyncIterator[Bench]:
    """Run a device: on a pseudo terminal if it has a serial line, else on TCP."""
    serial = load_profile(profile).modbus.tcp_port is None
    line: LineSpec = SerialSpec(timing=LineTiming(baud=BAUD)) if serial else TcpSpec()
    spec = RigSpec(
        lines={"line": line},
        devices={NAME: DeviceSpec(profile=profile, line="line", shows=shows or {}, instance=instance)},
        bays={"bay": BaySpec(ev=QUICK_EV)},
    )
    async with Rig(spec) as rig:
        yield Bench(rig, replace(address_of(rig, profile), instance=instance))


def address_of(rig: Rig, profile: str) -> DeviceAddress:
    """Return how a driver reaches the rig's only line."""
    line = rig.lines["line"]
    if isinstance(line, SerialLine):
        return DeviceAddress(profile=profile, port=line.path, baud=BAUD, parity="N", stopbits=1, timeout_s=1)
    assert isinstance(line, TcpLine)
    return DeviceAddress(profile=profile, host=line.host, tcp_port=line.port, timeout_s=1)


def hardware() -> Hardware:
    return Hardware(clock=clock)


@asynccontextmanager
async def reading(on_bench: Bench) -> AsyncIterator[ModbusControl]:
    """Run a bus of its own with the device on it, as far as its profile says without having asked it."""
    profile = load_profile(on_bench.address.profile, instance=on_bench.address.instance)
    bus = Bus(transport_for(endpoint_of(on_bench.address, profile), clock))
    async with running(bus):
        yield ModbusControl(bus, on_bench.device.unit, profile, timeout_s=1)


async def retried(call: Callable[[], Awaitable[object]], within_s: float = 60) -> None:
    """Call until the device does not fail any more."""
    async with asyncio.timeout(within_s):
        while True:
            try:
                await call()
            except DeviceError:
                await asyncio.sleep(0.05)
            else:
                return
