"""Each fault alone, and many at once: no value of another register or unit is ever handed out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Final

import pytest

from drivers.emulated.faults.book import ArmedFault
from drivers.emulated.faults.fault import Fault, Medium, StateFault
from drivers.emulated.faults.injection import Schedule
from drivers.emulated.faults.names import describe
from tests.hil.faulty import METERS, Course, Findings, link_faults, mix

MEDIA: Final[tuple[Medium, ...]] = ("pty", "rtu-over-tcp", "tcp")
MIXES: Final = 20
AT_ONCE: Final = 10
"""Rigs in one event loop: they mostly wait."""
HARMLESS: Final = frozenset({"leading-noise", "echo", "duplicate", "write-ignored", "write-late"})
"""With these a meter is read all the same."""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("medium", MEDIA)
async def test_each_fault_alone_gives_no_wrong_value_and_is_got_over(medium: Medium, tmp_path: Path) -> None:
    faults = list(enumerate(link_faults(medium), start=1))
    for start in range(0, len(faults), AT_ONCE):
        await asyncio.gather(*(alone(medium, *one, tmp_path) for one in faults[start : start + AT_ONCE]))
    assert asyncio.all_tasks() == {asyncio.current_task()}, "a task was left behind"


async def alone(medium: Medium, number: int, fault: Fault, folder: Path) -> None:
    """Let one fault happen, and be over."""
    course = Course(medium, number, folder)
    chance = 1.0 if isinstance(fault, StateFault) else 0.6
    async with course.running():
        for name in METERS:
            await answers_again(course, name)
        armed = course.rig.inject(fault, when=Schedule(every_s=0.3, for_s=0.25, probability=chance))
        await course.round(Random(1), polls=4)
        while armed.hits == 0:  # the test's timeout is the limit
            await course.round(Random(1), polls=1)
        while fault.name in HARMLESS and not await is_read_while_it_strikes(course, armed):
            await asyncio.sleep(0)  # the test's timeout is the limit
        await course.rig.clear(armed.id)
        await asyncio.gather(*(answers_again(course, name) for name in METERS))
    assert course.findings.wrong == [], describe(fault)


async def is_read_while_it_strikes(course: Course, armed: ArmedFault) -> bool:
    """Poll once, and return whether a meter was read although the fault struck."""
    hits, readings = armed.hits, course.findings.readings
    await course.round(Random(1), polls=1)
    return armed.hits > hits and course.findings.readings > readings


async def answers_again(course: Course, name: str) -> None:
    """Poll until the meter is read again; the test's timeout is the limit."""
    while await course.poll(name) is None:
        await asyncio.sleep(0.05)


@pytest.mark.timeout(240)
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
