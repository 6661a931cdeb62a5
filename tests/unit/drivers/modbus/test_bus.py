"""The bus against slaves that do everything wrong, on a pseudo-terminal and on TCP.

Unless a test says otherwise, the only values that may come out are those of an honest answer to that very
request; `read_honestly` checks it.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from drivers.modbus.errors import (
    DeadlineMissed,
    ExceptionReply,
    GarbledReply,
    LineNeverQuiet,
    ModbusError,
    NoReply,
    UnitResting,
    WrongCount,
    WrongEcho,
    WrongFunction,
    WrongUnit,
)
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Priority, Terms
from drivers.modbus.transport import SerialSettings
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    Burst,
    RtuSlave,
    Script,
    Slave,
    doctored,
    honest,
    honest_pdu,
    in_turn,
    late,
    running,
    saying,
    silent,
)
from tests.unit.drivers.modbus.reading import (
    READ,
    TERMS,
    TIMEOUT_S,
    WRITE,
    bus_at,
    read_honestly,
    refusal_of,
    until_honest,
)


async def test_an_honest_answer_comes_through(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        await read_honestly(bus, slave)
        assert (slave.asked[0].unit, slave.asked[0].function, slave.asked[0].address) == (1, 4, 10)
        assert bus.metrics().unit(1).ok == 1


@pytest.mark.parametrize(("space", "function"), [("coil", 1), ("discrete", 2), ("holding", 3), ("input", 4)])
async def test_every_space_is_read_with_its_function(slave: Slave, space: str, function: int) -> None:
    async with running(slave.bus()) as bus:
        answer = await bus.perform(Read(unit=1, space=space, address=5, count=9), TERMS)  # type: ignore[arg-type]  # a parameter
        assert len(answer.values) == 9
        assert slave.asked[0].function == function
        if function < 3:
            assert answer.values == (1, 0, 1, 0, 1, 0, 1, 0, 1)


@pytest.mark.parametrize(
    ("write", "pdu"),
    [
        (Write(unit=1, function=5, address=400, values=(1,)), "05 0190 FF00"),
        (Write(unit=1, function=5, address=400, values=(0,)), "05 0190 0000"),
        (WRITE, "06 012C 0010"),
        (Write(unit=1, function=16, address=20, values=(1, 0xABCD)), "10 0014 0002 04 0001 ABCD"),
    ],
)
async def test_every_write_goes_out_with_its_function_and_is_confirmed(
    slave: Slave, write: Write, pdu: str
) -> None:
    async with running(slave.bus()) as bus:
        assert (await bus.perform(write, TERMS)).values == ()
        assert slave.asked[0].pdu == bytes.fromhex(pdu)


async def test_the_answer_carries_the_time_its_last_byte_arrived(slave: Slave) -> None:
    def in_two(slave: Slave, asked: Asked) -> Answers:
        frame = slave.frame(asked, honest_pdu(asked))
        return [Burst(frame[:5]), Burst(frame[5:], 0.05)]

    slave.script = in_two
    async with running(slave.bus()) as bus:
        answer = await read_honestly(bus, slave)
        done_s = clock().monotonic_s
        assert slave.said_at_s[1] <= answer.arrived.monotonic_s <= done_s


@pytest.mark.parametrize(
    ("script", "error"),
    [
        pytest.param(doctored(lambda pdu: b"\x03" + pdu[1:]), WrongFunction, id="another function"),
        pytest.param(doctored(lambda pdu: b"\x03\x02\0\1"), WrongFunction, id="another function and length"),
        pytest.param(saying(lambda _: b"\x83\x02"), WrongFunction, id="refusal of another function"),
        pytest.param(saying(lambda _: b"\x04\x02\0\1"), WrongCount, id="too few registers"),
        pytest.param(saying(lambda _: b"\x04\x0a" + bytes(10)), WrongCount, id="too many registers"),
        pytest.param(saying(lambda _: b"\x04\x00"), WrongCount, id="no registers"),
        pytest.param(saying(lambda _: b"\x84\x02"), ExceptionReply, id="refusal"),
        pytest.param(silent, NoReply, id="silence"),
        pytest.param(
            lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked), unit=2))],
            WrongUnit,
            id="another unit",
        ),
        pytest.param(
            lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked))[:6])],
            GarbledReply,
            id="half a frame",
        ),
        pytest.param(lambda slave, asked: [Burst(bytes(range(40)))], GarbledReply, id="noise"),
    ],
)
async def test_what_is_no_exact_answer_raises_and_the_next_read_is_honest(
    slave: Slave, script: Script, error: type[ModbusError]
) -> None:
    async with running(slave.bus()) as bus:
        assert await refusal_of(bus, slave, script, error) is error


@pytest.mark.parametrize(
    ("write", "echo"),
    [
        (WRITE, "06 012C 0011"),
        (WRITE, "06 012D 0010"),
        (Write(unit=1, function=5, address=400, values=(1,)), "05 0190 0000"),
        (Write(unit=1, function=5, address=400, values=(1,)), "05 0191 FF00"),
        (Write(unit=1, function=16, address=20, values=(1, 2)), "10 0014 0001"),
        (Write(unit=1, function=16, address=20, values=(1, 2)), "10 0015 0002"),
    ],
)
async def test_the_echo_of_another_write_confirms_nothing(slave: Slave, write: Write, echo: str) -> None:
    slave.script = saying(lambda _: bytes.fromhex(echo))
    async with running(slave.bus()) as bus:
        with pytest.raises(WrongEcho):
            await bus.perform(write, TERMS)


async def test_a_write_refused_with_an_exception_says_which(slave: Slave) -> None:
    slave.script = saying(lambda _: b"\x86\x03")
    async with running(slave.bus()) as bus:
        with pytest.raises(ExceptionReply) as caught:
            await bus.perform(WRITE, TERMS)
        assert caught.value.exception_code == 3
        assert bus.metrics().unit(1).exceptions == {3: 1}


async def test_a_crc_error_is_no_value_and_is_told_apart_from_silence(unnumbered: Slave) -> None:
    unnumbered.script = in_turn(
        lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked))[:-1] + b"\0")]
    )
    async with running(unnumbered.bus()) as bus:
        with pytest.raises(GarbledReply):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, unnumbered)
        assert bus.metrics().unit(1).garbled == 1


@pytest.mark.parametrize("noise", [b"\0", b"\xff", b"\x01", b"\xff\0\xff\0"])
async def test_a_little_noise_before_an_answer_does_no_harm(unnumbered: Slave, noise: bytes) -> None:
    unnumbered.script = lambda slave, asked: [Burst(noise + slave.frame(asked, honest_pdu(asked)))]
    async with running(unnumbered.bus()) as bus:
        await read_honestly(bus, unnumbered)
        await read_honestly(bus, unnumbered)


async def test_noise_after_an_answer_does_no_harm(unnumbered: Slave) -> None:
    unnumbered.script = lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked)) + b"\0\xff\0")]
    async with running(unnumbered.bus()) as bus:
        await read_honestly(bus, unnumbered)
        await read_honestly(bus, unnumbered)


async def test_a_flood_is_no_answer_and_ends(slave: Slave) -> None:
    slave.script = in_turn(lambda slave, asked: [Burst(bytes(64), 0.0005)] * 100)
    async with running(slave.bus()) as bus:
        with pytest.raises((GarbledReply, LineNeverQuiet)):
            await bus.perform(READ, TERMS)
        await until_honest(bus, slave)


async def test_an_answer_said_twice_does_no_harm(slave: Slave) -> None:
    slave.script = lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked)) * 2)]
    async with running(slave.bus()) as bus:
        for _ in range(4):
            await read_honestly(bus, slave)


async def test_an_answer_byte_by_byte_is_an_answer(slave: Slave) -> None:
    slave.script = lambda slave, asked: [
        Burst(bytes([byte]), 0.001) for byte in slave.frame(asked, honest_pdu(asked))
    ]
    async with running(slave.bus()) as bus:
        await read_honestly(bus, slave, terms=Terms(timeout_s=5.0))


async def test_a_reader_cancelled_in_mid_transaction_leaves_the_bus_in_step(slave: Slave) -> None:
    slave.script = late(0.05)
    async with running(slave.bus()) as bus:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(bus.perform(READ, TERMS), 0.02)
            await read_honestly(bus, slave)


async def test_a_reader_cancelled_in_the_queue_is_not_sent(slave: Slave) -> None:
    slave.script = late(0.05)
    async with running(slave.bus()) as bus:
        first = asyncio.create_task(bus.perform(READ, TERMS))
        queued = asyncio.create_task(bus.perform(Read(unit=1, space="input", address=99, count=6), TERMS))
        await asyncio.sleep(0.02)
        queued.cancel()
        await first
        await read_honestly(bus, slave)
        assert [asked.address for asked in slave.asked] == [10, 10]


async def test_writes_go_before_heartbeats_before_fast_reads_before_slow_ones(slave: Slave) -> None:
    slave.script = late(0.02)
    async with running(slave.bus()) as bus:
        jobs = [asyncio.create_task(bus.perform(READ, TERMS))]
        await asyncio.sleep(0.01)
        for address, priority in enumerate(
            (Priority.SLOW, Priority.FAST, Priority.HEARTBEAT, Priority.WRITE)
        ):
            read = Read(unit=1, space="input", address=address, count=1)
            jobs.append(asyncio.create_task(bus.perform(read, Terms(priority=priority))))
        await asyncio.gather(*jobs)
        assert [asked.address for asked in slave.asked] == [10, 3, 2, 1, 0]


async def test_jobs_of_the_same_priority_go_in_order(slave: Slave) -> None:
    async with running(slave.bus()) as bus:
        reads = [Read(unit=1, space="input", address=a, count=1) for a in (5, 3, 4, 1, 2)]
        await asyncio.gather(*(bus.perform(read, TERMS) for read in reads))
        assert [asked.address for asked in slave.asked] == [5, 3, 4, 1, 2]


async def test_a_job_that_waited_too_long_is_not_sent(slave: Slave) -> None:
    slave.script = late(0.1)
    async with running(slave.bus()) as bus:
        first = asyncio.create_task(bus.perform(READ, TERMS))
        await asyncio.sleep(0.01)
        with pytest.raises(DeadlineMissed):
            await bus.perform(READ, Terms(deadline_s=0.02))
        await first
        assert len(slave.asked) == 1
        assert bus.metrics().unit(1).refused == 1


async def test_a_unit_that_fails_three_times_rests_but_is_still_written_to(slave: Slave) -> None:
    slave.script = silent
    async with running(slave.bus()) as bus:
        for count in (2, 4, 6):
            with pytest.raises(NoReply):
                await bus.perform(Read(unit=1, space="input", address=0, count=count), TERMS)
        with pytest.raises(UnitResting) as caught:
            await bus.perform(Read(unit=1, space="input", address=0, count=8), TERMS)
        assert 0 < caught.value.retry_in_s <= 1
        assert len(slave.asked) == 3
        slave.script = honest
        await bus.perform(WRITE, TERMS)
        await read_honestly(bus, slave)


async def test_refusals_are_answers_and_let_no_unit_rest(slave: Slave) -> None:
    slave.script = in_turn(*[saying(lambda _: b"\x84\x06")] * 5)
    async with running(slave.bus()) as bus:
        for _ in range(5):
            with pytest.raises(ExceptionReply):
                await bus.perform(READ, TERMS)
        await read_honestly(bus, slave)


async def test_while_a_dead_unit_is_drained_the_others_are_read(unnumbered: Slave) -> None:
    unnumbered.script = lambda slave, asked: silent(slave, asked) if asked.unit == 9 else honest(slave, asked)
    async with running(unnumbered.bus()) as bus:
        dead = Read(unit=9, space="input", address=0, count=4)
        with pytest.raises(NoReply):
            await bus.perform(dead, TERMS)
        again = asyncio.create_task(bus.perform(dead, Terms(timeout_s=TIMEOUT_S, priority=Priority.WRITE)))
        await read_honestly(bus, unnumbered)
        assert not again.done()
        again.cancel()


async def test_what_lay_unheard_in_the_kernel_is_no_answer_to_a_request_sent_after_it(rtu: RtuSlave) -> None:
    async with running(rtu.bus()) as bus:
        await read_honestly(bus, rtu)
        await asyncio.sleep(0.05)
        rtu.write(rtu.frame(rtu.asked[0], honest_pdu(rtu.asked[0])))
        time.sleep(0.01)  # noqa: ASYNC251 - the kernel passes it on meanwhile, and nobody hears it
        await read_honestly(bus, rtu)


async def test_requests_are_at_least_3_5_characters_apart(rtu: RtuSlave) -> None:
    async with running(rtu.bus()) as bus:
        for _ in range(20):
            await read_honestly(bus, rtu)
    gaps_s = [asked.at_s - said for asked, said in zip(rtu.asked[1:], rtu.said_at_s, strict=False)]
    assert min(gaps_s) >= rtu.settings().silence_s


async def test_a_line_that_is_never_quiet_is_told(rtu: RtuSlave) -> None:
    async def babble() -> None:
        while True:
            rtu.write(b"\x55")
            await asyncio.sleep(0)

    settings = SerialSettings(baud=300, parity="N", stop_bits=1)
    async with running(bus_at(rtu, settings)) as bus:
        await read_honestly(bus, rtu)
        babbling = asyncio.create_task(babble())
        await asyncio.sleep(0.01)
        with pytest.raises(LineNeverQuiet):
            await bus.perform(READ, TERMS)
        babbling.cancel()
        await asyncio.sleep(TIMEOUT_S)
        await read_honestly(bus, rtu, Read(unit=1, space="input", address=0, count=6))
