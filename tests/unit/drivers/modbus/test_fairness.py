"""Who waits for whom on a line of several units."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.modbus.bus import HALF_OPEN_S, Bus
from drivers.modbus.errors import ExceptionReply, ModbusError, NoReply, UnitResting
from drivers.modbus.health import REST_S, TOLERATED_FAILURES
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Priority, Terms
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    RtuSlave,
    Slave,
    TcpSlave,
    honest,
    late,
    rtu_slave,
    running,
    saying,
    silent,
    tcp_slave,
)

DEAD = 8
TIMEOUT_S = 0.2


@pytest.fixture
async def rtu(tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with rtu_slave(tmp_path) as one:
        yield one


@pytest.fixture
async def tcp() -> AsyncIterator[TcpSlave]:
    async with tcp_slave() as one:
        yield one


def read_of(unit: int, count: int = 4) -> Read:
    return Read(unit=unit, space="input", address=0, count=count)


def all_but_the_dead(slave: Slave, asked: Asked) -> Answers:
    return silent(slave, asked) if asked.unit == DEAD else honest(slave, asked)


async def test_one_dead_unit_of_eight_costs_the_others_one_timeout_per_back_off_step(slave: Slave) -> None:
    """All eight are polled at once, round after round, until the dead one has been left out ten times."""
    slave.script = all_but_the_dead
    terms = [Terms(timeout_s=TIMEOUT_S, probe=read_of(unit, 2)) for unit in range(1, 9)]
    loop = asyncio.get_running_loop()
    rounds = left_out = 0
    async with running(slave.bus()) as bus:
        began_s = loop.time()
        while left_out < 10:
            polls = [bus.perform(read_of(unit), terms[unit - 1]) for unit in range(1, 9)]
            results = await asyncio.gather(*polls, return_exceptions=True)
            left_out += isinstance(results[-1], UnitResting)
            rounds += 1
        lasted_s = loop.time() - began_s
        metrics = bus.metrics()
    steps = sum(sum(REST_S[: step + 1]) <= lasted_s for step in range(len(REST_S)))
    dead = metrics.unit(DEAD)
    assert sum(asked.unit == DEAD for asked in slave.asked) == dead.timeout
    assert dead.timeout <= 1 + TOLERATED_FAILURES + steps
    assert dead.refused == left_out
    for unit in range(1, DEAD):
        assert metrics.unit(unit).ok > rounds / 2, "the others are served in every round"


async def test_a_dead_unit_known_to_be_quick_is_not_waited_for_to_the_end(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        patient = Terms(timeout_s=5.0)
        for unit in (1, 2):
            await bus.perform(read_of(unit), patient)
        slave.script = silent
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        with pytest.raises(NoReply):
            await bus.perform(read_of(1, 2), patient)
        assert loop.time() - began_s < 5.0, "far from the 5 s that it may take"


async def test_a_unit_that_became_slow_is_waited_for_longer_until_it_answers_again(tcp: TcpSlave) -> None:
    async with running(tcp.bus()) as bus:
        terms = Terms(timeout_s=5.0)
        for unit in (1, 2):
            await bus.perform(read_of(unit), terms)
        tcp.script = late(0.4)
        for _ in range(12):
            try:
                answer = await bus.perform(read_of(1), terms)
            except ModbusError:
                await asyncio.sleep(0.3)
            else:
                break
        assert answer.values
        await bus.perform(read_of(1), terms)


async def test_a_unit_alone_on_its_line_gets_all_the_time_it_may_take(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        terms = Terms(timeout_s=5.0)
        await bus.perform(read_of(1), terms)
        slave.script = late(0.4)
        assert (await bus.perform(read_of(1, 2), terms)).values


async def test_a_line_that_needs_a_gap_between_units_changes_them_seldom(slave: Slave) -> None:
    """Four meters of three blocks, all at once: three changes of unit instead of eleven."""
    terms = Terms(unit_change_gap_s=0.02)

    async def meter(bus: Bus, unit: int) -> None:
        for count in (2, 4, 6):
            await bus.perform(read_of(unit, count), terms)

    async with running(slave.bus()) as bus:
        await asyncio.gather(*(meter(bus, unit) for unit in (1, 2, 3, 4)))
    units = [asked.unit for asked in slave.asked]
    assert sum(before != after for before, after in pairwise(units)) == 3
    changes = [b.at_s - a.at_s for a, b in pairwise(slave.asked) if a.unit != b.unit]
    assert min(changes) >= 0.02


async def test_slow_jobs_do_not_starve_on_a_busy_line(tcp: TcpSlave) -> None:
    async with running(tcp.bus()) as bus:

        async def busy(unit: int) -> None:
            while True:
                await bus.perform(read_of(unit), Terms())

        tasks = [asyncio.create_task(busy(unit)) for unit in (1, 2)]
        await bus.perform(read_of(3), Terms(priority=Priority.SLOW))
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert tcp.asked[-1].number > 3


async def test_after_a_write_a_unit_is_left_in_peace_and_others_are_not(slave: Slave) -> None:
    write = Write(unit=1, function=6, address=0, values=(1,))
    async with running(slave.bus()) as bus:
        await bus.perform(write, Terms(write_gap_s=0.15))
        again = asyncio.create_task(bus.perform(read_of(1), Terms()))
        await bus.perform(read_of(2), Terms())
        await again
    assert [asked.unit for asked in slave.asked] == [1, 2, 1]
    assert slave.asked[2].at_s - slave.said_at_s[0] >= 0.15


async def test_a_connection_on_which_nobody_answers_any_more_is_made_anew(
    tcp: TcpSlave, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other end is gone without a word: silence on the old connection, answers on a new one."""
    assert HALF_OPEN_S >= 5
    monkeypatch.setattr("drivers.modbus.bus.HALF_OPEN_S", 0.1)
    tcp.script = lambda slave, asked: silent(slave, asked) if tcp.connections == 1 else honest(slave, asked)
    async with running(tcp.bus()) as bus:
        for count in (2, 4, 6):
            with pytest.raises(NoReply):
                await bus.perform(read_of(1, count), Terms(timeout_s=0.08))
        assert (await bus.perform(Write(unit=1, function=6, address=0, values=(1,)), Terms())).values == ()
        assert tcp.connections == 2
        assert bus.metrics().opened == 2


async def test_a_connection_on_which_a_unit_refuses_is_alive(
    tcp: TcpSlave, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal is an answer: those who are silent do not cost the others their connection."""
    monkeypatch.setattr("drivers.modbus.bus.HALF_OPEN_S", 0.1)
    refuse = saying(lambda asked: bytes((asked.pdu[0] | 0x80, 2)))
    tcp.script = lambda slave, asked: refuse(slave, asked) if asked.unit == 1 else silent(slave, asked)
    async with running(tcp.bus()) as bus:
        for dead in range(DEAD, DEAD + 4):
            with pytest.raises(ExceptionReply):
                await bus.perform(read_of(1), Terms())
            with pytest.raises(NoReply):
                await bus.perform(read_of(dead), Terms(timeout_s=0.08))
    assert tcp.connections == 1


async def test_the_numbers_of_a_bus_are_told(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        await bus.perform(read_of(1), Terms())
        await bus.perform(read_of(2), Terms())
        metrics = bus.metrics()
    assert metrics.name == bus.name
    assert metrics.is_open
    assert metrics.opened == 1
    assert [unit.unit for unit in metrics.units] == [1, 2]
    for unit in metrics.units:
        assert (unit.ok, sum(unit.latency_counts)) == (1, 1)
        assert unit.latency_sum_s > 0
    assert not bus.metrics().is_open
