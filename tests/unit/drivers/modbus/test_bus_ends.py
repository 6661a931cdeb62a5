"""What is left behind when the bus is stopped or its owner breaks down, and mixes of all faults."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from drivers.modbus.bus import Bus
from drivers.modbus.errors import (
    BusClosed,
    ModbusError,
    UnitResting,
)
from drivers.modbus.requests import Read, Reply, Request
from drivers.modbus.terms import Terms
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    Burst,
    Script,
    Slave,
    doctored,
    honest,
    honest_pdu,
    late,
    running,
    saying,
    silent,
)
from tests.unit.drivers.modbus.reading import (
    PROBE,
    READ,
    TERMS,
    TIMEOUT_S,
    WRITE,
    read_honestly,
    until_honest,
)


async def test_a_bus_that_does_not_run_says_so(slave: Slave) -> None:
    bus = slave.bus()
    with pytest.raises(BusClosed):
        await bus.perform(READ, TERMS)


async def test_stopping_the_bus_fails_what_is_under_way_and_what_waits(slave: Slave) -> None:
    slave.script = silent
    async with running(slave.bus()) as bus:
        jobs = [asyncio.create_task(bus.perform(READ, TERMS)) for _ in range(3)]
        await asyncio.sleep(TIMEOUT_S / 4)
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [BusClosed] * 3


FAULTS: tuple[Script, ...] = (
    honest,
    silent,
    late(0.03),
    late(0.08),
    late(0.13),
    late(0.21),
    saying(lambda _: b"\x84\x06"),
    saying(lambda _: b"\x04\x02\0\1"),
    doctored(lambda pdu: b"\x03" + pdu[1:]),
    lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked), unit=2))],
    lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked)) * 2)],
)
LINE_FAULTS: tuple[Script, ...] = (
    lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked))[:-3])],
    lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked))[:-1] + b"\x99")],
    lambda slave, asked: [Burst(b"\xff" + slave.frame(asked, honest_pdu(asked)))],
    lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked))), Burst(b"\0", 0.02)],
)
"""What only a serial line does to bytes: TCP delivers all of them, unchanged."""


@pytest.mark.parametrize("seed", range(3))
async def test_no_mix_of_faults_and_cancellations_gives_a_false_value(slave: Slave, seed: int) -> None:
    """Three blocks of distinct length, random faults, random cancelled callers: honest or nothing."""
    dice = random.Random(seed)
    faults = FAULTS + (() if slave.numbered else LINE_FAULTS)
    blocks = [Read(unit=1, space="input", address=a, count=c) for a, c in ((0, 4), (50, 6), (100, 8))]
    terms = Terms(timeout_s=0.05, probe=PROBE)

    def at_random(slave: Slave, asked: Asked) -> Answers:
        fault = dice.choice(faults)
        return fault(slave, asked)

    slave.script = at_random
    async with running(slave.bus()) as bus:
        for turn in range(40):
            try:
                async with asyncio.timeout(dice.choice((None, None, None, 0.02))):
                    await read_honestly(bus, slave, blocks[turn % 3], terms)
            except UnitResting:
                slave.script = honest
                await asyncio.sleep(terms.timeout_s)
                with suppress(ModbusError):
                    await bus.perform(WRITE, terms)
                slave.script = at_random
            except (ModbusError, TimeoutError):
                continue
        slave.script = honest
        await until_honest(bus, slave)


class SwallowingTransport:
    """A line whose reply comes in the moment the owner is cancelled, so that the cancellation is lost."""

    name = "swallowing"
    serial = None
    numbered = True
    connected = True
    quiet_since_s = 0.0

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.is_closed = False

    async def connect(self, _: float) -> str | None:
        return None

    async def exchange(self, request: Request, _: float) -> Reply:
        self.asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(10)
        return Reply(unit=request.unit, function=4, values=(0, 0, 0, 0), arrived=clock())

    def drop(self) -> None:
        raise AssertionError("nothing is wrong with the line")

    def close(self) -> None:
        self.is_closed = True


async def test_a_stop_in_the_moment_of_a_reply_is_not_lost() -> None:
    transport = SwallowingTransport()
    bus = Bus(transport)
    owner = asyncio.create_task(bus.run())
    await asyncio.sleep(0)
    reader = asyncio.create_task(bus.perform(READ, TERMS))
    await transport.asked.wait()
    owner.cancel()
    async with asyncio.timeout(2):
        await asyncio.wait([owner])
    assert owner.cancelled()
    assert transport.is_closed
    assert (await reader).values == (0, 0, 0, 0)


class BrokenTransport(SwallowingTransport):
    """A line whose code has a fault that nobody foresaw."""

    async def exchange(self, request: Request, _: float) -> Reply:
        raise TypeError(str(request))


async def test_a_caller_is_never_left_waiting_when_the_owner_breaks_down() -> None:
    bus = Bus(BrokenTransport())
    owner = asyncio.create_task(bus.run())
    await asyncio.sleep(0)
    jobs = [asyncio.create_task(bus.perform(READ, TERMS)) for _ in range(2)]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(result) for result in results] == [BusClosed] * 2
    with pytest.raises(TypeError):
        await owner
