"""Replies that come too late, and what makes sure that none passes for another."""

from __future__ import annotations

import asyncio

import pytest

from drivers.modbus.errors import (
    ExceptionReply,
    GarbledReply,
    ModbusError,
    NoReply,
    UnitResting,
    WrongFunction,
    WrongTransaction,
)
from drivers.modbus.requests import Read
from drivers.modbus.terms import Terms
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    Burst,
    Slave,
    TcpSlave,
    honest_pdu,
    in_turn,
    late,
    running,
    saying,
    silent,
)
from tests.unit.drivers.modbus.reading import PROBE, READ, TERMS, TIMEOUT_S, read_honestly


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
