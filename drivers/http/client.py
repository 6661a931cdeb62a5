"""A small HTTP/1.1 client on asyncio streams: one request, one response, one connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.http.errors import BadResponse, NoResponse, Unreachable
from drivers.http.response import NotHttp, Response, ResponseReader
from drivers.readings import Instant

READ_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response and when its last byte arrived."""

    status: int
    body: bytes
    arrived: Instant


class HttpClient:
    """Asks one device; requests wait for each other, because small devices serve one at a time."""

    def __init__(
        self,
        host: str,
        port: int,
        clock: Callable[[], Instant],
        *,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = 2.0,
    ) -> None:
        self.name = f"{host}:{port}"
        self._host = host
        self._port = port
        self._clock = clock
        self._tls = tls
        self._timeout_s = timeout_s
        self._requests = asyncio.Lock()

    def url(self, path: str) -> str:
        """Return the whole address of a path, for people."""
        return f"{'http' if self._tls is None else 'https'}://{self.name}{path}"

    async def request(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """Send a request, with JSON as its body if there is one, and return the whole response.

        Raises:
            Unreachable, NoResponse, BadResponse: If there was none.
            ValueError: If the path cannot stand in a request.
        """
        if not (path.startswith("/") and path.isascii() and path.isprintable() and " " not in path):
            raise ValueError(f"{path!r} cannot be asked for")
        url = self.url(path)
        async with self._requests:
            try:
                async with asyncio.timeout(self._timeout_s):
                    response = await self._exchange(_head(method, path, self.name, body) + (body or b""))
            except TimeoutError as error:
                raise NoResponse(url, f"no whole response within {self._timeout_s:g} s") from error
            except NotHttp as error:
                raise BadResponse(url, f"no usable response: {error}") from error
            except OSError as error:
                raise Unreachable(url, str(error)) from error
        return Answer(status=response.status, body=response.body, arrived=self._clock())

    async def _exchange(self, request: bytes) -> Response:
        incoming, outgoing = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        try:
            outgoing.write(request)
            await outgoing.drain()
            response = ResponseReader()
            while data := await incoming.read(READ_BYTES):
                if (whole := response.receive(data)) is not None:
                    return whole
            return response.end()
        finally:
            outgoing.transport.abort()  # everything is read, and a device that hangs is not waited for


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return the settings to talk to a device with this self-signed certificate, and to no other.

    The device's name is not compared: such certificates carry none that leads to it. Keys of 1024 bits are
    taken, because meters that were approved with them cannot change.

    Raises:
        OSError: If the file cannot be read, or is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.load_verify_locations(certificate)
    return context


def _head(method: str, path: str, host: str, body: bytes | None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii")
