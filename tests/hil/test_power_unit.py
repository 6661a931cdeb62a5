"""A power unit that is the master, over TLS both ways: what it says, and how old that is."""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from fractions import Fraction

import pytest

from drivers.devices.modbus_dc_supply import ModbusDcOutput
from drivers.devices.modbus_device import Decoded
from drivers.emulated.kinds.dc_supply import DcSupply
from drivers.emulated.lines import TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import AskingSpec, DeviceSpec, RigSpec, TlsFiles
from drivers.modbus.terms import Priority
from drivers.modbus.tls import TlsSettings
from drivers.open import DeviceAddress
from drivers.ports import DcOutput, DeviceError
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.readings import DcReading, Quality
from tests.hil.controlled import hardware, retried
from tests.hil.test_controlled_values import held, invented
from tests.unit.drivers.modbus.hostile import TLS

NAME = "huawei-fusioncharge"
THEIRS = TlsFiles(certificate=TLS / "device.pem", key=TLS / "device.pem", authorities=TLS / "ca.pem")
OURS = TlsSettings(ca_file=TLS / "ca.pem", certificate=TLS / "station.pem")


FULL: Mapping[str, Value] = {
    "voltage": Decimal("812.34"),
    "current": Decimal("123.456"),
    "contactor": "on",
    "mode": "running",
    "fault": "ok",
    "most_voltage": Decimal(1000),
    "most_current": Decimal(250),
    "rated_power": Decimal(480_000),
}


@asynccontextmanager
async def power_unit(
    instance: int, shows: Mapping[str, Value] | None = None
) -> AsyncIterator[tuple[ModbusDevice, DcOutput]]:
    spec = RigSpec(
        lines={"line": AskingSpec(tls=THEIRS)},
        devices={"unit": DeviceSpec(profile=NAME, line="line", instance=instance, shows=shows or {})},
    )
    async with Rig(spec) as rig:
        line, device = rig.lines["line"], rig.devices["unit"]
        assert isinstance(line, TcpLine)
        assert isinstance(device, ModbusDevice)
        driver = hardware()
        port = driver.dc_output(
            DeviceAddress(profile=NAME, host=line.host, tcp_port=line.port, tls=OURS, instance=instance)
        )
        async with driver.running():
            yield device, port


def as_float32(number: Decimal) -> Decimal:
    (held,) = struct.unpack(">f", struct.pack(">f", float(number)))
    return Decimal(held)


def supply(device: ModbusDevice) -> DcSupply:
    assert isinstance(device.behaviour, DcSupply)
    return device.behaviour


@pytest.mark.parametrize("instance", [1, 4])
async def test_what_it_measures_is_read_as_it_wrote_it(instance: int) -> None:
    async with power_unit(instance, FULL) as (_, port):
        seen: list[DcReading] = []

        async def agrees() -> None:
            seen.append(await port.read())

        await retried(agrees)
        reading = seen[-1]
        assert (reading.voltage_v, reading.current_a) == (
            as_float32(Decimal("812.34")),
            as_float32(Decimal("123.456")),
        )
        assert (reading.is_on, reading.fault, reading.quality) == (True, None, Quality.GOOD)
        await retried(port.read_limits)
        limits = await port.read_limits()
        assert (limits.voltage_v, limits.current_a, limits.power_w) == (
            Decimal(1000),
            Decimal(250),
            Decimal(480_000),
        )


async def test_a_value_never_looks_younger_than_it_is() -> None:
    async with power_unit(1) as (device, port):
        await retried(port.read)
        device.silent = True
        first = await port.read()
        again = await port.read()
        assert again.taken_at == first.taken_at
        device.overridden = {"voltage": Decimal(500)}
        device.silent = False
        seen: list[DcReading] = [again]

        async def looks() -> None:
            seen.append(await port.read())

        while seen[-1].voltage_v != 500:
            await retried(looks)
        assert seen[-1].taken_at.monotonic_s > first.taken_at.monotonic_s


async def test_a_unit_that_never_wrote_has_no_values() -> None:
    async with power_unit(1) as (device, port):
        device.silent = True
        with pytest.raises(DeviceError):
            await port.read()
        device.silent = False
        await retried(port.read)
        assert supply(device).output.voltage_v == 0


async def test_a_faulty_unit_says_so() -> None:
    async with power_unit(1, {"fault": "faulty", "mode": "faulty"}) as (_, port):
        faults: list[str | None] = []

        async def looks() -> None:
            faults.append((await port.read()).fault)

        await retried(looks)
        assert faults == ["faulty"]


@pytest.mark.parametrize("instance", [1, 2])
async def test_every_point_is_read_exactly(instance: int) -> None:
    rng = random.Random(instance)
    async with power_unit(instance) as (device, port):
        assert isinstance(port, ModbusDcOutput)
        profile = device.profile
        truth = {point.name: invented(point, rng) for point in profile.points if point.mask is None}
        device.overridden = {**truth, "mode": "running", "fault": "ok"}
        names = [point.name for point in profile.points]
        found: dict[str, Decoded] = {}

        async def reads() -> None:
            found.update(await port.device.read_points(names, Priority.FAST))

        def is_held(point: Point) -> bool:
            if point.name not in found:
                return False
            wanted = truth.get(point.name, "running" if point.name == "mode" else "ok")
            value = found[point.name].value
            if isinstance(wanted, Decimal) and isinstance(value, Decimal):
                return Fraction(value) == held(point, wanted)
            return value == wanted

        async with asyncio.timeout(60):  # what was written before the values were set is overwritten soon
            while wrong := [point.name for point in profile.points if not is_held(point)]:
                await retried(reads)
        assert not wrong
