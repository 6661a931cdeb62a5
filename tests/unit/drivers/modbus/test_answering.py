"""Against a device that asks; its frames are pymodbus's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymodbus.framer import FramerSocket
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from drivers.modbus.answering import AnsweringBus
from drivers.modbus.errors import BusClosed, ExceptionReply, ModbusError, NoReply, PortUnavailable
from drivers.modbus.requests import Read, Write
from drivers.modbus.tcp_link import DialInLink, TcpLink
from drivers.modbus.terms import Answer, Terms
from tests.real_time import clock

VOLTAGE = Read(unit=1, space="holding", address=4359, count=2)
LIMIT = Write(unit=1, function=16, address=100, values=(7, 8))


class Device:
    """A master on the other end of a connection."""

    def __init__(self) -> None:
        self._framer = FramerSocket(DecodePDU(is_server=False))
        self._writer: asyncio.StreamWriter | None = None
        self._reader: asyncio.StreamReader
        self._writers: list[asyncio.StreamWriter] = []
        self._number = 0

    async def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._writers.append(writer)

    async def ask(self, request: Any) -> Any:
        async with asyncio.timeout(5):
            while self._writer is None:
                await asyncio.sleep(0.01)
            self._number += 1
            request.transaction_id = self._number
            self._writer.write(self._framer.buildFrame(request))
            header = await self._reader.readexactly(6)
            body = await self._reader.readexactly(int.from_bytes(header[4:], "big"))
        _, reply = self._framer.handleFrame(header + body, 0, self._number)
        assert reply is not None
        assert reply.transaction_id == self._number
        return reply

    async def write(self, address: int, *values: int) -> Any:
        return await self.ask(
            WriteMultipleRegistersRequest(address=address, registers=list(values), dev_id=3)
        )

    async def say(self, data: bytes) -> None:
        assert self._writer is not None
        self._writer.write(data)
        await self._writer.drain()

    async def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        self._writer = None
        await asyncio.sleep(0.01)


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    one = Device()
    yield one
    await one.hang_up()


@pytest.fixture
async def bus(device: Device) -> AsyncIterator[AnsweringBus]:
    server = await asyncio.start_server(device.attach, "127.0.0.1", 0)
    async with server:
        bus = AnsweringBus(TcpLink("127.0.0.1", server.sockets[0].getsockname()[1]), clock)
        owner = asyncio.create_task(bus.run())
        yield bus
        owner.cancel()
        await asyncio.wait([owner])


async def until_read(bus: AnsweringBus, read: Read) -> Answer:
    async with asyncio.timeout(5):
        while True:
            try:
                return await bus.perform(read, Terms())
            except ModbusError:
                await asyncio.sleep(0.01)


async def read_for_ever(bus: AnsweringBus) -> None:
    async with asyncio.timeout(5):
        while True:
            await bus.perform(VOLTAGE, Terms())
            await asyncio.sleep(0.01)


async def test_a_read_gives_what_the_device_wrote_and_when(device: Device, bus: AnsweringBus) -> None:
    before = clock()
    reply = await device.write(4359, 0x4366, 0x8000)
    after = clock()
    assert (reply.function_code, reply.address, reply.count, reply.dev_id) == (16, 4359, 2, 3)
    for _ in range(2):
        answer = await bus.perform(VOLTAGE, Terms())
        assert answer.values == (0x4366, 0x8000)
        assert before.monotonic_s <= answer.arrived.monotonic_s <= after.monotonic_s
    await device.ask(WriteSingleRegisterRequest(address=4360, registers=[1], dev_id=3))
    assert (await bus.perform(VOLTAGE, Terms())).values == (0x4366, 1)
    assert bus.metrics().unit(3).ok == 2


async def test_what_we_write_the_device_can_read(device: Device, bus: AnsweringBus) -> None:
    assert (await bus.perform(LIMIT, Terms())).values == ()
    reply = await device.ask(ReadHoldingRegistersRequest(address=100, count=2, dev_id=3))
    assert reply.registers == [7, 8]
    refused = await device.ask(ReadHoldingRegistersRequest(address=500, count=2, dev_id=3))
    assert isinstance(refused, ExceptionResponse)
    assert refused.exception_code == 2
    assert bus.metrics().unit(3).exceptions == {2: 1}


async def test_what_the_device_has_not_written_is_no_value(device: Device, bus: AnsweringBus) -> None:
    await device.write(4359, 1)
    with pytest.raises(NoReply, match="has not written all of it"):
        await bus.perform(VOLTAGE, Terms())


async def test_after_the_connection_was_lost_nothing_old_is_given(device: Device, bus: AnsweringBus) -> None:
    await device.write(4359, 1, 2)
    await bus.perform(LIMIT, Terms())
    await device.hang_up()
    with pytest.raises(ModbusError):
        await read_for_ever(bus)
    reply = await device.ask(ReadHoldingRegistersRequest(address=100, count=2, dev_id=3))
    assert reply.registers == [7, 8], "what we offer stays"
    with pytest.raises(NoReply):
        await bus.perform(VOLTAGE, Terms())
    await device.write(4359, 3, 4)
    assert (await bus.perform(VOLTAGE, Terms())).values == (3, 4)
    assert bus.metrics().opened == 2


async def test_a_stream_that_is_no_modbus_is_ended(device: Device, bus: AnsweringBus) -> None:
    await device.write(4359, 1, 2)
    await device.say(b"GET / HTTP/1.1\r\n\r\n")
    with pytest.raises(ModbusError):
        await read_for_ever(bus)


async def test_a_silent_device_gives_no_value(device: Device) -> None:
    server = await asyncio.start_server(device.attach, "127.0.0.1", 0)
    async with server:
        link = TcpLink("127.0.0.1", server.sockets[0].getsockname()[1])
        bus = AnsweringBus(link, clock, silence_s=0.1)
        owner = asyncio.create_task(bus.run())
        await device.write(4359, 1, 2)
        await asyncio.sleep(0.15)
        with pytest.raises(NoReply, match="has not asked for anything"):
            await bus.perform(VOLTAGE, Terms())
        owner.cancel()
        await asyncio.wait([owner])


async def test_a_device_that_connects_to_us_may_ask_as_well(device: Device) -> None:
    link = DialInLink("127.0.0.1", 0)
    bus = AnsweringBus(link, clock)
    owner = asyncio.create_task(bus.run())
    while link._listener is None:
        await asyncio.sleep(0.01)
    await device.attach(*await asyncio.open_connection("127.0.0.1", link._listener.getsockname()[1]))
    await device.write(4359, 1, 2)
    assert (await until_read(bus, VOLTAGE)).values == (1, 2)
    owner.cancel()
    await asyncio.wait([owner])


async def test_without_a_connection_or_an_owner_it_says_so() -> None:
    bus = AnsweringBus(TcpLink("127.0.0.1", 1), clock)
    with pytest.raises(BusClosed):
        await bus.perform(VOLTAGE, Terms())
    owner = asyncio.create_task(bus.run())
    await asyncio.sleep(0.05)
    with pytest.raises(PortUnavailable):
        await bus.perform(VOLTAGE, Terms())
    with pytest.raises(ExceptionReply):
        await bus.perform(Write(unit=1, function=16, address=0xFFFF, values=(1, 2)), Terms())
    owner.cancel()
    await asyncio.wait([owner])
