"""The emulated devices' web server, by a client of the standard library."""

from __future__ import annotations

import asyncio
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from drivers.emulated.web import WebReply, WebRequest, WebServer


def repeat(request: WebRequest) -> WebReply:
    told = f"{request.method} {request.path} {request.query} {request.body.decode()}"
    return WebReply(201, told.encode(), "text/plain")


async def ask(server: WebServer, *request: Any, timeout_s: float = 5) -> tuple[int, str]:
    def talk() -> tuple[int, str]:
        connection = HTTPConnection(server.host, server.port, timeout=timeout_s)
        try:
            connection.request(*request)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    return await asyncio.to_thread(talk)


async def test_requests_and_replies() -> None:
    async with WebServer(repeat) as server:
        assert await ask(server, "GET", "/a?b=c%20d") == (201, "GET /a {'b': 'c d'} ")
        assert await ask(server, "PUT", "/", b"body") == (201, "PUT / {} body")


async def test_silence_and_being_gone() -> None:
    async with WebServer(repeat) as server:
        server.is_silent = True
        with pytest.raises(TimeoutError):
            await ask(server, "GET", "/", timeout_s=0.2)
        server.is_silent = False
        server.answers = lambda: False
        with pytest.raises(TimeoutError):
            await ask(server, "GET", "/", timeout_s=0.2)
    with pytest.raises(OSError, match="refused"):
        await ask(server, "GET", "/")


async def test_a_damaged_reply() -> None:
    async with WebServer(repeat) as server:
        server.wire = lambda _: b"nonsense"
        with pytest.raises(HTTPException):
            await ask(server, "GET", "/")


async def test_requests_that_are_none() -> None:
    async with WebServer(repeat) as server:
        for nonsense in (b"\xff" * 100_000, b"GET / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b""):
            incoming, outgoing = await asyncio.open_connection(server.host, server.port)
            outgoing.write(nonsense)
            outgoing.write_eof()
            answer = await incoming.read()
            assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
            outgoing.close()
        assert (await ask(server, "GET", "/"))[0] == 201
