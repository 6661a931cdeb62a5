from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.devices.modbus_charge_controller import ModbusChargeController, PilotUnknown
from drivers.devices.modbus_control import ModbusControl
from drivers.devices.writing import WriteNotApplied
from drivers.modbus.errors import ExceptionReply, NoReply
from drivers.ports import ChargeController, DeviceError
from drivers.profiles.load import load_profile
from drivers.readings import Pilot
from tests.profiles import shipped_profile
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    Slave,
    TcpSlave,
    in_turn,
    running,
    saying,
    silent,
    tcp_slave,
)

PROFILE = shipped_profile("phoenix-em-cp-pp-eth")
MAX_CURRENT, ENABLE = 300, 400


@pytest.fixture
async def slave() -> AsyncIterator[TcpSlave]:
    async with tcp_slave() as one:
        yield one


@pytest.fixture
def registers(slave: TcpSlave) -> Registers:
    memory = Registers(PROFILE)
    memory.set("pilot", "A")
    slave.script = memory
    return memory


@pytest.fixture
async def controller(slave: TcpSlave) -> AsyncIterator[ModbusChargeController]:
    async with running(slave.bus()) as bus:
        yield ModbusChargeController(ModbusControl(bus, 180, PROFILE, timeout_s=0.2))


@pytest.mark.parametrize("pilot", list(Pilot))
async def test_every_pilot_state_is_read(
    controller: ModbusChargeController, registers: Registers, pilot: Pilot
) -> None:
    registers.set("pilot", pilot.value)
    registers.set("cable_limit", Decimal(32))
    reading = await controller.read_pilot()
    assert (reading.pilot, reading.cable_limit_a) == (pilot, 32)


async def test_a_cable_limit_that_is_none_is_unknown(
    controller: ModbusChargeController, registers: Registers
) -> None:
    assert (await controller.read_pilot()).cable_limit_a is None


@pytest.mark.parametrize("word", [0, ord("G"), ord("a"), 0x4100])
async def test_an_unknown_pilot_state_is_an_error(
    controller: ModbusChargeController, registers: Registers, word: int
) -> None:
    registers.set_words("pilot", word)
    with pytest.raises(PilotUnknown):
        await controller.read_pilot()


async def test_the_limit_is_set_and_confirmed_before_the_pilot_is_enabled(
    controller: ModbusChargeController, registers: Registers, slave: TcpSlave
) -> None:
    await controller.offer(16)
    assert [(asked.function, asked.address) for asked in slave.asked] == [
        (6, MAX_CURRENT),
        (3, MAX_CURRENT),
        (5, ENABLE),
        (1, ENABLE),
    ]
    assert registers.written == [(6, MAX_CURRENT, 16), (5, ENABLE, 1)]


async def test_withdrawing_disables_the_pilot_and_confirms_it(
    controller: ModbusChargeController, registers: Registers
) -> None:
    await controller.offer(16)
    await controller.withdraw()
    assert registers.written[-1] == (5, ENABLE, 0)
    assert registers.words["coil", ENABLE] == 0


@pytest.mark.parametrize("limit_a", [0, 5, 81, -1])
async def test_a_limit_outside_the_profile_is_never_sent(
    controller: ModbusChargeController, registers: Registers, limit_a: int
) -> None:
    with pytest.raises(ValueError, match=r"max_current cannot be set to -?\d+; allowed: 6\.\.80"):
        await controller.offer(limit_a)
    assert registers.written == []


@pytest.mark.parametrize("address", [MAX_CURRENT, ENABLE])
async def test_a_write_that_is_confirmed_but_not_carried_out_is_an_error(
    controller: ModbusChargeController, registers: Registers, address: int
) -> None:
    registers.ignored.add(address)
    with pytest.raises(WriteNotApplied) as caught:
        await controller.offer(16)
    assert (caught.value.unit, caught.value.address) == (180, address)


async def test_the_pilot_stays_off_if_the_limit_was_not_taken(
    controller: ModbusChargeController, registers: Registers
) -> None:
    registers.ignored.add(MAX_CURRENT)
    with pytest.raises(DeviceError):
        await controller.offer(16)
    assert [address for _, address, _ in registers.written] == [MAX_CURRENT]


async def test_what_the_profile_says_cannot_be_read_is_not_read_back(slave: TcpSlave, tmp_path: Path) -> None:
    text = (
        PROFILE.path.read_text()
        .replace(PROFILE.id, "blind")
        .replace("role: enable", "role: enable\n    readable: no")
    )
    (tmp_path / "blind.yaml").write_text(text)
    profile = load_profile(tmp_path / "blind.yaml")
    slave.script = Registers(profile)
    async with running(slave.bus()) as bus:
        await ModbusChargeController(ModbusControl(bus, 180, profile)).withdraw()
    assert [asked.function for asked in slave.asked] == [5]


async def test_a_refused_write_is_an_error(controller: ModbusChargeController, slave: TcpSlave) -> None:
    slave.script = saying(lambda asked: bytes([asked.function | 0x80, 2]))
    with pytest.raises(ExceptionReply):
        await controller.withdraw()


async def test_withdrawing_is_tried_even_while_the_unit_rests(
    controller: ModbusChargeController, registers: Registers, slave: TcpSlave
) -> None:
    slave.script = silent
    for _ in range(4):
        with pytest.raises(DeviceError):
            await controller.read_pilot()
    slave.script = registers
    await controller.withdraw()
    assert registers.written == [(5, ENABLE, 0)]


async def test_an_offer_and_a_withdrawal_at_once_end_in_the_order_they_were_asked(
    controller: ModbusChargeController, registers: Registers
) -> None:
    await asyncio.gather(controller.offer(16), controller.withdraw())
    assert registers.written == [(6, MAX_CURRENT, 16), (5, ENABLE, 1), (5, ENABLE, 0)]


async def test_a_cancelled_offer_does_not_outlive_the_withdrawal_after_it(
    controller: ModbusChargeController, registers: Registers, slave: TcpSlave
) -> None:
    for pause_s in (0.0, 0.0005, 0.001, 0.002):
        offer = asyncio.create_task(controller.offer(16))
        await asyncio.sleep(pause_s)
        offer.cancel()
        await controller.withdraw()
        assert registers.words["coil", ENABLE] == 0
        assert registers.written[-1] == (5, ENABLE, 0)


async def test_a_silent_controller_is_a_device_error_of_the_port(
    controller: ModbusChargeController, slave: TcpSlave
) -> None:
    port: ChargeController = controller
    slave.script = silent
    with pytest.raises(NoReply):
        await port.read_pilot()


async def test_an_old_pilot_state_is_never_given_after_a_failure(
    controller: ModbusChargeController, registers: Registers, slave: TcpSlave
) -> None:
    registers.set("pilot", "C")
    assert (await controller.read_pilot()).pilot is Pilot.C

    def then_unplugged(slave: Slave, asked: Asked) -> Answers:
        registers.set("pilot", "A")
        return []

    slave.script = in_turn(then_unplugged, registers)
    with pytest.raises(DeviceError):
        await controller.read_pilot()
    assert (await controller.read_pilot()).pilot is Pilot.A


async def test_a_profile_without_the_roles_makes_no_controller(slave: TcpSlave) -> None:
    with pytest.raises(ValueError, match="eastron-sdm630 has no point with role 'pilot'"):
        ModbusChargeController(ModbusControl(slave.bus(), 1, shipped_profile("eastron-sdm630")))
