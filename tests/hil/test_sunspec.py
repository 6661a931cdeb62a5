"""SunSpec model 203 at each of its places: found by our driver, and scanned by pysunspec2 on our emulator."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sunspec2.modbus.client import SunSpecModbusClientDeviceTCP

from drivers.emulated.lines import TcpLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, RigSpec, TcpSpec
from drivers.open import DeviceAddress, Hardware
from drivers.profiles.values import Value
from tests.real_time import clock

PROFILE = "sunspec-203"
SHOWN: dict[str, Value] = {
    "voltage_l2": Decimal("231.25"),
    "current_l3": Decimal("15.75"),
    "power": Decimal(10_870),
    "energy_import": Decimal(98_765_432_000),
}
"""In the units of readings: V, A, W, mWh."""


def rig(base: int) -> Rig:
    device = DeviceSpec(profile=PROFILE, line="net", base=base, shows=SHOWN)
    return Rig(RigSpec(lines={"net": TcpSpec()}, devices={"meter": device}))


def port_of(running: Rig) -> int:
    line = running.lines["net"]
    assert isinstance(line, TcpLine)
    return line.port


@pytest.mark.parametrize("base", [0, 40000, 50000])
async def test_the_driver_finds_the_model_wherever_it_is(base: int) -> None:
    async with rig(base) as running:
        hardware = Hardware(clock=clock)
        meter = hardware.meter(
            DeviceAddress(profile=PROFILE, host="127.0.0.1", tcp_port=port_of(running), timeout_s=2)
        )
        async with hardware.running():
            reading = await meter.read()
    assert reading.energy_import_mwh == SHOWN["energy_import"]
    voltage, current = reading.find("Voltage", "L2-N"), reading.find("Current.Import", "L3")
    assert voltage is not None
    assert current is not None
    assert (voltage.value, current.value) == (SHOWN["voltage_l2"], SHOWN["current_l3"])


@pytest.mark.parametrize("base", [40000, 50000])
async def test_a_foreign_sunspec_master_scans_and_reads_the_emulated_meter(base: int) -> None:
    async with rig(base) as running:
        model = await asyncio.to_thread(scan, port_of(running))
    assert model["PhVphB"] == float(Decimal("231.25"))
    assert model["AphC"] == float(Decimal("15.75"))
    assert model["W"] == 10_870
    assert model["TotWhImp"] == 98_765_432


def scan(port: int) -> dict[str, Any]:
    """Return the values of model 203 as pysunspec2 finds them, scaled by it."""
    device = SunSpecModbusClientDeviceTCP(slave_id=1, ipaddr="127.0.0.1", ipport=port, timeout=5)
    try:
        device.scan()
        (model,) = device.models[203]
        return {name: point.cvalue for name, point in model.points.items()}
    finally:
        device.close()
