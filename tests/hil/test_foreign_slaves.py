"""The drivers on slaves that share no code with chargehand: exact values, confirmed writes, honest errors."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal

import pytest

from drivers.modbus.errors import ExceptionReply
from drivers.open import DeviceAddress, Hardware
from drivers.readings import Pilot
from tests.hil.foreign.slaves import (
    BAUD,
    ForeignSlave,
    Registers,
    modbus_serial_on_a_line,
    modbus_serial_on_tcp,
    pymodbustcp_server,
)
from tests.real_time import clock, until

Opened = Callable[[Registers], AbstractAsyncContextManager[ForeignSlave]]
SLAVES: dict[str, Opened] = {
    "modbus-serial, serial": modbus_serial_on_a_line,
    "modbus-serial, TCP": modbus_serial_on_tcp,
    "pyModbusTCP": pymodbustcp_server,
}
TCP_SLAVES = {name: opened for name, opened in SLAVES.items() if name != "modbus-serial, serial"}
TIMEOUT_S = 2.0

VOLTAGE_V, CURRENT_A, POWER_W, ENERGY_KWH = 231.25, 15.75, 3641.5, 98765.4375


def sdm630() -> Registers:
    """The registers of an SDM630 with the same values on all phases; exact as float32."""
    values = dict.fromkeys(range(0, 400, 2), 0.0)
    values |= {0: VOLTAGE_V, 2: VOLTAGE_V + 1, 4: VOLTAGE_V + 2}
    values |= {6: CURRENT_A, 8: CURRENT_A + 1, 10: CURRENT_A + 2}
    values |= {52: POWER_W, 62: 0.5, 70: 50.0, 72: ENERGY_KWH}
    words = {}
    for address, value in values.items():
        words[address], words[address + 1] = struct.unpack(">2H", struct.pack(">f", value))
    return Registers(unit=1, input=words)


def phoenix(pilot: str) -> Registers:
    return Registers(
        unit=180,
        input=dict.fromkeys(range(100, 130), 0) | {100: ord(pilot), 101: 32},
        holding={300: 6},
        coil={400: 0, 402: 1},
    )


def address(slave: ForeignSlave, profile: str, unit: int) -> DeviceAddress:
    if slave.path:
        return DeviceAddress(
            profile=profile,
            port=slave.path,
            baud=BAUD,
            parity="N",
            stopbits=1,
            unit=unit,
            timeout_s=TIMEOUT_S,
        )
    return DeviceAddress(
        profile=profile, host="127.0.0.1", tcp_port=slave.port, unit=unit, timeout_s=TIMEOUT_S
    )


@pytest.mark.parametrize("name", SLAVES)
async def test_the_driver_reads_a_foreign_meter_exactly(name: str) -> None:
    async with SLAVES[name](sdm630()) as slave:
        hardware = Hardware(clock=clock)
        meter = hardware.meter(address(slave, "eastron-sdm630", 1))
        async with hardware.running():
            readings = [await meter.read() for _ in range(3)]
    for reading in readings:
        assert reading.energy_import_mwh == int(Decimal(str(ENERGY_KWH)) * 1_000_000)
        voltages = [reading.find("Voltage", phase) for phase in ("L1-N", "L2-N", "L3-N")]
        assert [voltage and voltage.value for voltage in voltages] == [
            Decimal(str(VOLTAGE_V + offset)) for offset in range(3)
        ]
        power = reading.find("Power.Active.Import")
        assert power is not None
        assert power.value == Decimal(str(POWER_W))


@pytest.mark.parametrize("name", TCP_SLAVES)
async def test_the_driver_commands_a_foreign_controller(name: str) -> None:
    async with TCP_SLAVES[name](phoenix("B")) as slave:
        hardware = Hardware(clock=clock)
        controller = hardware.charge_controller(address(slave, "phoenix-em-cp-pp-eth", 180))
        async with hardware.running():
            reading = await controller.read_pilot()
            await controller.offer(13)
            await controller.withdraw()
        await until(lambda: len(slave.writes) >= 3)
    assert (reading.pilot, reading.cable_limit_a) == (Pilot.B, 32)
    assert slave.writes == [("holding", 300, 13), ("coil", 400, 1), ("coil", 400, 0)]


@pytest.mark.parametrize("name", SLAVES)
async def test_a_foreign_slave_without_the_registers_gives_an_error_and_no_value(name: str) -> None:
    async with SLAVES[name](Registers(unit=1, input={0: 1})) as slave:
        hardware = Hardware(clock=clock)
        meter = hardware.meter(address(slave, "eastron-sdm630", 1))
        async with hardware.running():
            if name == "pyModbusTCP":  # it has every register, and they are 0
                reading = await meter.read()
                assert reading.energy_import_mwh == 0
                return
            with pytest.raises(ExceptionReply) as caught:
                await meter.read()
    assert caught.value.exception_code == 2
