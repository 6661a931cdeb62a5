"""Several lines, devices and bays at once, asked byte by byte."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.requests import Silence, WriteLate
from drivers.emulated.faults.state import Brownout, CounterReset, HalfOpen, PilotShort, Unplug
from drivers.emulated.faults.wire import Crc
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import SerialLine, TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import (
    BaySpec,
    DeviceSpec,
    DialOutSpec,
    LineSpec,
    RigError,
    RigSpec,
    RtuOverTcpSpec,
    SerialSpec,
    TcpSpec,
    TlsFiles,
)
from drivers.readings import Pilot
from tests.unit.drivers.emulated.raw_master import RawSerialMaster, with_crc

FAST = LineTiming(baud=115200)
ENERGY = "04 00 48 00 02"
SPEC = RigSpec(
    lines={"bus": SerialSpec(timing=FAST), "net": TcpSpec(), "gateway": RtuOverTcpSpec(timing=FAST)},
    devices={
        "meter1": DeviceSpec(profile="eastron-sdm630", line="bus", bay="left", start_mwh=1_000_000),
        "meter2": DeviceSpec(profile="eastron-sdm630", line="bus", bay="right", unit=2, start_mwh=2_000_000),
        "left-cp": DeviceSpec(profile="phoenix-em-cp-pp-eth", line="net", bay="left"),
        "right-cp": DeviceSpec(profile="phoenix-em-cp-pp-eth", line="net", bay="right", unit=181),
        "meter3": DeviceSpec(profile="eastron-sdm630", line="gateway", bay="right", start_mwh=4_000_000),
    },
    bays={"left": BaySpec(), "right": BaySpec(plugged=True)},
    speed=100,
)


def tcp(rig: Rig, line: str) -> TcpLine:
    found = rig.lines[line]
    assert isinstance(found, TcpLine)
    return found


def serial(rig: Rig) -> RawSerialMaster:
    line = rig.lines["bus"]
    assert isinstance(line, SerialLine)
    return RawSerialMaster(line.path)


async def ask(rig: Rig, line: str, request: bytes, size: int) -> bytes:
    reader, writer = await asyncio.open_connection(tcp(rig, line).host, tcp(rig, line).port)
    try:
        writer.write(request)
        return await reader.readexactly(size)
    finally:
        writer.close()
        await writer.wait_closed()


async def until(rig: Rig, holds: Callable[[], bool]) -> None:
    """Wait for ticks until something holds; the test's timeout is the limit."""
    while not holds():
        ticked = asyncio.Event()
        rig.on_tick = ticked.set
        await ticked.wait()


async def test_several_devices_share_a_bus_and_each_answers_for_itself() -> None:
    async with Rig(SPEC) as rig, serial(rig) as master:
        assert await master.ask(f"01 {ENERGY}", 7) == "01 04 04 3f 80 00 00"
        assert await master.ask(f"02 {ENERGY}", 7) == "02 04 04 40 00 00 00"
        master.send(with_crc(bytes.fromhex(f"03 {ENERGY}")))
        await master.silence(0.05)


async def test_each_bay_has_its_own_vehicle_and_controller() -> None:
    async with Rig(SPEC) as rig:
        assert (rig.bays["left"].state.pilot, rig.bays["right"].state.pilot) == (Pilot.A, Pilot.B)
        enable = bytes.fromhex("00 01 00 00 00 06 b5 05 01 90 ff 00")
        assert await ask(rig, "net", enable, 12) == enable
        await until(rig, lambda: rig.bays["right"].state.passed_mwh > 0)
        assert rig.bays["left"].state.passed_mwh == 0
        shown = {name: device.behaviour.counter for name, device in rig.devices.items()}
        counters = {name: counter.start_mwh for name, counter in shown.items() if counter is not None}
        assert counters["meter2"] == 2_000_000


async def test_rtu_in_a_tcp_stream() -> None:
    async with Rig(SPEC) as rig:
        reply = await ask(rig, "gateway", with_crc(bytes.fromhex(f"01 {ENERGY}")), 9)
        assert reply == with_crc(bytes.fromhex("01 04 04 40 80 00 00"))


async def test_a_device_dials_in_and_is_asked_on_its_own_connection() -> None:
    connected: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    server = await asyncio.start_server(
        lambda reader, writer: connected.put_nowait((reader, writer)), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    lines: dict[str, LineSpec] = {"out": DialOutSpec(port=port)}
    devices = {"meter": DeviceSpec(profile="eastron-sdm630", line="out", start_mwh=1_000_000)}
    async with server, Rig(RigSpec(lines=lines, devices=devices)):
        for _ in range(2):  # it calls again when the master hangs up
            reader, writer = await connected.get()
            writer.write(bytes.fromhex(f"00 07 00 00 00 06 01 {ENERGY}"))
            assert (await reader.readexactly(13)).hex(" ") == "00 07 00 00 00 07 01 04 04 3f 80 00 00"
            writer.close()
            await writer.wait_closed()


async def test_faults_hit_only_the_device_that_is_meant() -> None:
    async with Rig(SPEC) as rig, serial(rig) as master:
        armed = rig.inject(Silence(), Where(devices=frozenset({"meter1"})))
        master.send(with_crc(bytes.fromhex(f"01 {ENERGY}")))
        await master.silence(0.05)
        assert await master.ask(f"02 {ENERGY}", 7) == "02 04 04 40 00 00 00"
        await rig.clear(armed.id)
        assert await master.ask(f"01 {ENERGY}", 7) == "01 04 04 3f 80 00 00"


async def test_a_damaged_checksum_is_the_only_damage() -> None:
    async with Rig(SPEC) as rig, serial(rig) as master:
        rig.inject(Crc(), Where(devices=frozenset({"meter1"})), Schedule(times=1))
        master.send(with_crc(bytes.fromhex(f"01 {ENERGY}")))
        good = with_crc(bytes.fromhex("01 04 04 3f 80 00 00"))
        assert await master.receive(9) == good[:-2] + bytes(byte ^ 0xFF for byte in good[-2:])
        assert await master.ask(f"01 {ENERGY}", 7) == "01 04 04 3f 80 00 00"


async def test_a_brownout_is_silence_and_then_the_defaults() -> None:
    async with Rig(SPEC) as rig:
        limit = bytes.fromhex("00 01 00 00 00 06 b4 06 01 2c 00 10")
        await ask(rig, "net", limit, 12)
        assert rig.bays["left"].state.controller.limit_ma == 16_000
        device = rig.devices["left-cp"]
        rig.inject(Brownout(0.3), Where(devices=frozenset({"left-cp"})))
        await until(rig, lambda: not device.powered)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(rig, "net", limit, 12), 0.05)
        await until(rig, lambda: device.powered)
        assert rig.bays["left"].state.controller.limit_ma == 6_000
        assert await ask(rig, "net", limit, 12) == limit


async def test_a_late_write_is_confirmed_now_and_carried_out_later() -> None:
    async with Rig(SPEC) as rig:
        rig.inject(WriteLate(0.2), Where(devices=frozenset({"left-cp"})))
        limit = bytes.fromhex("00 01 00 00 00 06 b4 06 01 2c 00 10")
        assert await ask(rig, "net", limit, 12) == limit
        assert rig.bays["left"].state.controller.limit_ma == 6_000
        await until(rig, lambda: rig.bays["left"].state.controller.limit_ma == 16_000)


async def test_a_counter_begins_again_at_zero() -> None:
    async with Rig(SPEC) as rig, serial(rig) as master:
        rig.inject(CounterReset(), Where(devices=frozenset({"meter1"})))
        counter = rig.devices["meter1"].behaviour.counter
        assert counter is not None
        await until(rig, lambda: counter.shows_mwh(0) == 0)
        assert await master.ask(f"01 {ENERGY}", 7) == "01 04 04 00 00 00 00"


async def test_an_unplugged_line_comes_back_at_the_same_place() -> None:
    async with Rig(SPEC) as rig:
        port = tcp(rig, "net").port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        armed = rig.inject(Unplug(), Where(devices=frozenset({"left-cp"})))
        assert await reader.read() == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await rig.clear(armed.id)
        assert tcp(rig, "net").port == port
        read = bytes.fromhex("00 01 00 00 00 06 b4 01 01 90 00 01")
        assert (await ask(rig, "net", read, 10)).hex(" ") == "00 01 00 00 00 04 b4 01 01 00"


async def test_a_half_open_connection_stays_deaf_and_a_new_one_works() -> None:
    async with Rig(SPEC) as rig:
        read = bytes.fromhex("00 01 00 00 00 06 b4 01 01 90 00 01")
        reader, writer = await asyncio.open_connection("127.0.0.1", tcp(rig, "net").port)
        armed = rig.inject(HalfOpen(), Where(devices=frozenset({"left-cp"})))
        await until(rig, lambda: armed.active)
        await rig.clear(armed.id)
        writer.write(read)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.05)
        assert len(await ask(rig, "net", read, 10)) == 10
        writer.close()
        await writer.wait_closed()


async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    files, tasks = set(os.listdir("/proc/self/fd")), asyncio.all_tasks()  # noqa: PTH208  names, not paths
    async with Rig(SPEC):
        assert len(asyncio.all_tasks()) > len(tasks)
    assert set(os.listdir("/proc/self/fd")) == files  # noqa: PTH208
    assert asyncio.all_tasks() == tasks


@pytest.mark.parametrize(
    ("devices", "problem"),
    [
        ({"a": DeviceSpec(profile="abb-b23", line="nowhere")}, "device a: there is no line 'nowhere'"),
        ({"a": DeviceSpec(profile="abb-b23", line="bus", bay="moon")}, "device a: it must say which bay"),
        (
            {name: DeviceSpec(profile="abb-b23", line="bus") for name in ("a", "b")},
            "devices a and b on line bus both have unit 1",
        ),
        (
            {"a": DeviceSpec(profile="abb-b23", line="bus", shows={"colour": "red"})},
            "device a: abb-b23 has no point 'colour'",
        ),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(devices: dict[str, DeviceSpec], problem: str) -> None:
    with pytest.raises(RigError, match=problem):
        Rig(RigSpec(lines={"bus": SerialSpec()}, devices=devices))


def test_a_fault_of_a_point_that_the_device_does_not_have_is_refused() -> None:
    where = Where(devices=frozenset({"meter1"}), points=frozenset({"powr"}))
    faulty = Injection(fault=Crc(), where=where, when=Schedule())
    with pytest.raises(RigError, match=r"crc: meter1: no point 'powr'; there are .*, power, "):
        Rig(replace(SPEC, faults=(faulty,)))
    with pytest.raises(RigError, match="no point 'powr'"):
        Rig(SPEC).inject(Crc(), where)


async def test_a_fault_that_no_device_can_have_is_refused() -> None:
    rig = Rig(SPEC)
    with pytest.raises(RigError, match="crc: left-cp hangs on tcp, where there is no such fault"):
        rig.inject(Crc(), Where(devices=frozenset({"left-cp"})))
    with pytest.raises(RigError, match="there is no device 'meter9'; there are meter1"):
        rig.inject(Crc(), Where(devices=frozenset({"meter9"})))


def test_devices_are_modbus_devices_with_the_units_asked_for() -> None:
    units = {
        name: device.unit for name, device in Rig(SPEC).devices.items() if isinstance(device, ModbusDevice)
    }
    assert units == {"meter1": 1, "meter2": 2, "left-cp": 180, "right-cp": 181, "meter3": 1}


async def test_the_connectors_of_one_controller_share_its_address(tmp_path: Path) -> None:
    devices = {
        name: DeviceSpec(profile="phoenix-charx-sec", line="net", bay=name, instance=instance)
        for instance, name in ((2, "second"), (1, "first"))
    }
    spec = RigSpec(lines={"net": TcpSpec()}, devices=devices, bays={"first": BaySpec(), "second": BaySpec()})
    async with Rig(spec) as rig:
        limit = bytes.fromhex("00 01 00 00 00 09 ff 10 08 fd 00 01 02 00 14")
        assert (await ask(rig, "net", limit, 12))[7:] == bytes.fromhex("10 08 fd 00 01")
        assert rig.bays["second"].state.controller.limit_ma == 20_000
        assert rig.bays["first"].state.controller.limit_ma == 6_000
        for address, shown in (("05 15", 6), ("08 fd", 20), ("00 72", 2)):
            read = bytes.fromhex(f"00 02 00 00 00 06 ff 03 {address} 00 01")
            assert (await ask(rig, "net", read, 11))[-1] == shown


async def test_a_device_behind_tls() -> None:
    tls = Path(__file__).parents[1] / "modbus" / "tls"
    files = TlsFiles(certificate=tls / "device.pem", key=tls / "device.pem", authorities=tls / "ca.pem")
    devices = {"meter": DeviceSpec(profile="eastron-sdm630", line="net", start_mwh=1_000_000)}
    async with Rig(RigSpec(lines={"net": TcpSpec(tls=files)}, devices=devices)) as rig:
        context = ssl.create_default_context(cafile=tls / "ca.pem")
        context.check_hostname = False
        context.load_cert_chain(tls / "station.pem")
        reader, writer = await asyncio.open_connection("127.0.0.1", tcp(rig, "net").port, ssl=context)
        writer.write(bytes.fromhex(f"00 07 00 00 00 06 01 {ENERGY}"))
        assert (await reader.readexactly(13)).hex(" ") == "00 07 00 00 00 07 01 04 04 3f 80 00 00"
        writer.close()
        await writer.wait_closed()


async def test_a_defect_befalls_the_bay_of_the_device_and_is_repaired_when_it_is_over() -> None:
    async with Rig(SPEC) as rig:
        armed = rig.inject(PilotShort(), Where(devices=frozenset({"right-cp"})))
        await until(rig, lambda: armed.active)
        assert (rig.bays["right"].state.pilot, rig.bays["left"].state.pilot) == (Pilot.E, Pilot.A)
        await rig.clear(armed.id)
        assert rig.bays["right"].state.pilot is Pilot.B
