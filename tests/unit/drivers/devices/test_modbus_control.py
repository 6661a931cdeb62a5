from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.devices.modbus_charge_controller import ModbusChargeController
from drivers.devices.modbus_control import SILENT_AFTER, ModbusControl, WatchdogStarved
from drivers.devices.modbus_phase_switch import ModbusPhaseSwitch
from drivers.devices.writing import WriteNotApplied
from drivers.ports import DeviceError
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.readings import Pilot
from tests.real_time import until
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import TcpSlave, running, silent, tcp_slave

HEAD = """\
schema: chargehand-profile-1
id: demo
kind: charge-controller
maker: Acme
model: Wallbox
modbus: {word_order: big, unit: 1, tcp_port: 502}
points:
  pilot: {space: input, address: 0, type: uint16, role: pilot, states: {1: A, 2: B, 3: C}}
  max_current:
    {space: holding, address: 10, type: uint16, role: max_current, unit: A,
     write: {function: 6, range: [6, 32], off: 0EXPIRES}}
  mode: {space: holding, address: 20, type: uint16, poll: on_demand, write: {function: 6}}
  fallback: {space: holding, address: 21, type: uint16, unit: A, poll: on_demand, write: {function: 6}}
  timeout: {space: holding, address: 22, type: uint16, unit: s, poll: on_demand, write: {function: 6}}
  heartbeat: {space: holding, address: 30, type: uint16, readable: no, write: {function: 6}}
"""
INIT = """\
init:
  - mode: 3
"""
WATCHDOG = """\
watchdog:
  arm: [{fallback: 6}, {timeout: 2}]
  feed: FEED
  every_s: 1
  within_s: 2
  safe_a: SAFE
"""
VARIANTS = """\
  generation: {space: holding, address: 40, type: uint32, poll: once}
  old_only:
    {space: holding, address: 41, type: uint16, poll: on_demand, when: {generation: {at_most: 1}},
     write: {function: 6}}
  new_only:
    {space: holding, address: 42, type: uint16, poll: on_demand, when: {generation: {at_least: 2}},
     write: {function: 6}}
init:
  - old_only: 7
  - new_only: 8
"""
Build = Callable[..., Profile]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(tail: str = INIT, *, feed: str = "", expires: str = "", safe_a: int = 6) -> Profile:
        path = tmp_path / "demo.yaml"
        text = HEAD + tail + (WATCHDOG if feed else "")
        path.write_text(text.replace("EXPIRES", expires).replace("FEED", feed).replace("SAFE", str(safe_a)))
        return load_profile(path)

    return build


@pytest.fixture
async def slave() -> AsyncIterator[TcpSlave]:
    async with tcp_slave() as one:
        yield one


@asynccontextmanager
async def controlled(slave: TcpSlave, profile: Profile) -> AsyncIterator[tuple[ModbusControl, Registers]]:
    registers = Registers(profile)
    registers.set("pilot", "B")
    slave.script = registers
    async with running(slave.bus()) as bus:
        yield ModbusControl(bus, 1, profile, timeout_s=0.2), registers


@asynccontextmanager
async def kept(device: ModbusControl) -> AsyncIterator[None]:
    keeper = asyncio.create_task(device.keep())
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])


async def test_a_device_is_prepared_before_it_is_used_and_only_once(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build(feed="read")) as (device, registers):
        controller = ModbusChargeController(device)
        for _ in range(3):
            assert (await controller.read_pilot()).pilot is Pilot.B
        assert registers.written == [(6, 20, 3), (6, 21, 6), (6, 22, 2)]


async def test_what_is_right_already_is_not_written(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build()) as (device, registers):
        registers.set("mode", Decimal(3))
        await device.meet()
        assert registers.written == []


async def test_two_callers_prepare_it_once(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build()) as (device, registers):
        await asyncio.gather(device.meet(), device.meet(), device.meet())
        assert registers.written_to("mode") == [3]


async def test_a_step_that_fails_makes_the_next_call_begin_again(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build(feed="read")) as (device, registers):
        controller = ModbusChargeController(device)
        registers.ignored.add(21)
        for _ in range(2):
            with pytest.raises(WriteNotApplied):
                await controller.read_pilot()
        with pytest.raises(WriteNotApplied):
            await controller.offer(16)
        assert registers.written_to("max_current") == []
        registers.ignored.clear()
        await controller.offer(16)
        assert registers.written_to("max_current") == [16]


async def test_energy_is_withdrawn_from_a_device_that_cannot_be_prepared(
    slave: TcpSlave, build: Build
) -> None:
    async with controlled(slave, build()) as (device, registers):
        registers.refused.add(20)
        registers.set("max_current", Decimal(16))
        await ModbusChargeController(device).withdraw()
        assert registers.get("max_current") == 0


async def test_a_device_that_was_silent_is_prepared_again(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build()) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        slave.script = silent
        for _ in range(SILENT_AFTER):
            with pytest.raises(DeviceError):
                await controller.read_pilot()
        registers.words.clear()
        registers.set("pilot", "A")
        slave.script = registers
        await until_answered(controller)
        assert registers.written_to("mode") == [3, 3]


async def test_a_single_lost_reply_is_no_reason_to_begin_again(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build()) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        slave.script = silent
        with pytest.raises(DeviceError):
            await controller.read_pilot()
        registers.set("mode", Decimal(1))
        slave.script = registers
        await controller.read_pilot()
        assert registers.written_to("mode") == [3]


async def test_a_pilot_that_makes_no_sense_is_a_reason_to_begin_again(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build()) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        registers.set_words("pilot", 6)
        registers.set("mode", Decimal(0))
        with pytest.raises(DeviceError):
            await controller.read_pilot()
        registers.set("pilot", "A")
        assert (await controller.read_pilot()).pilot is Pilot.A
        assert registers.written_to("mode") == [3, 3]


async def test_a_watchdog_is_fed_while_its_owner_calls(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build(feed="{heartbeat: 21930}")) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        assert registers.written_to("heartbeat") == [21930]
        async with kept(device), asyncio.timeout(30):
            while len(registers.written_to("heartbeat")) < 3:
                await controller.read_pilot()
                await asyncio.sleep(0.1)


async def test_a_watchdog_is_left_alone_when_its_owner_hangs(
    slave: TcpSlave, build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    async with controlled(slave, build(feed="{heartbeat: 21930}")) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.offer(16)
        async with kept(device):
            await until(lambda: "its owner hangs" in caplog.text)
            beats = registers.written_to("heartbeat")
            await asyncio.sleep(1.5)  # longer than it would have been fed again
            assert registers.written_to("heartbeat") == beats
            assert len(beats) <= 2


@pytest.mark.parametrize("feed", ["read", "write", "{heartbeat: 21930}"])
async def test_an_owner_that_was_away_too_long_is_told_so_once(
    slave: TcpSlave, build: Build, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with controlled(slave, build(feed=feed)) as (device, registers):
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        await controller.offer(16)
        loop = asyncio.get_running_loop()
        really = loop.time
        monkeypatch.setattr(loop, "time", lambda: really() + 60)
        with pytest.raises(WatchdogStarved, match="left alone for 60"):
            await controller.read_pilot()
        registers.set("fallback", Decimal(32))
        assert (await controller.read_pilot()).pilot is Pilot.B
        assert registers.get("fallback") == 6


async def test_a_setpoint_that_expires_is_repeated_and_what_was_withdrawn_is_not(
    slave: TcpSlave, build: Build
) -> None:
    async with controlled(slave, build(expires=", expires_s: 1")) as (device, registers):
        controller = ModbusChargeController(device)
        async with kept(device), asyncio.timeout(30):
            await controller.offer(16)
            while registers.written_to("max_current").count(16) < 3:
                await controller.read_pilot()
                await asyncio.sleep(0.05)
            await controller.withdraw()
            while registers.written_to("max_current").count(0) < 2:
                await controller.read_pilot()
                await asyncio.sleep(0.05)
        written = registers.written_to("max_current")
        assert 16 not in written[written.index(0) :]


async def test_an_offer_whose_withdrawal_failed_is_not_repeated(slave: TcpSlave, build: Build) -> None:
    async with controlled(slave, build(expires=", expires_s: 1")) as (device, registers):
        controller = ModbusChargeController(device)
        async with kept(device):
            await controller.offer(16)
            registers.ignored.add(10)
            with pytest.raises(WriteNotApplied):
                await controller.withdraw()
            registers.ignored.clear()
            offers = registers.written_to("max_current").count(16)
            for _ in range(15):
                await controller.read_pilot()
                await asyncio.sleep(0.1)
            assert registers.written_to("max_current").count(16) == offers


async def test_only_setpoints_are_repeated_to_feed_a_watchdog(slave: TcpSlave, build: Build) -> None:
    phases = """\
  phases:
    {space: holding, address: 15, type: uint16, role: phases, states: {0: "3", 1: "1"}, poll: on_demand,
     write: {function: 6}}
"""
    async with controlled(slave, build(phases, feed="write")) as (device, registers):
        controller = ModbusChargeController(device)
        await ModbusPhaseSwitch(device).use_phases(1)
        await controller.offer(16)
        async with kept(device), asyncio.timeout(30):
            while len(registers.written_to("max_current")) < 3:
                await controller.read_pilot()
                await asyncio.sleep(0.1)
        assert registers.written_to("phases") == [1]


@pytest.mark.parametrize(("generation", "address"), [(1, 41), (2, 42)])
async def test_the_variant_of_the_device_decides_how_it_is_prepared(
    slave: TcpSlave, build: Build, generation: int, address: int
) -> None:
    async with controlled(slave, build(VARIANTS)) as (device, registers):
        registers.set("generation", Decimal(generation))
        await device.meet()
        assert [at for _, at, _ in registers.written] == [address]


async def test_a_device_that_became_another_variant_is_prepared_as_that(
    slave: TcpSlave, build: Build
) -> None:
    async with controlled(slave, build(VARIANTS)) as (device, registers):
        registers.set("generation", Decimal(1))
        controller = ModbusChargeController(device)
        await controller.read_pilot()
        slave.script = silent
        with pytest.raises(DeviceError):
            await controller.read_pilot()
        registers.set("generation", Decimal(2))
        slave.script = registers
        await controller.read_pilot()
        assert registers.written_to("new_only") == [8]


@pytest.mark.parametrize(
    ("feed", "safe_a", "offered_a", "left_a"),
    [("read", 6, 16, 6), ("read", 10, 8, 8), ("read", 0, 16, 0), ("", 6, 16, 0), ("read", 6, None, 25)],
)
async def test_who_leaves_leaves_the_safe_value_and_never_raises_a_limit(
    slave: TcpSlave, build: Build, feed: str, safe_a: int, offered_a: int | None, left_a: int
) -> None:
    async with controlled(slave, build(feed=feed, safe_a=safe_a)) as (device, registers):
        controller = ModbusChargeController(device)
        registers.set("max_current", Decimal(25))
        if offered_a is not None:
            await controller.offer(offered_a)
        await controller.leave()
        assert registers.get("max_current") == left_a


async def until_answered(controller: ModbusChargeController) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await controller.read_pilot()
            except DeviceError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_only_a_device_that_was_prepared_is_said_to_be_ready(
    slave: TcpSlave, build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with controlled(slave, build("")) as (device, _):
        await device.meet()
        assert "is ready" not in caplog.text
    async with controlled(slave, build()) as (device, _):
        await device.meet()
        assert "demo is ready" in caplog.text
