"""Every way to reach a Modbus device, with the emulated hardware at the other end: what is read is true."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from drivers.emulated.line import LineTiming
from drivers.emulated.lines import Line, SerialLine, TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import (
    AskingSpec,
    DeviceSpec,
    DialOutSpec,
    LineSpec,
    RigSpec,
    RtuOverTcpSpec,
    SerialSpec,
    TcpSpec,
    TlsFiles,
)
from drivers.modbus.tls import TlsSettings
from drivers.open import DeviceAddress, Hardware
from drivers.ports import DeviceError, EnergyMeter
from drivers.readings import MeterReading
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import TLS

BAUD = 115200
TIMING = LineTiming(baud=BAUD)
OURS = TlsSettings(ca_file=TLS / "ca.pem", certificate=TLS / "station.pem")
THEIRS = TlsFiles(certificate=TLS / "device.pem", key=TLS / "device.pem", authorities=TLS / "ca.pem")
METER = "eastron-sdm630"
MASTER = """\
schema: chargehand-profile-1
id: unit
kind: meter
maker: Nobody
model: Power unit
modbus: {word_order: big, unit: 3, tcp_port: 502, answers: yes, max_hole: 0}
points:
  voltage: {space: holding, address: 10, type: float32, measurand: Voltage, phase: L1-N, unit: V}
  energy: {space: holding, address: 12, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@dataclass(frozen=True)
class Way:
    """How the device is connected, and how the station file would say it."""

    line: LineSpec
    address: Mapping[str, Any] = field(default_factory=dict)


def ways() -> dict[str, Way]:
    """Made for each test: a port that is free now may be taken later."""
    ours, ours_too = free_port(), free_port()
    return {
        "serial": Way(SerialSpec(timing=TIMING)),
        "serial by pymodbus": Way(SerialSpec(timing=TIMING), {"framing": "pymodbus"}),
        "tcp": Way(TcpSpec()),
        "tcp by pymodbus": Way(TcpSpec(), {"framing": "pymodbus"}),
        "rtu over tcp": Way(RtuOverTcpSpec(timing=TIMING), {"rtu_over_tcp": True}),
        "rtu over tcp by pymodbus": Way(
            RtuOverTcpSpec(timing=TIMING), {"rtu_over_tcp": True, "framing": "pymodbus"}
        ),
        "tls": Way(TcpSpec(tls=THEIRS), {"tls": OURS}),
        "dials in": Way(DialOutSpec(port=ours), {"listen": "127.0.0.1", "tcp_port": ours}),
        "dials in with tls": Way(
            DialOutSpec(port=ours_too, tls=THEIRS),
            {"listen": "127.0.0.1", "tcp_port": ours_too, "tls": OURS},
        ),
    }


def place(line: Line) -> dict[str, Any]:
    if isinstance(line, SerialLine):
        return {"port": line.path, "baud": BAUD, "parity": "N", "stopbits": 1}
    if isinstance(line, TcpLine):
        return {"host": "127.0.0.1", "tcp_port": line.port}
    return {}


def energy_mwh(rig: Rig, name: str = "energy_import") -> Decimal:
    device = rig.devices["meter"]
    assert isinstance(device, ModbusDevice)
    point = device.profile.point(name)
    value = point.decode(device.image.read(point.space, point.address, point.count))
    assert isinstance(value, Decimal)
    return value


async def until_read(meter: EnergyMeter) -> MeterReading:
    async with asyncio.timeout(20):
        while True:
            try:
                return await meter.read()
            except DeviceError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("name", sorted(ways()))
async def test_a_meter_is_read_truly_in_every_way(name: str) -> None:
    way = ways()[name]
    rig = Rig(RigSpec(lines={"line": way.line}, devices={"meter": DeviceSpec(profile=METER, line="line")}))
    async with rig:
        where = {**place(rig.lines["line"]), **way.address}
        if "listen" in where:
            where.pop("host", None)
        hardware = Hardware(clock=clock)
        meter = hardware.meter(DeviceAddress(profile=METER, **where))
        async with hardware.running():
            reading = await until_read(meter)
            assert reading.energy_import_mwh == energy_mwh(rig)
            assert (bus := hardware.buses[0]).metrics().unit(1).ok >= 3
            assert bus.metrics().is_open


async def test_a_device_that_is_the_master_is_read_with_the_age_of_its_own_words(tmp_path: Path) -> None:
    profile = tmp_path / "unit.yaml"
    profile.write_text(MASTER)
    rig = Rig(
        RigSpec(
            lines={"line": AskingSpec(tls=THEIRS)},
            devices={"meter": DeviceSpec(profile=profile, line="line", start_mwh=5_000_000)},
        )
    )
    async with rig:
        hardware = Hardware(clock=clock)
        meter = hardware.meter(DeviceAddress(profile=profile, tls=OURS, **place(rig.lines["line"])))
        began = clock()
        async with hardware.running():
            reading = await until_read(meter)
            assert reading.energy_import_mwh == energy_mwh(rig, "energy") == 5_000_000
            assert reading.taken_at.monotonic_s >= began.monotonic_s
            assert hardware.buses[0].metrics().unit(3).ok > 0
