"""Devices for the bus's benchmarks, in a process of their own so that only the master's CPU is counted.

Prints where they are, one JSON line, and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from drivers.emulated.line import LineTiming
from drivers.emulated.pdu import Space
from drivers.emulated.pty_line import PtyLine
from drivers.emulated.tcp_server import TcpServer
from tests.plain_slave import Slave

UNITS = 64
PORTS = 16
BAUD = 1_000_000


class Counting:
    """A device whose registers hold their own address."""

    functions = frozenset({3, 4})

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        """Return the addresses."""
        return range(address, address + count)

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        """Never asked for: it has functions to read only."""
        raise AssertionError(f"{space} {address} is read-only")


@dataclass(frozen=True)
class Where:
    """The serial port, and the TCP ports of `PORTS` servers with `UNITS` units each."""

    path: str
    ports: tuple[int, ...]


@asynccontextmanager
async def devices() -> AsyncIterator[Where]:
    """Run the devices in a process of their own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.bus_devices",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        told = json.loads(await process.stdout.readline())
        yield Where(path=told["path"], ports=tuple(told["ports"]))
    finally:
        process.stdin.close()
        await process.wait()


async def serve() -> None:
    """Serve until standard input ends."""
    units = {unit: Slave(Counting()) for unit in range(1, UNITS + 1)}
    line = PtyLine(units, timing=LineTiming(baud=BAUD))
    servers = [TcpServer(units) for _ in range(PORTS)]
    line.open()
    for server in servers:
        await server.open()
    print(json.dumps({"path": line.path, "ports": [server.port for server in servers]}), flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    await ended.wait()
    for server in servers:
        await server.close()
    line.close()


if __name__ == "__main__":
    asyncio.run(serve())
