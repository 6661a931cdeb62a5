"""Masters that share no code with chargehand charge an emulated vehicle and read the truth from its meter."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Callable

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import TcpLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import START_MWH, DeviceSpec, RigSpec, RtuOverTcpSpec
from drivers.readings import Pilot
from tests.hil.foreign.masters import Master, Mbpoll, MinimalModbus, ModbusSerial, PyModbusTcp, Serial, Tcp
from tests.real_time import until

SERIAL_MASTERS: dict[str, Callable[[Serial], Master]] = {
    "mbpoll": Mbpoll,
    "modbus-serial": ModbusSerial,
    "minimalmodbus": MinimalModbus,
}
TCP_MASTERS: dict[str, Callable[[Tcp], Master]] = {
    "mbpoll": Mbpoll,
    "modbus-serial": ModbusSerial,
    "pyModbusTCP": PyModbusTcp,
}
LIMIT_A = 16


@pytest.fixture
async def bay() -> AsyncIterator[EmulatedBay]:
    async with EmulatedBay(speed=300, baud=19200) as running:
        yield running


def floats(registers: list[int]) -> list[float]:
    """Return the SDM630's values: float32, most significant register first."""
    return list(struct.unpack(f">{len(registers) // 2}f", struct.pack(f">{len(registers)}H", *registers)))


def as_float32(value: float) -> float:
    (rounded,) = struct.unpack(">f", struct.pack(">f", value))
    return float(rounded)


@pytest.mark.parametrize("name", TCP_MASTERS)
async def test_a_foreign_master_charges_the_vehicle_over_tcp(bay: EmulatedBay, name: str) -> None:
    """Phoenix EM-CP-PP-ETH: pilot letter in input register 100, limit in holding 300, enable in coil 400."""
    link = Tcp(host=bay.controller_host, port=bay.controller_port, unit=bay.controller_unit)
    master = TCP_MASTERS[name](link)
    assert await master.read("input", 100, 1) == [ord("A")]
    bay.plug_in()
    assert await master.read("input", 100, 1) == [ord("B")]
    await master.write_register(300, LIMIT_A)
    await master.write_coil(400, True)
    await until(lambda: bay.pilot is Pilot.C and bay.truth().currents_ma[0] > (LIMIT_A - 1) * 1000)
    assert await master.read("input", 100, 1) == [ord("C")]
    assert await master.read("holding", 300, 1) == [LIMIT_A]
    assert await master.read("coil", 400, 1) == [1]
    low, high = await master.read("input", 114, 2)
    assert high << 16 | low == bay.truth().currents_ma[0]
    await master.write_coil(400, False)
    assert not bay.contactor_closed


@pytest.mark.parametrize("name", SERIAL_MASTERS)
async def test_a_foreign_master_reads_the_truth_over_a_serial_line(bay: EmulatedBay, name: str) -> None:
    """Eastron SDM630: volts, amperes and watts of three phases from input register 0, energy at 72 (kWh)."""
    master = SERIAL_MASTERS[name](Serial(path=bay.meter_port, baud=bay.baud, unit=bay.meter_unit))
    controller = TCP_MASTERS["pyModbusTCP"](
        Tcp(host=bay.controller_host, port=bay.controller_port, unit=bay.controller_unit)
    )
    bay.plug_in()
    await controller.write_register(300, LIMIT_A)
    await controller.write_coil(400, True)
    await until(lambda: bay.truth().currents_ma[0] > (LIMIT_A - 1) * 1000)
    currents = floats(await master.read("input", 6, 6))
    assert currents == [as_float32(current_ma / 1000) for current_ma in bay.truth().currents_ma]
    await controller.write_coil(400, False)
    (energy_kwh,) = floats(await master.read("input", 72, 2))
    assert energy_kwh == as_float32(bay.energy_mwh / 1e6)
    assert energy_kwh > as_float32(bay.meter_start_mwh / 1e6)


@pytest.mark.parametrize("name", SERIAL_MASTERS)
async def test_a_foreign_master_is_refused_as_the_standard_says(bay: EmulatedBay, name: str) -> None:
    """Modbus application protocol V1.1b3, section 7: exception 2 for an address outside the map."""
    master = SERIAL_MASTERS[name](Serial(path=bay.meter_port, baud=bay.baud, unit=bay.meter_unit))
    with pytest.raises((AssertionError, OSError), match=r"(?i)illegal.*address"):
        await master.read("input", 9000, 2)
    assert len(await master.read("input", 0, 2)) == 2


async def test_a_foreign_master_reads_serial_frames_through_a_tcp_gateway() -> None:
    spec = RigSpec(
        lines={"gateway": RtuOverTcpSpec(timing=LineTiming(baud=19200))},
        devices={"meter": DeviceSpec(profile="eastron-sdm630", line="gateway", unit=7)},
    )
    async with Rig(spec) as rig:
        line = rig.lines["gateway"]
        assert isinstance(line, TcpLine)
        master = ModbusSerial(Tcp(host=line.host, port=line.port, unit=7, framed_as_rtu=True))
        (energy_kwh,) = floats(await master.read("input", 72, 2))
    assert energy_kwh == as_float32(START_MWH / 1e6)
