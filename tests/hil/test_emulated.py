"""The emulated hardware answers masters that share no code with it: pymodbus, and bytes put together here."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ModbusIOException
from pymodbus.pdu import ModbusPDU

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.charging_bay import Truth
from drivers.emulated.ev import EvSpec
from drivers.profiles.block import Block
from drivers.profiles.model import Profile
from drivers.profiles.values import Value
from drivers.readings import Pilot
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.raw_master import RawSerialMaster, with_crc

METER = shipped_profile("eastron-sdm630")
CONTROLLER = shipped_profile("phoenix-em-cp-pp-eth")
METER_UNIT, CONTROLLER_UNIT = 1, 180
SPEEDY = 300.0


@asynccontextmanager
async def serial_master(bay: EmulatedBay) -> AsyncIterator[AsyncModbusSerialClient]:
    client = AsyncModbusSerialClient(bay.meter_port, baudrate=bay.baud, timeout=2, retries=0)
    assert await client.connect()
    try:
        yield client
    finally:
        client.close()


@asynccontextmanager
async def tcp_master(bay: EmulatedBay, timeout_s: float = 2) -> AsyncIterator[AsyncModbusTcpClient]:
    client = AsyncModbusTcpClient(bay.controller_host, port=bay.controller_port, timeout=timeout_s, retries=0)
    assert await client.connect()
    try:
        yield client
    finally:
        client.close()


async def read_all(client: ModbusBaseClient, profile: Profile) -> dict[str, Value | None]:
    """Poll every block of the profile and decode every point."""
    values: dict[str, Value | None] = {}
    for block in profile.blocks:
        registers = await read(client, block, profile.modbus.unit)
        for point in block.points:
            values[point.name] = point.decode(block.slice(point, registers))
    return values


async def read(client: ModbusBaseClient, block: Block, unit: int) -> Sequence[int]:
    ask = {
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
    }[block.space]
    reply = accepted(await ask(block.start, count=block.count, device_id=unit))
    return reply.bits[: block.count] if block.space in {"coil", "discrete"} else reply.registers


def accepted(reply: ModbusPDU) -> ModbusPDU:
    assert not reply.isError(), reply
    return reply


async def charge(bay: EmulatedBay, controller: AsyncModbusTcpClient, limit_a: int = 16) -> None:
    """Plug in, offer, and wait until the vehicle draws what it may."""
    bay.plug_in()
    accepted(await controller.write_register(300, limit_a, device_id=CONTROLLER_UNIT))
    accepted(await controller.write_coil(400, True, device_id=CONTROLLER_UNIT))
    await until_current(bay, 0.98 * limit_a)


async def until_current(bay: EmulatedBay, current_a: float) -> None:
    while max(bay.currents_a) < current_a:
        await next_tick(bay)


async def next_tick(bay: EmulatedBay) -> Truth:
    """Wait for the physics to move, without looking more often than it does."""
    ticked: asyncio.Future[Truth] = asyncio.get_running_loop().create_future()
    earlier = bay.on_truth

    def note(truth: Truth) -> None:
        if not ticked.done():
            ticked.set_result(truth)

    bay.on_truth = note
    try:
        return await ticked
    finally:
        bay.on_truth = earlier


async def test_pymodbus_reads_the_idle_meter_over_the_serial_line() -> None:
    async with EmulatedBay(baud=115200) as bay, serial_master(bay) as meter:
        values = await read_all(meter, METER)
    assert values["energy_import"] == Decimal(12_345_677_734)
    assert values["energy_export"] == 0
    assert values["power"] == values["current_l1"] == 0
    assert values["power_factor"] == 1
    for phase in (1, 2, 3):
        voltage = values[f"voltage_l{phase}"]
        assert isinstance(voltage, Decimal)
        assert 228 < voltage < 232


async def test_pymodbus_sees_a_whole_session_on_both_devices() -> None:
    async with (
        EmulatedBay(baud=115200, speed=SPEEDY, ev=EvSpec(reaction_s=2.0)) as bay,
        serial_master(bay) as meter,
        tcp_master(bay) as controller,
    ):
        assert (await read_all(controller, CONTROLLER))["pilot"] == "A"
        await charge(bay, controller)
        shown = await read_all(controller, CONTROLLER)
        assert (shown["pilot"], shown["enable"], shown["max_current"]) == ("C", True, Decimal(16))
        assert shown["cable_limit"] == Decimal(32)
        await next_tick(bay)
        accepted(await controller.write_coil(400, False, device_id=CONTROLLER_UNIT))
        assert not bay.contactor_closed
        ended = await read_all(meter, METER)
        assert ended["energy_import"] == bay.energy_register_mwh > 12_345_678_000
        assert ended["power"] == ended["current_l1"] == 0
        bay.unplug()
        assert (await read_all(controller, CONTROLLER))["pilot"] == "A"


async def test_currents_voltages_and_power_agree_on_the_wire() -> None:
    async with EmulatedBay(baud=115200, speed=50) as bay, serial_master(bay) as meter, tcp_master(bay) as tcp:
        await charge(bay, tcp)
        values = await read_all(meter, METER)
    numbers = {name: value for name, value in values.items() if isinstance(value, Decimal)}
    for phase in ("l1", "l2", "l3"):
        apparent = numbers[f"voltage_{phase}"] * numbers[f"current_{phase}"]
        assert abs(numbers[f"power_{phase}"] / apparent - numbers["power_factor"]) < Decimal("0.005")
        assert numbers[f"current_{phase}"] <= 16
    assert 49 < numbers["frequency"] < 51


async def test_pymodbus_gets_the_devices_exceptions() -> None:
    async with EmulatedBay(baud=115200) as bay, serial_master(bay) as meter, tcp_master(bay) as controller:
        replies = [
            await meter.read_holding_registers(0, count=2, device_id=METER_UNIT),
            await meter.read_input_registers(1000, count=2, device_id=METER_UNIT),
            await meter.read_input_registers(0, count=81, device_id=METER_UNIT),
            await controller.write_register(300, 5, device_id=CONTROLLER_UNIT),
            await controller.write_register(300, 81, device_id=CONTROLLER_UNIT),
            await controller.write_register(301, 16, device_id=CONTROLLER_UNIT),
        ]
    assert [reply.exception_code for reply in replies] == [1, 2, 3, 3, 3, 2]


async def test_only_the_functions_that_the_profile_names_are_there() -> None:
    async with EmulatedBay() as bay, tcp_master(bay) as controller:
        accepted(await controller.write_register(300, 20, device_id=CONTROLLER_UNIT))
        accepted(await controller.write_coil(400, True, device_id=CONTROLLER_UNIT))
        refused = [
            await controller.write_registers(300, [10], device_id=CONTROLLER_UNIT),
            await controller.write_coils(400, [False], device_id=CONTROLLER_UNIT),
        ]
        assert [reply.exception_code for reply in refused] == [1, 1]
        shown = await read_all(controller, CONTROLLER)
        assert (shown["max_current"], shown["enable"]) == (Decimal(20), True)


async def test_silence_is_a_timeout_and_ends() -> None:
    async with EmulatedBay() as bay, tcp_master(bay, timeout_s=0.1) as controller:
        bay.silence_controller(True)
        with pytest.raises(ModbusIOException):
            await controller.read_coils(400, count=1, device_id=CONTROLLER_UNIT)
        bay.silence_controller(False)
        accepted(await controller.read_coils(400, count=1, device_id=CONTROLLER_UNIT))


async def test_the_meter_at_9600_baud_byte_for_byte() -> None:
    async with EmulatedBay() as bay, RawSerialMaster(bay.meter_port) as master:
        reply = bytes.fromhex(await master.ask("01 04 00 00 00 50", 3 + 160))
        assert reply[:3] == bytes.fromhex("01 04 a0")
        voltages = struct.unpack_from(">3f", reply, 3)
        assert all(228 < voltage < 232 for voltage in voltages)
        (energy_kwh,) = struct.unpack_from(">f", reply, 3 + 2 * 72)
        assert energy_kwh == struct.unpack(">f", struct.pack(">f", 12345.678))[0]


async def test_the_meter_ignores_what_a_slave_must_ignore() -> None:
    async with EmulatedBay(baud=115200) as bay, RawSerialMaster(bay.meter_port) as master:
        request = with_crc(bytes.fromhex("01 04 00 46 00 02"))
        for ignored in (with_crc(b"\x02" + request[1:-2]), request[:-1] + b"\x00", request[1:], b"\x55"):
            master.send(ignored)
            await master.silence(0.05)
            assert (await master.ask("01 04 00 46 00 02", 7)).startswith("01 04 04 42 ")


async def test_a_broadcast_is_not_answered() -> None:
    async with EmulatedBay(baud=115200) as bay, RawSerialMaster(bay.meter_port) as master:
        master.send(with_crc(bytes.fromhex("00 06 00 00 00 01")))
        await master.silence(0.05)


async def test_requests_in_one_segment_are_all_answered_in_order() -> None:
    async with EmulatedBay() as bay:
        reader, writer = await asyncio.open_connection(bay.controller_host, bay.controller_port)
        requests = ["04 00 64 00 01", "06 01 2c 00 10", "05 01 90 ff 00", "01 01 90 00 01", "03 01 2c 00 01"]
        segment = b"".join(
            struct.pack(">HHHB", number, 0, 6, CONTROLLER_UNIT) + bytes.fromhex(pdu)
            for number, pdu in enumerate(requests)
        )
        writer.write(segment)
        replies = []
        for number in range(len(requests)):
            transaction, protocol, length, unit = struct.unpack(">HHHB", await reader.readexactly(7))
            assert (transaction, protocol, unit) == (number, 0, CONTROLLER_UNIT)
            replies.append((await reader.readexactly(length - 1)).hex(" "))
        assert replies == ["04 02 00 41", "06 01 2c 00 10", "05 01 90 ff 00", "01 01 01", "03 02 00 10"]
        writer.close()
        await writer.wait_closed()


async def test_several_masters_share_the_controller() -> None:
    async with EmulatedBay() as bay, tcp_master(bay) as one, tcp_master(bay) as other:
        accepted(await one.write_register(300, 32, device_id=CONTROLLER_UNIT))
        shown = await asyncio.gather(*(read_all(master, CONTROLLER) for master in (one, other) * 5))
        assert {str(values["max_current"]) for values in shown} == {"32"}


async def test_energy_on_the_wire_never_decreases_and_never_exceeds_the_truth_by_more_than_a_step() -> None:
    step_mwh = 1_000_000 // 1024
    async with (
        EmulatedBay(baud=115200, speed=SPEEDY) as bay,
        serial_master(bay) as meter,
        tcp_master(bay) as controller,
    ):
        await charge(bay, controller)
        energy = METER.point("energy_import")
        shown = [Decimal(0)]
        for _ in range(60):
            reply = await meter.read_input_registers(energy.address, count=2, device_id=METER_UNIT)
            value = energy.decode(accepted(reply).registers)
            assert isinstance(value, Decimal)
            assert value >= shown[-1]
            assert value <= bay.energy_mwh + step_mwh
            shown.append(value)
        assert bay.pilot is Pilot.C
        assert shown[-1] > shown[1]
