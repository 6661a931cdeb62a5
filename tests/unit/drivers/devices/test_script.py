"""Scripts step by step, against a slave with real registers on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.devices.modbus_device import ModbusDevice
from drivers.devices.script import ScriptFailed, UnexpectedValue, run_script
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
model: Signer
modbus: {word_order: big, unit: 1, tcp_port: 502, max_hole: 0, max_read: 20, max_write: 10}
points:
  energy: {space: input, address: 0, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  epoch: {space: holding, address: 10, type: uint32, poll: on_demand, write: {function: 16}}
  offset: {space: holding, address: 12, type: int16, poll: on_demand, write: {function: 16}}
  apart: {space: holding, address: 14, type: uint16, poll: on_demand, write: {function: 16, range: [0, 9]}}
  single: {space: holding, address: 15, type: uint16, poll: on_demand, write: {function: 6}}
  beside: {space: holding, address: 16, type: uint16, poll: on_demand, write: {function: 6}}
  name: {space: holding, address: 100, type: string, length: 25, poll: on_demand, write: {function: 16}}
  size: {space: holding, address: 200, type: uint16, poll: on_demand, write: {function: 6}}
  sized:
    space: holding
    address: 201
    type: string
    length: 50
    length_from: {point: size, unit: bytes}
    poll: on_demand
    write: {function: 16}
  file: {space: holding, address: 300, type: bytes, length: 45, poll: on_demand}
  status:
    {space: holding, address: 400, type: uint16, states: {0: valid, 2: updating, 3: failed}, poll: on_demand}
scripts:
  set: [{write: {offset: $offset, epoch: $epoch, apart: 3, beside: 6, single: 5}}]
  name: [{write: {name: $name}}]
  sized: [{write: {sized: $text}}, {write: {size: $bytes}}, {read: [sized, size]}]
  file: [{read: [file]}]
  wait: [{wait: {point: status, for: valid, while: [updating], within_s: 1, every_ms: 1}}]
  late: [{write: {apart: 1}}, {wait: {point: status, for: valid, within_s: 1, every_ms: 100}}]
  wrong: [{write: {apart: 1}}, {write: {apart: $apart, single: 9}}]
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "demo.yaml"
    path.write_text(PROFILE, "utf-8")
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
async def device(slave: TcpSlave, profile: Profile) -> AsyncIterator[ModbusDevice]:
    async with running(slave.bus()) as bus:
        yield ModbusDevice(bus, 1, profile, timeout_s=0.5)


async def run(device: ModbusDevice, script: str, /, **variables: str | int) -> dict[str, object]:
    values = {name: Decimal(value) if isinstance(value, int) else value for name, value in variables.items()}
    results = await run_script(device, device.profile.scripts[script], values)
    return {name: item.value for name, item in results.items()}


async def test_neighbours_go_in_one_request_and_single_registers_each_in_theirs(
    device: ModbusDevice, registers: Registers
) -> None:
    await run(device, "set", epoch=1609491600, offset=-60)
    assert [(function, address) for function, address, _ in registers.written] == [
        (16, 10),
        (16, 14),
        (6, 15),
        (6, 16),
    ]
    assert (registers.get("epoch"), registers.get("offset")) == (Decimal(1609491600), Decimal(-60))


async def test_a_long_text_is_written_and_read_in_parts(device: ModbusDevice, registers: Registers) -> None:
    await run(device, "name", name="a text of thirty-three characters")
    assert [address for _, address, _ in registers.written] == [100, 110, 120]
    assert registers.get("name") == "a text of thirty-three characters"
    registers.set("file", "ab" * 90)
    assert await run(device, "file") == {"file": "ab" * 90}


async def test_a_text_whose_length_another_point_says_takes_no_more_registers_than_it_needs(
    device: ModbusDevice, registers: Registers
) -> None:
    assert await run(device, "sized", text="odd", bytes=3) == {"sized": "odd", "size": Decimal(3)}
    assert registers.written[0][:2] == (16, 201)
    assert ("holding", 203) not in registers.words


@pytest.mark.parametrize("size", [0, 101])
async def test_a_length_that_cannot_be_is_told(device: ModbusDevice, registers: Registers, size: int) -> None:
    with pytest.raises(ScriptFailed, match=rf"step 3 of script 'sized' .*says that it has {size} bytes"):
        await run(device, "sized", text="x", bytes=size)


async def test_it_waits_until_the_value_is_there(device: ModbusDevice, registers: Registers) -> None:
    registers.set("status", "updating")
    registers.on_write = lambda _: None
    reads = 0
    answer = registers._answer

    def later(asked):  # type: ignore[no-untyped-def]
        nonlocal reads
        reads += 1
        if reads == 4:
            registers.set("status", "valid")
        return answer(asked)

    registers._answer = later  # type: ignore[method-assign]
    assert await run(device, "wait") == {}
    assert reads == 4


async def test_a_value_that_will_not_become_right_ends_the_wait_at_once(
    device: ModbusDevice, registers: Registers
) -> None:
    registers.set("status", "failed")
    with pytest.raises(ScriptFailed, match=r"step 1 .*status is failed instead of valid") as caught:
        await run(device, "wait")
    assert isinstance(caught.value.__cause__, UnexpectedValue)


async def test_a_wait_gives_up_and_says_what_it_saw_last(device: ModbusDevice, registers: Registers) -> None:
    registers.set("status", "updating")
    with pytest.raises(
        ScriptFailed, match=r"step 2 .*did not become valid within 1 s; last: updating"
    ) as caught:
        await run(device, "late")
    assert (caught.value.script, caught.value.step) == ("late", 2)


async def test_a_refused_write_says_its_step_and_is_not_repeated(
    device: ModbusDevice, registers: Registers
) -> None:
    registers.refused.add(15)
    with pytest.raises(ScriptFailed, match=r"unit 1 on .*: step 2 of script 'wrong' failed") as caught:
        await run(device, "wrong", apart=2)
    assert isinstance(caught.value.__cause__, ExceptionReply)
    assert registers.written_to("apart") == [1, 2]


async def test_a_value_that_the_profile_forbids_is_not_written_nor_anything_beside_it(
    device: ModbusDevice, registers: Registers
) -> None:
    with pytest.raises(ScriptFailed, match=r"step 2 .*apart cannot be set to .*10.*allowed: 0\.\.9"):
        await run(device, "wrong", apart=10)
    assert [address for _, address, _ in registers.written] == [14]


async def test_a_variable_that_is_missing_is_the_caller_s_mistake(device: ModbusDevice) -> None:
    with pytest.raises(ValueError, match="script 'set' needs values for epoch"):
        await run_script(device, device.profile.scripts["set"], {"offset": Decimal(0)})
