"""A charging station that writes bytes, so that a test decides what comes together and what is cut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode

from tests.unit.backend.running import PATIENCE_S, authorization


def text(content: str, *, fin: bool = True) -> bytes:
    """Return a masked text frame."""
    return Frame(Opcode.TEXT, content.encode(), fin=fin).serialize(mask=True)


def rest(content: str, *, fin: bool = True) -> bytes:
    """Return a masked continuation frame."""
    return Frame(Opcode.CONT, content.encode(), fin=fin).serialize(mask=True)


def ping(content: bytes) -> bytes:
    """Return a masked ping."""
    return Frame(Opcode.PING, content).serialize(mask=True)


def binary(content: bytes) -> bytes:
    """Return a masked binary frame."""
    return Frame(Opcode.BINARY, content).serialize(mask=True)


class Wire:
    """A TCP connection to the backend, and what comes back on it."""

    def __init__(self, url: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._url = urlsplit(url)
        self._reader = reader
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Put the bytes on the wire, at once."""
        self._writer.write(data)

    def request(self, identity: str) -> bytes:
        """Return the handshake's first half."""
        headers = {
            "Host": self._url.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Protocol": "ocpp2.0.1",
            **authorization(identity),
        }
        lines = [f"GET {self._url.path}/{identity} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()

    async def accepted(self) -> None:
        """Read the handshake's second half."""
        async with asyncio.timeout(PATIENCE_S):
            head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head

    async def frame(self) -> tuple[Opcode, bytes]:
        """Return the next frame of the backend's, which are neither masked nor in fragments."""
        async with asyncio.timeout(PATIENCE_S):
            first, length = await self._reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self._reader.readexactly(2))
            return Opcode(first & 0x0F), await self._reader.readexactly(length)

    async def answers(self, count: int) -> list[list[Any]]:
        """Return that many messages; no other frame may come between them."""
        frames = [await self.frame() for _ in range(count)]
        assert {opcode for opcode, _ in frames} == {Opcode.TEXT}
        return [json.loads(data) for _, data in frames]


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """Connect, without the handshake."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Wire(url, reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()
