"""Random mixes of faults on emulated lines: is a value ever handed out that is not that register's?"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from drivers.emulated.faults.fault import Medium
from tests.hil.faulty import Findings, mix

MEDIA: Final[tuple[Medium, ...]] = ("pty", "rtu-over-tcp", "tcp")
AT_ONCE: Final = 12
POLLS: Final = 4


def soak_faults(count: int, seed: int) -> Findings:
    """Run so many mixes, a process for each core."""
    seeds = range(seed, seed + count)
    batches = [seeds[start : start + AT_ONCE] for start in range(0, count, AT_ONCE)]
    total = Findings()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for number, found in enumerate(pool.map(_batch, batches), start=1):
            total += found
            for wrong in found.wrong:
                print(f"wrong, seeds {batches[number - 1]}: {wrong}", file=sys.stderr, flush=True)
            print(
                f"{min(number * AT_ONCE, count)} of {count} mixes: {total.readings} readings, "
                f"{total.confirmed} confirmed writes, {sum(total.refusals.values())} errors, "
                f"{len(total.wrong)} wrong",
                file=sys.stderr,
                flush=True,
            )
    return total


def _batch(seeds: Sequence[int]) -> Findings:
    logging.disable()  # every fault is an error to somebody
    return asyncio.run(_mixes(seeds))


async def _mixes(seeds: Sequence[int]) -> Findings:
    with tempfile.TemporaryDirectory(prefix="chargehand-faults-") as folder:
        found = await asyncio.gather(
            *(mix(MEDIA[seed % len(MEDIA)], seed, POLLS, Path(folder)) for seed in seeds)
        )
    return sum(found, Findings())
