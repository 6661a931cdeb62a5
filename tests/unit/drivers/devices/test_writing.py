from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.devices.modbus_device import ModbusDevice
from drivers.devices.writing import CoolingDown, NeedNotMet, WriteNotApplied, Writer, nearest
from drivers.modbus.errors import ExceptionReply
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import TcpSlave, running, tcp_slave

PROFILE = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: Setter
modbus: {word_order: big, unit: 1, tcp_port: 502, max_hole: 20}
points:
  energy: {space: input, address: 0, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  level:
    {space: holding, address: 10, type: float32, unit: V, write: {function: 16, range: [0, 500]}}
  mode: {space: holding, address: 20, type: uint16, states: {0: local, 1: remote}, write: {function: 6}}
  guarded: {space: holding, address: 30, type: uint16, write: {function: 6, needs: {mode: remote}}}
  worn: {space: holding, address: 40, type: uint16, write: {function: 6, cool_down_s: 3600}}
  worn_unseen:
    {space: holding, address: 41, type: uint16, readable: no, write: {function: 6, cool_down_s: 3600}}
  low:
    {space: holding, address: 50, type: uint16, mask: 0x000F, write: {function: 6, keeps_others: yes}}
  high:
    {space: holding, address: 50, type: uint16, mask: 0x0FF0, write: {function: 6, keeps_others: yes}}
  slow: {space: holding, address: 60, type: uint16, poll: on_demand, write: {function: 6, settle_ms: 80}}
  blind: {space: holding, address: 70, type: uint16, write: {function: 6, verify: no}}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "demo.yaml"
    path.write_text(PROFILE)
    return load_profile(path)


@pytest.fixture
async def slave() -> AsyncIterator[TcpSlave]:
    async with tcp_slave() as one:
        yield one


@pytest.fixture
def registers(slave: TcpSlave, profile: Profile) -> Registers:
    memory = Registers(profile)
    slave.script = memory
    return memory


@pytest.fixture
async def writer(slave: TcpSlave, profile: Profile) -> AsyncIterator[Writer]:
    async with running(slave.bus()) as bus:
        yield Writer(ModbusDevice(bus, 1, profile, timeout_s=0.5))


async def test_a_number_is_written_as_near_as_the_register_can_hold_it_and_confirmed(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    level = profile.point("level")
    await writer.write(level, Decimal("400.1"))
    assert registers.get("level") == nearest(level, Decimal("400.1"))
    assert registers.words["holding", 10] == 0x43C8


async def test_a_value_outside_the_range_is_never_sent(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    with pytest.raises(ValueError, match=r"level cannot be set to 501; allowed: 0\.\.500"):
        await writer.write(profile.point("level"), Decimal(501))
    with pytest.raises(ValueError, match="energy cannot be set to 1; allowed: nothing"):
        await writer.write(profile.point("energy"), Decimal(1))
    assert registers.written == []


async def test_ensuring_writes_only_what_is_different(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    mode = profile.point("mode")
    await writer.ensure(mode, "local")
    assert registers.written == []
    await writer.ensure(mode, "remote")
    await writer.ensure(mode, "remote")
    assert registers.written_to("mode") == [1]


async def test_a_write_that_needs_another_value_is_not_sent_before_it_is_there(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    guarded = profile.point("guarded")
    with pytest.raises(NeedNotMet, match="guarded can be written only while mode is remote; it is local"):
        await writer.write(guarded, Decimal(5))
    assert registers.written == []
    registers.set("mode", "remote")
    await writer.write(guarded, Decimal(5))
    assert registers.written_to("guarded") == [5]


async def test_memory_that_wears_out_is_spared(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    worn = profile.point("worn")
    registers.set("worn", Decimal(7))
    await writer.write(worn, Decimal(7))
    assert registers.written == []
    await writer.write(worn, Decimal(8))
    await writer.write(worn, Decimal(8))
    assert registers.written_to("worn") == [8]
    with pytest.raises(CoolingDown) as caught:
        await writer.write(worn, Decimal(9))
    assert 0 < caught.value.retry_in_s <= 3600
    assert registers.written_to("worn") == [8]


async def test_memory_that_wears_out_and_cannot_be_read_is_spared_too(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    worn = profile.point("worn_unseen")
    await writer.write(worn, Decimal(8))
    await writer.write(worn, Decimal(8))
    with pytest.raises(CoolingDown):
        await writer.write(worn, Decimal(9))
    assert registers.written_to("worn_unseen") == [8]


async def test_bits_of_a_register_are_changed_without_touching_the_others(
    writer: Writer, registers: Registers, profile: Profile
) -> None:
    registers.words["holding", 50] = 0xA123
    await asyncio.gather(
        writer.write(profile.point("low"), Decimal(0xE)), writer.write(profile.point("high"), Decimal(0x55))
    )
    assert registers.words["holding", 50] == 0xA55E


async def test_a_device_is_given_time_before_it_is_believed_or_not(
    writer: Writer, registers: Registers, profile: Profile, slave: TcpSlave
) -> None:
    await writer.write(profile.point("slow"), Decimal(3))
    written, read = slave.asked[-2:]
    assert (written.function, read.function) == (6, 3)
    assert read.at_s - written.at_s >= 0.08


@pytest.mark.parametrize("name", ["level", "mode", "slow"])
async def test_a_write_that_is_confirmed_but_not_applied_is_found(
    writer: Writer, registers: Registers, profile: Profile, name: str
) -> None:
    point = profile.point(name)
    registers.ignored.add(point.address)
    value = "remote" if name == "mode" else Decimal(5)
    with pytest.raises(WriteNotApplied) as caught:
        await writer.write(point, value)
    assert (caught.value.address, caught.value.wanted) == (point.address, value)


async def test_what_need_not_be_verified_is_not_read_back(
    writer: Writer, registers: Registers, profile: Profile, slave: TcpSlave
) -> None:
    await writer.write(profile.point("blind"), Decimal(5))
    assert [asked.function for asked in slave.asked] == [6]


async def test_a_refused_write_is_an_error(writer: Writer, registers: Registers, profile: Profile) -> None:
    registers.refused.add(20)
    with pytest.raises(ExceptionReply):
        await writer.write(profile.point("mode"), "remote")
