"""How much of a serial line's own speed the bus reaches on a paced pseudo-terminal, and what a poll costs."""

from __future__ import annotations

import asyncio
from statistics import median
from time import perf_counter

from drivers.emulated.line import LineTiming
from drivers.emulated.pty_line import PtyLine
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import SerialEndpoint, transport_for
from drivers.modbus.line import running
from drivers.modbus.requests import Read
from drivers.modbus.terms import Terms
from drivers.modbus.transport import SerialSettings
from tests.bench import bus_cost
from tests.bench.bus_devices import Counting
from tests.bench.row import Row
from tests.plain_slave import Slave
from tests.real_time import clock

GOAL = 0.85
BAUDS = (9600, 19200)
REGISTERS = (80, 2)
SECONDS = 2.5
FEWEST_POLLS = 15


def limit_s(read: Read, settings: SerialSettings) -> float:
    """Return the least time of one poll (s): its characters, and a silence after each of both frames."""
    return read.wire_bytes * settings.character_s + 2 * settings.silence_s


async def poll_s(read: Read, settings: SerialSettings) -> float:
    """Return the median time of a poll (s); the emulated device answers as soon as the silence is over."""
    line = PtyLine({read.unit: Slave(Counting())}, timing=LineTiming(baud=settings.baud))
    line.open()
    endpoint = SerialEndpoint(port=line.path, settings=settings)
    bus = Bus(transport_for(endpoint, clock))
    try:
        async with running(bus):
            await bus.perform(read, Terms())
            times = []
            for _ in range(max(FEWEST_POLLS, int(SECONDS / limit_s(read, settings)))):
                started = perf_counter()
                await bus.perform(read, Terms())
                times.append(perf_counter() - started)
            return median(times)
    finally:
        line.close()


async def rows() -> list[Row]:
    """Measure each line speed with a long and a short read, then what polls cost."""
    found = []
    for baud in BAUDS:
        settings = SerialSettings(baud=baud, parity="N", stop_bits=1)
        for count in REGISTERS:
            read = Read(unit=1, space="input", address=0, count=count)
            most, reached = 1 / limit_s(read, settings), 1 / await poll_s(read, settings)
            found.append(
                Row(
                    name=f"bus: {count} registers at {settings}, polls per second (median poll)",
                    value=reached,
                    unit="1/s",
                    baseline=f"{most:.1f}/s, the line's own limit",
                    ratio=reached / most,
                    goal=f"at least {GOAL} of the limit",
                    holds=reached / most >= GOAL,
                )
            )
    return found + await bus_cost.rows()


if __name__ == "__main__":
    for row in asyncio.run(rows()):
        print(row)
