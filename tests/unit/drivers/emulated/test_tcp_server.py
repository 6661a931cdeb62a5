from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from drivers.emulated.tcp_server import TcpServer
from tests.plain_slave import Slave
from tests.unit.drivers.emulated.memory import MemoryRegisters

READ_TWO = "00 07 00 00 00 06 b4 04 00 05 00 02"
TWO = "00 07 00 00 00 07 b4 04 04 00 05 00 06"


@asynccontextmanager
async def server() -> AsyncIterator[tuple[TcpServer, Slave]]:
    slave = Slave(MemoryRegisters())
    listening = TcpServer({180: slave})
    await listening.open()
    try:
        yield listening, slave
    finally:
        await listening.close()


@asynccontextmanager
async def master(
    listening: TcpServer, sock: socket.socket | None = None
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    sock = sock or socket.socket()
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, (listening.host, listening.port))
    reader, writer = await asyncio.open_connection(sock=sock)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionResetError):
            await writer.wait_closed()


async def ask(listening: TcpServer, request: str, size: int) -> str:
    async with master(listening) as (reader, writer):
        writer.write(bytes.fromhex(request))
        return (await reader.readexactly(size)).hex(" ")


async def test_a_request_is_answered_with_its_transaction_and_unit() -> None:
    async with server() as (listening, _):
        assert listening.port > 0
        assert await ask(listening, READ_TWO, 13) == TWO


async def test_an_exception_is_framed_too() -> None:
    async with server() as (listening, _):
        assert await ask(listening, "00 07 00 00 00 06 b4 04 00 63 00 02", 9) == "00 07 00 00 00 03 b4 84 02"


async def test_every_request_of_one_segment_is_answered() -> None:
    async with server() as (listening, _):
        requests = " ".join(READ_TWO.replace("00 07", f"00 {at:02x}", 1) for at in range(20))
        replies = await ask(listening, requests, 20 * 13)
        assert replies == " ".join(TWO.replace("00 07", f"00 {at:02x}", 1) for at in range(20))


async def test_a_request_in_two_segments_is_answered_once() -> None:
    async with server() as (listening, _), master(listening) as (reader, writer):
        writer.write(bytes.fromhex(READ_TWO)[:5])
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(bytes.fromhex(READ_TWO)[5:])
        assert (await reader.readexactly(13)).hex(" ") == TWO


async def test_many_masters_are_served_at_once() -> None:
    async with server() as (listening, _):
        replies = await asyncio.gather(*(ask(listening, READ_TWO, 13) for _ in range(20)))
        assert set(replies) == {TWO}


async def test_another_unit_is_not_answered() -> None:
    async with server() as (listening, _):
        both = READ_TWO.replace("b4", "01") + READ_TWO
        assert await ask(listening, both, 13) == TWO


async def test_a_silent_device_accepts_and_says_nothing() -> None:
    async with server() as (listening, slave), master(listening) as (reader, writer):
        slave.silent = True
        writer.write(bytes.fromhex(READ_TWO))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)
        slave.silent = False
        writer.write(bytes.fromhex(READ_TWO))
        assert (await reader.readexactly(13)).hex(" ") == TWO


async def test_what_is_not_modbus_ends_the_connection_and_no_other() -> None:
    async with server() as (listening, _), master(listening) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""
        assert await ask(listening, READ_TWO, 13) == TWO


async def test_a_master_that_does_not_read_is_held_back_until_it_does() -> None:
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    async with server() as (listening, _), master(listening, small) as (reader, writer):
        writer.write(bytes.fromhex("00 07 00 00 00 06 b4 04 00 00 00 64") * 40_000)
        await writer.drain()
        (connection,) = listening._connections
        assert await stays_paused(connection._transport)
        while not connection._transport.is_reading():
            assert await reader.read(1_000_000)
        writer.transport.abort()


async def stays_paused(transport: asyncio.ReadTransport) -> bool:
    """Tell whether the transport has stopped reading for a while within two seconds."""
    paused_for = 0
    for _ in range(200):
        await asyncio.sleep(0.01)
        paused_for = 0 if transport.is_reading() else paused_for + 1
        if paused_for == 20:
            return True
    return False


async def test_closing_drops_the_masters_and_frees_the_port() -> None:
    async with server() as (listening, _), master(listening) as (reader, writer):
        writer.write(bytes.fromhex(READ_TWO))
        await reader.readexactly(13)
        await listening.close()
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        again = TcpServer({}, port=listening.port)
        await again.open()
        await again.close()


async def test_a_port_that_is_taken_is_an_error() -> None:
    async with server() as (listening, _):
        with pytest.raises(OSError, match="address already in use"):
            await TcpServer({}, port=listening.port).open()


async def test_closing_what_was_never_opened_is_nothing() -> None:
    await TcpServer({}).close()
