"""Faults as they arrive on real lines: at a master that works on bytes, and at pymodbus."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pymodbus import FramerType
from pymodbus.client import AsyncModbusTcpClient

from drivers.emulated.ev import EvSpec
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Schedule, Where
from drivers.emulated.faults.messages import WrongTransaction, WrongUnit
from drivers.emulated.faults.state import DeviceSwap, Rollover, Unplug
from drivers.emulated.faults.values import Frozen
from drivers.emulated.faults.wire import (
    BitFlip,
    Contention,
    Delay,
    Duplicate,
    Echo,
    LeadingNoise,
    Reset,
    Truncate,
)
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import SerialLine, TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, RigSpec, RtuOverTcpSpec, SerialSpec, TcpSpec
from tests.unit.drivers.emulated.raw_master import RawSerialMaster, with_crc

FAST = LineTiming(baud=115200)
ENERGY = "04 00 48 00 02"
KWH_1 = "04 04 3f 80 00 00"
ONCE = Schedule(times=1)
SPEC = RigSpec(
    lines={"bus": SerialSpec(timing=FAST), "net": TcpSpec(), "gateway": RtuOverTcpSpec(timing=FAST)},
    devices={
        "meter1": DeviceSpec(profile="eastron-sdm630", line="bus", start_mwh=1_000_000),
        "meter2": DeviceSpec(profile="eastron-sdm630", line="bus", unit=2, start_mwh=2_000_000),
        "cp": DeviceSpec(profile="phoenix-em-cp-pp-eth", line="net"),
        "meter3": DeviceSpec(profile="eastron-sdm630", line="gateway", start_mwh=1_000_000),
    },
    bays={"bay": BaySpec(ev=EvSpec(reaction_s=0))},
    speed=1000,
)


@asynccontextmanager
async def bus(spec: RigSpec = SPEC) -> AsyncIterator[tuple[Rig, RawSerialMaster]]:
    async with Rig(spec) as rig:
        line = rig.lines["bus"]
        assert isinstance(line, SerialLine)
        async with RawSerialMaster(line.path) as master:
            yield rig, master


def inject(rig: Rig, fault: Fault, device: str = "meter1", when: Schedule = ONCE) -> None:
    rig.inject(fault, Where(devices=frozenset({device})), when)


def port(rig: Rig, line: str) -> int:
    found = rig.lines[line]
    assert isinstance(found, TcpLine)
    return found.port


async def until(rig: Rig, holds: Callable[[], bool]) -> None:
    while not holds():
        ticked = asyncio.Event()
        rig.on_tick = ticked.set
        await ticked.wait()


async def test_a_late_reply_leaves_the_line_free_and_comes_between_those_of_others() -> None:
    async with bus() as (rig, master):
        inject(rig, Delay(1.0))
        master.send(with_crc(bytes.fromhex(f"01 {ENERGY}")))
        await master.silence(0.05)
        assert await master.ask(f"02 {ENERGY}", 7) == "02 04 04 40 00 00 00"
        assert (await master.receive(9)).hex(" ").startswith(f"01 {KWH_1}")
        assert await master.ask(f"02 {ENERGY}", 7) == "02 04 04 40 00 00 00"


async def test_what_else_a_master_on_a_serial_line_must_bear() -> None:
    request, good = with_crc(bytes.fromhex(f"01 {ENERGY}")), with_crc(bytes.fromhex(f"01 {KWH_1}"))
    faults: list[tuple[Fault, Callable[[bytes], bool], int]] = [
        (Duplicate(), lambda got: got == good + good, 18),
        (Echo(), lambda got: got == request + good, 17),
        (LeadingNoise(0xFF), lambda got: got == b"\xff" + good, 10),
        (Truncate(2), lambda got: got == good[:-2], 7),
        (WrongUnit(), lambda got: got == with_crc(bytes.fromhex(f"02 {KWH_1}")), 9),
        (BitFlip(), lambda got: with_crc(got[:-2]) != got, 9),
        (Contention(), lambda got: got[:3] == good[:3] and got != good, 9),
    ]
    async with bus() as (rig, master):
        for fault, is_it, size in faults:
            inject(rig, fault)
            master.send(request)
            assert is_it(await master.receive(size)), fault
            await master.silence(0.02)
            assert await master.ask(f"01 {ENERGY}", 7) == f"01 {KWH_1}"


async def test_a_serial_port_that_is_pulled_out_is_an_input_output_error(tmp_path: Path) -> None:
    link = tmp_path / "bus"
    lines = {"bus": SerialSpec(timing=FAST, link=link)}
    meters = {
        name: DeviceSpec(profile="eastron-sdm630", line="bus", unit=unit)
        for unit, name in enumerate(("one", "other"), 1)
    }
    spec = RigSpec(lines=lines, devices=meters)
    async with Rig(spec) as rig:
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            armed = rig.inject(Unplug(), when=Schedule(times=1))
            await until(rig, lambda: armed.active)
            assert not link.is_symlink()
            assert os.read(fd, 1) == b""
            with pytest.raises(OSError, match="Input/output error"):
                os.write(fd, b"\0")
        finally:
            os.close(fd)
        await rig.clear(armed.id)
        async with RawSerialMaster(str(link)) as master:
            assert (await master.ask(f"01 {ENERGY}", 7)).startswith("01 04 04")


async def test_a_reset_cuts_the_reply_in_two_and_the_next_connection_works() -> None:
    read = bytes.fromhex("00 05 00 00 00 06 b4 01 01 90 00 01")
    async with Rig(SPEC) as rig:
        inject(rig, Reset(), "cp")
        reader, writer = await asyncio.open_connection("127.0.0.1", port(rig, "net"))
        writer.write(read)
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(10)
        reader, writer = await asyncio.open_connection("127.0.0.1", port(rig, "net"))
        inject(rig, WrongTransaction(), "cp")
        writer.write(read)
        assert (await reader.readexactly(10))[:2] == b"\x00\x04"
        writer.write(read)
        assert (await reader.readexactly(10))[:2] == b"\x00\x05"
        writer.close()
        await writer.wait_closed()


async def test_pymodbus_reads_rtu_in_a_tcp_stream() -> None:
    async with Rig(SPEC) as rig:
        client = AsyncModbusTcpClient(
            "127.0.0.1", port=port(rig, "gateway"), framer=FramerType.RTU, timeout=2, retries=0
        )
        assert await client.connect()
        try:
            reply = await client.read_input_registers(72, count=2, device_id=1)
            assert reply.registers == [0x3F80, 0]
        finally:
            client.close()


async def charge(rig: Rig) -> None:
    """Let the vehicle draw current, by way of the controller's registers."""
    rig.bays["bay"].plug_in()
    reader, writer = await asyncio.open_connection("127.0.0.1", port(rig, "net"))
    for request in ("00 01 00 00 00 06 b4 06 01 2c 00 20", "00 02 00 00 00 06 b4 05 01 90 ff 00"):
        writer.write(bytes.fromhex(request))
        assert (await reader.readexactly(12)).hex(" ") == request
    writer.close()
    await writer.wait_closed()


async def read_kwh(master: RawSerialMaster) -> float:
    reply = bytes.fromhex(await master.ask(f"01 {ENERGY}", 7))
    (kwh,) = struct.unpack(">f", reply[3:])
    assert isinstance(kwh, float)
    return kwh


async def test_a_counter_goes_on_at_zero_after_its_end() -> None:
    async with bus() as (rig, master):
        inject(rig, Rollover(500))
        await charge(rig)
        seen = [await read_kwh(master)]
        while seen[-1] > 900_000 or len(seen) < 2 or max(seen) < 900_000:
            seen.append(await read_kwh(master))
        assert max(seen) <= 1_000_000
        assert seen[-1] < 100


async def test_frozen_values_stand_still_while_energy_flows() -> None:
    async with bus() as (rig, master):
        await charge(rig)
        inject(rig, Frozen(), when=Schedule())
        first = await read_kwh(master)
        passed_mwh = rig.bays["bay"].state.passed_mwh
        await until(rig, lambda: rig.bays["bay"].state.passed_mwh > passed_mwh + 1_000_000)
        assert await read_kwh(master) == first
        await rig.clear("f1")
        assert await read_kwh(master) > first


async def test_another_meter_stands_there_all_at_once() -> None:
    async with bus() as (rig, master):
        before = await read_kwh(master)
        armed = rig.inject(DeviceSwap("B"), Where(devices=frozenset({"meter1"})))
        await until(rig, lambda: armed.hits == 1)
        assert await read_kwh(master) != before
        assert await master.ask(f"02 {ENERGY}", 7) == "02 04 04 40 00 00 00"


async def test_at_a_hundred_megawatt_hours_a_float_moves_in_steps_of_eight_watt_hours() -> None:
    meter = DeviceSpec(profile="eastron-sdm630", line="bus", start_mwh=100_000_000_000)
    spec = RigSpec(lines=SPEC.lines, devices={**SPEC.devices, "meter1": meter}, bays=SPEC.bays, speed=20)
    async with bus(spec) as (rig, master):
        await charge(rig)
        device = rig.devices["meter1"]
        assert isinstance(device, ModbusDevice)
        seen = [await read_kwh(master)]
        while len(seen) < 4:
            kwh = await read_kwh(master)
            if kwh != seen[-1]:
                seen.append(kwh)
        steps = {round((later - earlier) * 128) for earlier, later in pairwise(seen)}
        assert all(step >= 1 for step in steps)
        assert all(kwh * 128 == int(kwh * 128) for kwh in seen)
        passed_mwh = rig.bays["bay"].state.passed_mwh
        shown = device.image.shown("energy_import")
        assert isinstance(shown, Decimal)
        assert abs(shown - 100_000_000_000 - passed_mwh) <= 4_000


FEEDER = """\
import socket, struct, sys, time
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for setting in ((300, 16), (301, 1)):
    line.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 9, 6, *setting))
    line.recv(12)
while True:
    line.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 9, 6, 302, 85))
    line.recv(12)
    print("fed", flush=True)
    time.sleep(0.1)
"""
WATCHED = """\
schema: chargehand-profile-1
id: watched
kind: charge-controller
maker: Nobody
model: With a watchdog
modbus: {word_order: big, unit: 9}
watchdog: {arm: [{armed: 1}], feed: {token: 85}, every_s: 1, within_s: 2, safe_a: 6}
points:
  pilot: {space: input, address: 0, type: char_low, role: pilot, states: {A: A, B: B, C: C}}
  max_current: {space: holding, address: 300, type: uint16, unit: A, role: max_current, write: {function: 6}}
  armed: {space: holding, address: 301, type: uint16, write: {function: 6}}
  token: {space: holding, address: 302, type: uint16, write: {function: 6}}
  enable: {space: coil, address: 0, type: coil, role: enable, write: {function: 5}}
"""


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
async def test_a_master_that_stops_or_dies_lets_the_device_fall_to_its_safe_value(
    number: signal.Signals, tmp_path: Path
) -> None:
    profile = tmp_path / "watched.yaml"
    profile.write_text(WATCHED)
    lines, devices = {"net": TcpSpec()}, {"cp": DeviceSpec(profile=profile, line="net")}
    async with Rig(RigSpec(lines=lines, devices=devices)) as rig:
        bay = rig.bays["bay"]
        master = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FEEDER, str(port(rig, "net")), stdout=asyncio.subprocess.PIPE
        )
        assert master.stdout is not None
        try:
            for _ in range(5):
                await master.stdout.readline()
            assert bay.state.controller.limit_ma == 16_000
            master.send_signal(number)
            stopped_s = rig.clock_s()
            await until(rig, lambda: bay.state.controller.limit_ma == 6_000)
            assert rig.clock_s() - stopped_s >= 1.5
        finally:
            if master.returncode is None:
                master.kill()
            await master.wait()
