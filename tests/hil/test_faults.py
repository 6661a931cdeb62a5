"""Each fault alone, and many at once: no value of another register or unit is ever handed out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Final

import pytest

from drivers.emulated.faults.fault import Fault, Medium, StateFault
from drivers.emulated.faults.injection import Schedule
from drivers.emulated.faults.names import describe
from tests.hil.faulty import METERS, Course, Findings, link_faults, mix

MEDIA: Final[tuple[Medium, ...]] = ("pty", "rtu-over-tcp", "tcp")
ALONE: Final = [(medium, fault) for medium in MEDIA for fault in link_faults(medium)]
MIXES: Final = 20
AT_ONCE: Final = 10
HARMLESS: Final = frozenset({"leading-noise", "echo", "duplicate", "write-ignored", "write-late"})
"""With these a meter is read all the same."""


@pytest.mark.parametrize(
    ("medium", "fault"), ALONE, ids=lambda one: one if isinstance(one, str) else describe(one)
)
async def test_one_fault_alone_gives_no_wrong_value_and_is_got_over(
    medium: Medium, fault: Fault, tmp_path: Path
) -> None:
    course = Course(medium, 1, tmp_path)
    async with course.running():
        for name in METERS:
            assert await course.poll(name) is not None
        chance = 1.0 if isinstance(fault, StateFault) else 0.6
        armed = course.rig.inject(fault, when=Schedule(every_s=0.3, for_s=0.25, probability=chance))
        await course.round(Random(1), polls=4)
        await course.rig.clear(armed.id)
        if fault.name in HARMLESS:
            assert course.findings.readings > len(METERS), "a meter was read all the same"
        for name in METERS:
            await answers_again(course, name)
    assert course.findings.wrong == []
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task was left behind"
    assert armed.hits > 0, "the fault never happened"


async def answers_again(course: Course, name: str) -> None:
    """Poll until the meter is read again; the test's timeout is the limit."""
    while await course.poll(name) is None:
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("medium", MEDIA)
async def test_random_mixes_of_faults_give_no_wrong_value(medium: Medium, tmp_path: Path) -> None:
    """The short form of `make soak ARGS=--faults`."""
    total = Findings()
    for start in range(0, MIXES, AT_ONCE):
        seeds = range(start, start + AT_ONCE)
        total = sum(await asyncio.gather(*(mix(medium, seed, 3, tmp_path) for seed in seeds)), total)
    assert total.wrong == []
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task was left behind"
    assert total.readings > 0
    assert sum(total.refusals.values()) > 0
