"""Reads that share their shape with others of the unit: a second reply does not pass for the next one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.modbus.bus import Bus
from drivers.modbus.errors import ModbusError
from drivers.modbus.requests import Read
from drivers.modbus.terms import Terms
from tests.unit.drivers.modbus.hostile import (
    NUMBERED,
    UNNUMBERED,
    Answers,
    Asked,
    Burst,
    Slave,
    honest_pdu,
    honest_values,
    running,
    slave_of,
)

ONE = Read(unit=1, space="holding", address=10, count=1)
OTHER = replace(ONE, address=20)
LONG = replace(ONE, count=4)
PROBE = replace(ONE, count=2)
GUARDED = Terms(timeout_s=0.2, probe=PROBE, guarded=True)


@pytest.fixture(params=UNNUMBERED)
async def slave(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Slave]:
    async with slave_of(request.param, tmp_path) as one:
        yield one


def twice(slave: Slave, asked: Asked) -> Answers:
    """Answer, and once more a little later."""
    frame = slave.frame(asked, honest_pdu(asked))
    return [Burst(frame), Burst(frame, 0.02)]


async def asked_for(bus: Bus, slave: Slave, *reads: Read, terms: Terms = GUARDED) -> list[int]:
    """Read one after the other and return the lengths that went over the wire."""
    for read in reads:
        await bus.perform(read, terms)
    return [asked.count for asked in slave.asked]


async def test_between_two_reads_of_one_shape_the_probe_is_asked(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        assert await asked_for(bus, slave, ONE, OTHER, ONE) == [1, 2, 1, 2, 1]


async def test_the_same_read_again_and_another_shape_need_none(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        assert await asked_for(bus, slave, ONE, ONE, LONG, OTHER) == [1, 1, 4, 1]


async def test_reads_of_the_plan_need_none(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        assert await asked_for(bus, slave, ONE, OTHER, terms=replace(GUARDED, guarded=False)) == [1, 1]


async def test_where_replies_are_numbered_none_is_needed(tmp_path: Path) -> None:
    async with slave_of(NUMBERED[0], tmp_path) as slave, running(slave.bus()) as bus:
        assert await asked_for(bus, slave, ONE, OTHER) == [1, 1]


async def test_no_second_reply_passes_for_another_register(slave: Slave) -> None:
    slave.script = twice
    async with running(slave.bus()) as bus:
        right = 0
        for read in (ONE, OTHER) * 6:
            try:
                answer = await bus.perform(read, GUARDED)
            except ModbusError:
                continue
            assert answer.values == honest_values(slave.asked[-1].number, read.address, read.count)
            right += 1
        assert right > 0
