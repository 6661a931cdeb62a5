"""What a poll costs our own process: beside bare pymodbus, with more devices, and in memory."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from statistics import median
from time import process_time

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.client.base import ModbusBaseClient

from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import Endpoint, Framer, SerialEndpoint, TcpEndpoint, transport_for
from drivers.modbus.line import running
from drivers.modbus.requests import Read
from drivers.modbus.terms import Terms
from drivers.modbus.transport import SerialSettings, Transport
from tests.bench.bus_devices import Where, devices
from tests.bench.row import Row
from tests.real_time import clock

REGISTERS = (2, 80)
POLLS = 600
ROUNDS = 5
FLEETS = (1, 8, 64)
LEAST_GAIN = 1.3
LEAST_SHARE = 0.5
FRAMERS: tuple[Framer, ...] = ("chargehand", "pymodbus")
MOST_GROWTH = 1.5
RSS_GOAL_MB = 48.0
DEVICES = 16
WATCHED_S = 10.0

Poll = Callable[[], Awaitable[object]]


async def rows() -> list[Row]:
    """Measure against devices in another process."""
    found = []
    async with devices() as where:
        for count in REGISTERS:
            for kind in ("TCP", "serial port"):
                found += await _beside_pymodbus(kind, where, count)
        found += await _fleets(where)
    found += await _memory()
    return found


async def _beside_pymodbus(kind: str, where: Where, count: int) -> list[Row]:
    """Compare our frames with pymodbus's behind the same port, and the whole bus with a bare client."""
    read = Read(unit=1, space="input", address=0, count=count)
    costs: dict[str, list[float]] = {"bare": [], "bus": [], "chargehand": [], "pymodbus": []}
    for _ in range(ROUNDS):
        async with _bare(kind, where) as client:
            costs["bare"].append(await _cpu_s(partial(_ask_bare, client, count)))
        async with _bus(_endpoint(kind, where)) as bus:
            costs["bus"].append(await _cpu_s(partial(bus.perform, read, Terms())))
        for framing in FRAMERS:
            async with _transport(_endpoint(kind, where), framing) as transport:
                costs[framing].append(await _cpu_s(partial(transport.exchange, read, 1.0)))
    least = {name: min(found) * 1e6 for name, found in costs.items()}
    gain, share = least["pymodbus"] / least["chargehand"], least["bare"] / least["bus"]
    what = f"{count} registers, {kind}"
    return [
        Row(
            name=f"bus: CPU of our frames, {what}",
            value=least["chargehand"],
            unit="us",
            baseline=f"{least['pymodbus']:.0f} us with pymodbus behind the same port",
            ratio=gain,
            goal=f"at least {LEAST_GAIN} times less",
            holds=gain >= LEAST_GAIN,
        ),
        Row(
            name=f"bus: CPU of a poll, {what}",
            value=least["bus"],
            unit="us",
            baseline=f"{least['bare']:.0f} us bare pymodbus: no queue, no silence, no checks",
            ratio=share,
            goal=f"at most {1 / LEAST_SHARE:.0f} times that",
            holds=share >= LEAST_SHARE,
        ),
    ]


def _ask_bare(client: ModbusBaseClient, count: int) -> Awaitable[object]:
    return client.read_input_registers(0, count=count, device_id=1)


async def _fleets(where: Where) -> list[Row]:
    """Poll 1, 8 and 64 units that share one connection, all at once."""
    costs = {}
    for units in FLEETS:
        async with _bus(_endpoint("TCP", where)) as bus:
            costs[units] = min([await _fleet_cpu_s(bus, units) for _ in range(ROUNDS)])
    return [
        Row(
            name=f"bus: CPU of a poll with {units} devices",
            value=costs[units] * 1e6,
            unit="us",
            baseline=f"{costs[1] * 1e6:.0f} us with one",
            ratio=costs[1] / costs[units],
            goal=f"at most {MOST_GROWTH} times that",
            holds=costs[units] <= MOST_GROWTH * costs[1],
        )
        for units in FLEETS[1:]
    ]


async def _fleet_cpu_s(bus: Bus, units: int) -> float:
    async def poll(unit: int) -> None:
        read = Read(unit=unit, space="input", address=0, count=40)
        for _ in range(POLLS // units):
            await bus.perform(read, Terms())

    began_s = process_time()
    await asyncio.gather(*(poll(unit) for unit in range(1, units + 1)))
    return (process_time() - began_s) / (POLLS // units * units)


async def _memory() -> list[Row]:
    """Let a process poll meters once a second; it says what that took."""
    async with devices() as where:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.bus_polling",
            str(WATCHED_S),
            *map(str, where.ports[:DEVICES]),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
    took = json.loads(out)
    return [
        Row(
            name=f"bus: memory of a process that polls {DEVICES} meters once a second",
            value=took["rss_mb"],
            unit="MB",
            baseline=f"{took['polls']} polls, {took['cpu_percent']:.1f} % of one core",
            ratio=None,
            goal=f"at most {RSS_GOAL_MB:.0f}",
            holds=took["rss_mb"] <= RSS_GOAL_MB and took["polls"] >= DEVICES * (WATCHED_S - 2),
        )
    ]


async def _cpu_s(poll: Poll) -> float:
    """Return our process's CPU time of one poll (s), the median of a few stretches."""
    await poll()
    stretches = []
    for _ in range(3):
        began_s = process_time()
        for _ in range(POLLS // 3):
            await poll()
        stretches.append((process_time() - began_s) / (POLLS // 3))
    return median(stretches)


def _endpoint(kind: str, where: Where) -> Endpoint:
    if kind == "TCP":
        return TcpEndpoint(host="127.0.0.1", port=where.ports[0])
    return SerialEndpoint(port=where.path, settings=SerialSettings(baud=115200, parity="N", stop_bits=1))


@asynccontextmanager
async def _bus(endpoint: Endpoint) -> AsyncIterator[Bus]:
    bus = Bus(transport_for(endpoint, clock))
    async with running(bus):
        yield bus


@asynccontextmanager
async def _transport(endpoint: Endpoint, framing: Framer) -> AsyncIterator[Transport]:
    transport = transport_for(endpoint, clock, framing)
    assert await transport.connect(1.0) is None
    try:
        yield transport
    finally:
        transport.close()


@asynccontextmanager
async def _bare(kind: str, where: Where) -> AsyncIterator[ModbusBaseClient]:
    client: ModbusBaseClient
    if kind == "TCP":
        client = AsyncModbusTcpClient("127.0.0.1", port=where.ports[0], retries=0)
    else:
        client = AsyncModbusSerialClient(where.path, baudrate=115200, retries=0)
    assert await client.connect()
    try:
        yield client
    finally:
        client.close()
