"""Ports and connections that are missing, taken, unplugged or dropped under the bus."""

from __future__ import annotations

import asyncio

import pytest

from drivers.modbus.errors import (
    GarbledReply,
    NoReply,
    PortUnavailable,
)
from drivers.modbus.requests import Read
from drivers.modbus.terms import Terms
from drivers.modbus.transport import SerialSettings
from tests.unit.drivers.modbus.hostile import (
    Answers,
    Asked,
    Burst,
    RtuSlave,
    Slave,
    TcpSlave,
    honest,
    in_turn,
    running,
    silent,
)
from tests.unit.drivers.modbus.reading import (
    READ,
    TERMS,
    TIMEOUT_S,
    WRITE,
    bus_at,
    read_honestly,
    until_honest,
)


async def test_an_unplugged_serial_port_is_told_and_comes_back(rtu: RtuSlave) -> None:
    async with running(rtu.bus()) as bus:
        await read_honestly(bus, rtu)
        rtu.unplug()
        with pytest.raises(PortUnavailable):
            await bus.perform(READ, TERMS)
        rtu.plug_in()
        await until_honest(bus, rtu)


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
        await until_honest(bus, tcp)


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
        await until_honest(bus, tcp)


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
