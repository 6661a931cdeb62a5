"""The client on real sockets, with servers that behave and that do not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from drivers.http.client import HttpClient, trusting
from drivers.http.errors import BadResponse, NoResponse, Unreachable
from tests.real_time import clock
from tests.unit.drivers.http.certificates import certificate, serving

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def server(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    tasks: set[asyncio.Task[None]] = set()

    async def connected(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await serve(incoming, outgoing)
        outgoing.transport.abort()

    async with await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls) as listening:
        yield listening.sockets[0].getsockname()[1]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def saying(data: bytes) -> Serve:
    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await incoming.readuntil(b"\r\n\r\n")
        outgoing.write(data)
        await outgoing.drain()
        if outgoing.can_write_eof():
            outgoing.write_eof()
        await incoming.read()

    return serve


def client(port: int, *, timeout_s: float = 2, tls: ssl.SSLContext | None = None) -> HttpClient:
    return HttpClient("127.0.0.1", port, clock, tls=tls, timeout_s=timeout_s)


async def test_what_is_sent_and_what_is_answered() -> None:
    heard = bytearray()

    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        heard.extend(await incoming.readuntil(b"\r\n\r\n"))
        heard.extend(await incoming.readexactly(7))
        outgoing.write(FINE)
        await incoming.read()

    async with server(serve) as port:
        before = clock()
        answer = await client(port).request("PUT", "/v1/legal?transactionId=a%20b", b'{"a":1}')
    assert (answer.status, answer.body) == (200, b"{}")
    assert before.monotonic_s < answer.arrived.monotonic_s
    assert heard.decode() == (
        f"PUT /v1/legal?transactionId=a%20b HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        'Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}'
    )


async def test_a_server_that_keeps_the_connection_is_not_waited_for() -> None:
    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(FINE)
        await incoming.read()

    async with server(serve) as port, asyncio.timeout(5):
        assert (await client(port, timeout_s=30).request("GET", "/")).status == 200


@pytest.mark.parametrize("path", ["v1", "/a b", "/a\r\nX: y", "/ü", ""])
async def test_paths_that_cannot_be_asked_for(path: str) -> None:
    with pytest.raises(ValueError, match="cannot be asked for"):
        await client(1).request("GET", path)


async def test_nobody_listens() -> None:
    async with server(saying(FINE)) as port:
        pass
    with pytest.raises(Unreachable, match=f"http://127.0.0.1:{port}/v1: ") as found:
        await client(port).request("GET", "/v1")
    assert found.value.url.endswith("/v1")


async def test_silence() -> None:
    async def serve(incoming: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await incoming.read()

    async with server(serve) as port:
        with pytest.raises(NoResponse, match=r"no whole response within 0\.1 s"):
            await client(port, timeout_s=0.1).request("GET", "/")


async def test_a_response_that_drips_does_not_outlast_the_timeout() -> None:
    async def serve(_: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        for byte in FINE * 1000:
            outgoing.write(bytes((byte,)))
            await outgoing.drain()
            await asyncio.sleep(0.02)

    async with server(serve) as port, asyncio.timeout(5):
        with pytest.raises(NoResponse):
            await client(port, timeout_s=0.3).request("GET", "/")


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", FINE[:-1]])
async def test_a_response_that_is_cut_off(data: bytes) -> None:
    async with server(saying(data)) as port:
        with pytest.raises(BadResponse, match="cut off"):
            await client(port).request("GET", "/")


async def test_a_response_without_end_is_given_up_early() -> None:
    async def serve(_: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        outgoing.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not outgoing.is_closing():
            outgoing.write(bytes(100_000))
            await outgoing.drain()

    async with server(serve) as port, asyncio.timeout(5):
        with pytest.raises(BadResponse, match="more than"):
            await client(port, timeout_s=30).request("GET", "/")


async def test_a_connection_that_is_reset() -> None:
    async def serve(_: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        outgoing.transport.abort()

    async with server(serve) as port:
        with pytest.raises((Unreachable, BadResponse)):
            await client(port).request("GET", "/")


async def test_a_device_is_known_by_its_certificate(tmp_path: Path) -> None:
    own = certificate(tmp_path / "own.pem")
    async with server(saying(FINE), serving(own)) as port:
        asked = client(port, tls=trusting(own))
        assert asked.url("/").startswith("https://")
        assert (await asked.request("GET", "/")).status == 200


async def test_another_device_with_the_same_name_is_refused(tmp_path: Path) -> None:
    own, other = certificate(tmp_path / "own.pem"), certificate(tmp_path / "other.pem")
    async with server(saying(FINE), serving(other)) as port:
        with pytest.raises(Unreachable, match="certificate verify failed"):
            await client(port, tls=trusting(own)).request("GET", "/")


async def test_a_device_that_does_not_speak_tls(tmp_path: Path) -> None:
    own = certificate(tmp_path / "own.pem")
    async with server(saying(FINE)) as port:
        with pytest.raises((Unreachable, NoResponse)):
            await client(port, tls=trusting(own), timeout_s=0.5).request("GET", "/")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_that_cannot_be_read(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "meter.pem").write_text(content)
    with pytest.raises(OSError, match=r".+"):
        trusting(tmp_path / "meter.pem")
