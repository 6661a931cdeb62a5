"""A web server for the files of one folder: GET and HEAD, with ranges, for few clients at a time (RFC 9110).

Names are checksums, nothing else is looked at: a path cannot lead anywhere.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

log = logging.getLogger(__name__)

_REQUEST = re.compile(rb"(GET|HEAD) /([0-9a-f]{32}) HTTP/1\.[01]")
_RANGE = re.compile(rb"^range:[ \t]*bytes=(\d{1,15})-(\d{0,15})[ \t]*$", re.IGNORECASE)
_IF_RANGE = re.compile(rb"^if-range:[ \t]*(\S+)[ \t]*$", re.IGNORECASE)
_MOST_CLIENTS = 8
_MOST_HEAD_BYTES = 8192
_HEAD_S = 15.0
_BLOCK_BYTES = 65_536
_BLOCK_S = 60.0


class FileServer:
    """Serves while `listening` is entered."""

    def __init__(self, directory: Path, host: str, port: int) -> None:
        self._directory = directory
        self._host = host
        self._port = port
        self._serving: Counter[str] = Counter()
        self._clients: set[asyncio.Task[None]] = set()
        self.is_listening = False

    def is_serving(self, name: str) -> bool:
        """Whether somebody is fetching this file now."""
        return self._serving[name] > 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen inside; an address that cannot be listened on is logged, and nothing is served."""
        try:
            server = await asyncio.start_server(self._serve, self._host, self._port, limit=_MOST_HEAD_BYTES)
        except OSError as error:
            log.error("firmware cannot be offered at %s:%d: %s", self._host, self._port, error.strerror)
            yield
            return
        self.is_listening = True
        try:
            yield
        finally:
            self.is_listening = False
            server.close()
            for client in tuple(self._clients):
                client.cancel()
            await asyncio.gather(*self._clients, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            if len(self._clients) > _MOST_CLIENTS:
                writer.write(_head(503))
            else:
                async with asyncio.timeout(_HEAD_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(head, writer)
            async with asyncio.timeout(_BLOCK_S):
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            log.info("a client of the firmware server went away: %s", error or type(error).__name__)
        except asyncio.CancelledError:
            log.debug("the firmware server ends")
        finally:
            self._clients.discard(task)
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.split(b"\r\n")
        found = _REQUEST.fullmatch(first)
        if found is None:
            writer.write(_head(405 if not first.startswith((b"GET ", b"HEAD ")) else 404))
            return
        name = found[2].decode()
        path = self._directory / name
        if not path.is_file():
            writer.write(_head(404))
            return
        self._serving[name] += 1
        try:
            await self._send(path, lines, writer, has_body=found[1] == b"GET")
        finally:
            self._serving[name] -= 1

    async def _send(
        self, path: Path, lines: list[bytes], writer: asyncio.StreamWriter, *, has_body: bool
    ) -> None:
        size, tag = (await asyncio.to_thread(path.stat)).st_size, f'"{path.name}"'
        begin, end = _wanted(lines, size, tag)
        if begin >= size and size:
            writer.write(_head(416, f"Content-Range: bytes */{size}"))
            return
        is_part = (begin, end) != (0, size)
        fields = [
            f"Content-Length: {end - begin}",
            f"ETag: {tag}",
            "Accept-Ranges: bytes",
            "Content-Type: application/octet-stream",
        ]
        if is_part:
            fields.append(f"Content-Range: bytes {begin}-{end - 1}/{size}")
        writer.write(_head(206 if is_part else 200, *fields))
        if has_body:
            await _copy(path, begin, end, writer)


async def _copy(path: Path, begin: int, end: int, writer: asyncio.StreamWriter) -> None:
    with path.open("rb") as file:
        file.seek(begin)
        left = end - begin
        while left > 0 and (block := await asyncio.to_thread(file.read, min(_BLOCK_BYTES, left))):
            writer.write(block)
            left -= len(block)
            async with asyncio.timeout(_BLOCK_S):
                await writer.drain()


def _wanted(lines: list[bytes], size: int, tag: str) -> tuple[int, int]:
    """Return the part that is asked for, the end excluded; all of it if another file is meant."""
    begin, end = 0, size
    for line in lines:
        if (found := _RANGE.match(line)) is not None:
            begin = int(found[1])
            end = min(size, int(found[2]) + 1) if found[2] else size
        if (found := _IF_RANGE.match(line)) is not None and found[1].decode("ascii", "replace") != tag:
            return 0, size
    return (begin, end) if begin < end or begin >= size else (0, size)


_REASONS = {
    200: "OK",
    206: "Partial Content",
    404: "Not Found",
    405: "Method Not Allowed",
    416: "Range Not Satisfiable",
    503: "Service Unavailable",
}


def _head(status: int, *fields: str) -> bytes:
    length = () if any(field.startswith("Content-Length") for field in fields) else ("Content-Length: 0",)
    lines = (f"HTTP/1.1 {status} {_REASONS[status]}", *fields, *length, "Connection: close", "", "")
    return "\r\n".join(lines).encode()
