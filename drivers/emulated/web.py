"""A small web server for emulated devices: one request, one response, then the connection ends."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

from drivers.emulated.exchange import Sending
from drivers.emulated.listening import TcpListener

LONGEST_BODY: Final = 64 * 1024
PATIENCE_S: Final = 5.0
"""How long a request may take to come."""
_REASONS: Final = {200: "OK", 201: "Created", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


@dataclass(frozen=True, slots=True)
class WebRequest:
    """What somebody asked for."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class WebReply:
    """What is said to it."""

    status: int
    body: bytes = b""
    content: str = "application/json"

    def encode(self) -> bytes:
        """Return the bytes of the response."""
        lines = (
            f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Status')}",
            f"Content-Type: {self.content}",
            f"Content-Length: {len(self.body)}",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode() + self.body


class WebServer(TcpListener):
    """Serves one device while entered as an async context manager; OSError if the port is taken."""

    def __init__(
        self,
        answer: Callable[[WebRequest], WebReply],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(host, port)
        self.is_silent = False
        """Whether requests are heard and never answered."""
        self.wire: Callable[[bytes], bytes] = bytes
        """What becomes of a response on its way; usually nothing else."""
        self.answers: Callable[[], bool] = lambda: True
        """Whether the device reacts to requests at all."""
        self.sendings: Callable[[bytes], Iterable[Sending]] = lambda data: (Sending(data=data),)
        """In which portions, and how late, a response goes out."""
        self._answer = answer
        self._tls = tls
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def drop_packets(self, dropping: bool) -> None:
        """Hear requests and never answer them, until told otherwise."""
        self.is_silent = dropping

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, self.host, self.port, ssl=self._tls)

    async def _drop_all(self) -> None:
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            async with asyncio.timeout(PATIENCE_S):
                request = await _request(incoming)
                if self.is_silent or not self.answers():
                    await incoming.read()
                    return
                reply = WebReply(400) if request is None else self._answer(request)
                for sending in self.sendings(reply.encode()):
                    await asyncio.sleep(sending.after_s)
                    outgoing.write(self.wire(sending.data))
                    await outgoing.drain()
                outgoing.close()
                await outgoing.wait_closed()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or never finished asking
        except asyncio.CancelledError:
            pass  # `close` ends it, and asyncio's streams report a cancelled handler as an error
        finally:
            self._connections.discard(task)
            outgoing.transport.abort()


async def _request(incoming: asyncio.StreamReader) -> WebRequest | None:
    """Return the request that comes, None if it has a length that cannot be."""
    head = (await incoming.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    method, _, rest = first.partition(" ")
    length = fields.get("content-length", "0")
    if not (length.isdecimal() and int(length) <= LONGEST_BODY):
        return None
    target = urlsplit(rest.rpartition(" ")[0])
    body = await incoming.readexactly(int(length))
    return WebRequest(method, target.path, dict(parse_qsl(target.query)), body)
