"""The interface of a power line modem goes and comes; the charger follows."""

from __future__ import annotations

import asyncio
import sys

from tests.stack.apart import apart


async def test_the_power_goes_with_the_modem_and_the_next_vehicle_is_served() -> None:
    process = await asyncio.create_subprocess_exec(
        *apart(),
        *(sys.executable, "-m", "tests.hil.modem"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
