"""A process that polls meters once a second for a while, and prints what that took (JSON)."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from resource import getpagesize
from time import monotonic, process_time

from drivers.open import DeviceAddress, Hardware
from drivers.ports import DeviceError, EnergyMeter
from tests.real_time import clock

PERIOD_S = 1.0


async def poll(ports: list[int], lasting_s: float) -> dict[str, float]:
    """Poll one meter behind each port."""
    hardware = Hardware(clock=clock)
    meters = [
        hardware.meter(DeviceAddress(profile="eastron-sdm630", host="127.0.0.1", tcp_port=port))
        for port in ports
    ]
    polls = 0

    async def keep(meter: EnergyMeter) -> None:
        nonlocal polls
        while True:
            began_s = monotonic()
            with suppress(DeviceError):
                await meter.read()
                polls += 1
            await asyncio.sleep(max(0.0, PERIOD_S - (monotonic() - began_s)))

    async with hardware.running():
        tasks = [asyncio.create_task(keep(meter)) for meter in meters]
        began_s = process_time()
        await asyncio.sleep(lasting_s)
        cpu_s = process_time() - began_s
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return {
        "polls": polls,
        "cpu_percent": 100 * cpu_s / lasting_s,
        "rss_mb": pages * getpagesize() / 1e6,
    }


if __name__ == "__main__":
    seconds, *ports = sys.argv[1:]
    print(json.dumps(asyncio.run(poll(list(map(int, ports)), float(seconds)))))
