"""The bus against slaves that do everything wrong, on a pseudo-terminal and on TCP.

Unless a test says otherwise, the only values that may come out are those of an honest answer to that very
request; `Honest` checks it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import SerialEndpoint, transport_for
from drivers.modbus.errors import (
    BusClosed,
    DeadlineMissed,
    ExceptionReply,
    GarbledReply,
    LineNeverQuiet,
    ModbusError,
    NoReply,
    PortUnavailable,
    UnitResting,
    WrongCount,
    WrongEcho,
    WrongFunction,
    WrongTransaction,
    WrongUnit,
)
from drivers.modbus.requests import Read, Reply, Request, Write
from drivers.modbus.terms import Answer, Priority, Terms
from drivers.modbus.transport import SerialSettings
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import (
    NUMBERED,
    SERIAL,
    UNNUMBERED,
    Answers,
    Asked,
    Burst,
    RtuSlave,
    Script,
    Slave,
    TcpSlave,
    honest,
    honest_pdu,
    honest_values,
    in_turn,
    late,
    running,
    saying,
    silent,
    slave_of,
)

TIMEOUT_S = 0.3
READ = Read(unit=1, space="input", address=10, count=4)
PROBE = Read(unit=1, space="input", address=10, count=2)
TERMS = Terms(timeout_s=TIMEOUT_S, probe=PROBE)
WRITE = Write(unit=1, function=6, address=300, values=(16,))


@pytest.fixture(params=[*UNNUMBERED, *NUMBERED])
async def slave(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Slave]:
    async with slave_of(request.param, tmp_path) as one:
        yield one


@pytest.fixture(params=UNNUMBERED)
async def unnumbered(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Slave]:
    async with slave_of(request.param, tmp_path) as one:
        yield one


@pytest.fixture(params=SERIAL)
async def rtu(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with slave_of(request.param, tmp_path) as one:
        assert isinstance(one, RtuSlave)
        yield one


@pytest.fixture(params=NUMBERED)
async def tcp(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TcpSlave]:
    async with slave_of(request.param, tmp_path) as one:
        assert isinstance(one, TcpSlave)
        yield one


def bus_at(rtu: RtuSlave, settings: SerialSettings) -> Bus:
    endpoint = SerialEndpoint(port=str(rtu.link), settings=settings)
    return Bus(transport_for(endpoint, clock, rtu.framing))


async def read_honestly(bus: Bus, slave: Slave, read: Read = READ, terms: Terms = TERMS) -> Answer:
    """Read, and check that the values answer this request, not an earlier one."""
    answer = await bus.perform(read, terms)
    assert answer.values == honest_values(slave.asked[-1].number, read.address, read.count)
    return answer


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


def doctored(change: Callable[[bytes], bytes]) -> Script:
    return saying(lambda asked: change(honest_pdu(asked)))


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
    slave.script = in_turn(script)
    async with running(slave.bus()) as bus:
        with pytest.raises(error) as caught:
            await bus.perform(READ, TERMS)
        assert type(caught.value) is error
        await read_honestly(bus, slave)


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
        await _until_honest(bus, slave)


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


async def test_a_reply_250_ms_late_of_500_is_in_time(slave: Slave) -> None:
    slave.script = in_turn(late(0.25))
    async with running(slave.bus()) as bus:
        terms = Terms(timeout_s=0.5, probe=PROBE)
        await read_honestly(bus, slave, terms=terms)
        await read_honestly(bus, slave, terms=terms)


@pytest.mark.parametrize("delay_s", [0.7, 1.3])
async def test_a_reply_later_than_the_timeout_of_500_ms_is_never_taken_for_the_next(
    slave: Slave, delay_s: float
) -> None:
    """700 ms falls into the drain, 1300 ms after it."""
    slave.script = in_turn(late(delay_s))
    terms = Terms(timeout_s=0.5, probe=PROBE)
    async with running(slave.bus()) as bus:
        with pytest.raises(NoReply):
            await bus.perform(READ, terms)
        for _ in range(8):
            try:
                await read_honestly(bus, slave, terms=terms)
            except ModbusError:
                await asyncio.sleep(0.1)
        await read_honestly(bus, slave, terms=terms)


async def test_a_slave_that_is_always_too_late_never_gives_a_value(unnumbered: Slave) -> None:
    unnumbered.script = late(TIMEOUT_S * 2.5)
    async with running(unnumbered.bus()) as bus:
        for _ in range(12):
            with pytest.raises(ModbusError):
                await bus.perform(READ, TERMS)
            await asyncio.sleep(TIMEOUT_S / 4)


async def test_before_the_same_read_is_sent_again_the_probe_is_answered(unnumbered: Slave) -> None:
    unnumbered.script = in_turn(silent)
    async with running(unnumbered.bus()) as bus:
        with pytest.raises(NoReply):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, unnumbered)
        assert [asked.count for asked in unnumbered.asked] == [READ.count, PROBE.count, READ.count]


async def test_a_read_of_another_length_needs_no_probe_and_ends_the_doubt(unnumbered: Slave) -> None:
    unnumbered.script = in_turn(silent)
    other = Read(unit=1, space="input", address=40, count=6)
    async with running(unnumbered.bus()) as bus:
        with pytest.raises(NoReply):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, unnumbered, other)
        await read_honestly(bus, unnumbered)
        assert [asked.count for asked in unnumbered.asked] == [4, 6, 4]


async def test_without_a_probe_the_unit_is_left_alone_until_nothing_can_be_late(unnumbered: Slave) -> None:
    unnumbered.script = in_turn(silent)
    async with running(unnumbered.bus()) as bus:
        with pytest.raises(NoReply):
            await bus.perform(READ, Terms(timeout_s=TIMEOUT_S))
        with pytest.raises(UnitResting) as caught:
            await bus.perform(READ, Terms(timeout_s=TIMEOUT_S))
        assert caught.value.retry_in_s > 4
        assert len(unnumbered.asked) == 1


async def test_when_even_the_probe_is_not_answered_the_unit_is_left_alone(unnumbered: Slave) -> None:
    unnumbered.script = in_turn(silent, silent)
    async with running(unnumbered.bus()) as bus:
        for _ in range(2):
            with pytest.raises(NoReply):
                await bus.perform(READ, TERMS)
        with pytest.raises(UnitResting):
            await bus.perform(READ, TERMS)
        assert [asked.count for asked in unnumbered.asked] == [READ.count, PROBE.count]


async def test_a_refusal_while_another_reply_is_missing_is_not_trusted_either(unnumbered: Slave) -> None:
    """The refusal may be the late answer to the read before; then this read's own answer is still to come."""
    unnumbered.script = in_turn(silent, saying(lambda _: b"\x84\x06"))
    other = Read(unit=1, space="input", address=40, count=6)
    async with running(unnumbered.bus()) as bus:
        with pytest.raises(NoReply):
            await bus.perform(READ, TERMS)
        with pytest.raises(ExceptionReply):
            await bus.perform(other, TERMS)
        await read_honestly(bus, unnumbered, other)
        assert [asked.count for asked in unnumbered.asked] == [4, 6, 2, 6]


async def test_a_late_tcp_reply_is_passed_over_by_its_transaction(tcp: TcpSlave) -> None:
    def both(slave: Slave, asked: Asked) -> Answers:
        old = Asked(asked.number - 1, asked.at_s, asked.transaction - 1, asked.unit, asked.pdu)
        late_frame = slave.frame(old, honest_pdu(old))
        return [Burst(late_frame + slave.frame(asked, honest_pdu(asked)))]

    tcp.script = both
    async with running(tcp.bus()) as bus:
        await read_honestly(bus, tcp)
        await read_honestly(bus, tcp)


@pytest.mark.parametrize("transaction", [0, 9999])
async def test_a_tcp_reply_of_another_transaction_is_no_answer(tcp: TcpSlave, transaction: int) -> None:
    def other(slave: Slave, asked: Asked) -> Answers:
        changed = Asked(asked.number, asked.at_s, transaction, asked.unit, asked.pdu)
        return [Burst(slave.frame(changed, honest_pdu(asked)))]

    tcp.script = other
    async with running(tcp.bus()) as bus:
        with pytest.raises(WrongTransaction):
            await bus.perform(READ, TERMS)


async def test_a_tcp_reply_of_an_unknown_function_is_told(tcp: TcpSlave) -> None:
    tcp.script = in_turn(saying(lambda _: b"\x63\x00\x00"))
    async with running(tcp.bus()) as bus:
        with pytest.raises(WrongFunction):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, tcp)


async def test_a_tcp_frame_whose_byte_count_lies_is_garbled(tcp: TcpSlave) -> None:
    tcp.script = in_turn(saying(lambda _: b"\x04\x08" + bytes(6)))
    async with running(tcp.bus()) as bus:
        with pytest.raises(GarbledReply):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, tcp)


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


async def test_an_unplugged_serial_port_is_told_and_comes_back(rtu: RtuSlave) -> None:
    async with running(rtu.bus()) as bus:
        await read_honestly(bus, rtu)
        rtu.unplug()
        with pytest.raises(PortUnavailable):
            await bus.perform(READ, TERMS)
        rtu.plug_in()
        await _until_honest(bus, rtu)


async def test_a_port_unplugged_in_mid_transaction_is_told(rtu: RtuSlave) -> None:
    rtu.script = silent
    async with running(rtu.bus()) as bus:
        pending = asyncio.create_task(bus.perform(READ, TERMS))
        await asyncio.sleep(TIMEOUT_S / 4)
        rtu.unplug()
        with pytest.raises(PortUnavailable):
            await pending


async def test_a_refused_tcp_port_is_told_and_used_when_it_comes_up(tcp: TcpSlave) -> None:
    await tcp.unplug()
    async with running(tcp.bus()) as bus:
        for _ in range(3):
            with pytest.raises(PortUnavailable):
                await bus.perform(READ, TERMS)
        await tcp.plug_in()
        await _until_honest(bus, tcp)


async def test_between_attempts_to_open_reads_fail_at_once_but_a_write_tries(tcp: TcpSlave) -> None:
    await tcp.unplug()
    async with running(tcp.bus()) as bus:
        for _ in range(3):
            with pytest.raises(PortUnavailable):
                await bus.perform(READ, TERMS)
        await tcp.plug_in()
        await bus.perform(WRITE, TERMS)
        assert [asked.function for asked in tcp.asked] == [6]


async def test_a_tcp_connection_dropped_in_mid_transaction_is_told_and_made_again(tcp: TcpSlave) -> None:
    def hang_up(slave: Slave, asked: Asked) -> Answers:
        assert isinstance(slave, TcpSlave)
        slave.hang_up()
        return []

    tcp.script = in_turn(hang_up)
    async with running(tcp.bus()) as bus:
        with pytest.raises(PortUnavailable):
            await bus.perform(READ, TERMS)
        await _until_honest(bus, tcp)


async def test_a_silent_tcp_unit_keeps_the_connection_for_the_others(tcp: TcpSlave) -> None:
    tcp.script = lambda slave, asked: silent(slave, asked) if asked.unit > 8 else honest(slave, asked)
    async with running(tcp.bus()) as bus:
        for unit in range(9, 15):
            with pytest.raises(NoReply):
                await bus.perform(Read(unit=unit, space="input", address=0, count=1), Terms(timeout_s=0.05))
        await read_honestly(bus, tcp)
        assert tcp.connections == 1


async def test_after_a_tcp_frame_that_makes_no_sense_a_new_connection_is_made(tcp: TcpSlave) -> None:
    tcp.script = in_turn(honest, lambda slave, asked: [Burst(bytes(range(40)))])
    async with running(tcp.bus()) as bus:
        await read_honestly(bus, tcp)
        with pytest.raises(GarbledReply):
            await bus.perform(READ, TERMS)
        await read_honestly(bus, tcp)
        assert tcp.connections == 2


async def test_parity_that_a_pseudo_terminal_refuses_is_told(rtu: RtuSlave) -> None:
    settings = SerialSettings(baud=9600, parity="E", stop_bits=1)
    async with running(bus_at(rtu, settings)) as bus:
        with pytest.raises(PortUnavailable, match="9600 8E1"):
            await bus.perform(READ, TERMS)


async def test_a_port_taken_by_another_program_is_told(rtu: RtuSlave) -> None:
    async with running(rtu.bus()) as first:
        await read_honestly(first, rtu)
        async with running(rtu.bus()) as second:
            with pytest.raises(PortUnavailable):
                await second.perform(READ, TERMS)


async def test_a_stopped_bus_frees_its_port(rtu: RtuSlave) -> None:
    for _ in range(2):
        async with running(rtu.bus()) as bus:
            await read_honestly(bus, rtu)


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
        await _until_honest(bus, slave)


async def _until_honest(bus: Bus, slave: Slave) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await read_honestly(bus, slave)
            except ModbusError:
                await asyncio.sleep(0.05)
            else:
                return


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
