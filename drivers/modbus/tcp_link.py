"""Connections over TCP, plain or with TLS: those that we make, and those that a device makes to us."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from drivers.modbus.link import Ear, LinkError
from drivers.modbus.tls import TlsSettings, client_context, server_context

log = logging.getLogger(__name__)

HANDSHAKE_S: Final = 5.0
"""Small devices need seconds for a TLS handshake."""
DIAL_S: Final = 1.0
"""How long a device is waited for that dials in; nobody else is on its line."""
UNACKNOWLEDGED_MS: Final = 5000
"""A peer that acknowledges nothing for so long is gone, although nobody said so (half-open)."""


class TcpLink:
    """A connection that we make."""

    def __init__(self, host: str, port: int, tls: TlsSettings | None = None) -> None:
        self.name = f"{host}:{port}"
        self._address = (host, port)
        self._tls = tls
        self._stream: _Stream | None = None

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now."""
        return self._stream is not None and self._stream.is_open

    async def open(self, ear: Ear, timeout_s: float) -> None:
        """Connect."""
        self.drop()
        host, port = self._address
        context = client_context(self._tls) if self._tls else None
        server_name = (self._tls.server_name or host) if self._tls else None
        try:
            async with asyncio.timeout(max(timeout_s, HANDSHAKE_S) if context else timeout_s):
                _, self._stream = await asyncio.get_running_loop().create_connection(
                    lambda: _Stream(self.name, ear), host, port, ssl=context, server_hostname=server_name
                )
        except TimeoutError as error:
            raise LinkError(
                f"{self.name} does not answer; is the device on, and the address right?"
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise LinkError(f"{self.name} is not trusted: {error.verify_message}") from error
        except ConnectionRefusedError as error:
            raise LinkError(f"{self.name} cannot be opened: nothing listens on that port") from error
        except OSError as error:
            raise LinkError(f"{self.name} cannot be opened: {error.strerror or error}") from error

    def send(self, data: bytes) -> None:
        """Send bytes."""
        _send(self._stream, data, self.name)

    def drop(self) -> None:
        """Hang up."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.hang_up()

    close = drop


class DialInLink:
    """A connection that the device makes to us; we listen from the first `open` until `close`.

    The newest connection counts: a device that lost its power dials again while the old one looks alive.
    """

    def __init__(
        self, host: str, port: int, tls: TlsSettings | None = None, *, caller: str | None = None
    ) -> None:
        """`caller` is the only address that may dial, if given."""
        self.name = f"{host}:{port}"
        self._address = (host, port)
        self._tls = tls
        self._caller = caller
        self._context: ssl.SSLContext | None = None
        self._listener: socket.socket | None = None
        self._greetings: set[asyncio.Task[None]] = set()
        self._stream: _Stream | None = None
        self._came = asyncio.Event()
        self._ear: Ear

    @property
    def is_open(self) -> bool:
        """Whether a device is there."""
        return self._stream is not None and self._stream.is_open

    async def open(self, ear: Ear, timeout_s: float) -> None:
        """Listen, if that is not done yet, and wait for the device."""
        self._ear = ear
        if self._listener is None:
            self._listen()
        if self.is_open:
            return
        self._came.clear()
        try:
            async with asyncio.timeout(max(timeout_s, DIAL_S)):
                await self._came.wait()
        except TimeoutError as error:
            raise LinkError(f"no device has connected to {self.name} yet") from error

    def send(self, data: bytes) -> None:
        """Send bytes."""
        _send(self._stream, data, self.name)

    def drop(self) -> None:
        """Hang up; the device may dial again."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.hang_up()

    def close(self) -> None:
        """Hang up and listen no more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        self.drop()

    def _listen(self) -> None:
        """Listen; asyncio's own server leaves connections behind that come while it is closed."""
        self._context = server_context(self._tls) if self._tls else None
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        try:
            listener = socket.create_server(self._address, family=family)
        except OSError as error:
            raise LinkError(f"cannot listen on {self.name}: {error.strerror or error}") from error
        listener.setblocking(False)
        asyncio.get_running_loop().add_reader(listener, self._accept)
        self._listener = listener

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            connection, (address, *_) = self._listener.accept()
        except OSError:  # it is gone again
            return
        if self._caller not in {None, address}:
            connection.close()
            return
        greeting = asyncio.create_task(self._greet(connection))
        self._greetings.add(greeting)
        greeting.add_done_callback(self._greetings.discard)

    async def _greet(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                await asyncio.get_running_loop().connect_accepted_socket(
                    lambda: _Stream(self.name, self._ear, self._arrived), connection, ssl=self._context
                )
        except (OSError, TimeoutError) as error:
            log.info("%s: a caller was turned away: %s", self.name, error)
            connection.close()

    def _arrived(self, stream: _Stream) -> None:
        if self._listener is None:
            stream.hang_up()
            return
        if self.is_open:
            self.drop()
            self._ear.lost(f"{self.name} was lost: the device connected anew")
        self._stream = stream
        self._came.set()


class _Stream(asyncio.Protocol):
    """One connection."""

    def __init__(self, name: str, ear: Ear, arrived: Callable[[_Stream], None] | None = None) -> None:
        self._name = name
        self._ear = ear
        self._arrived = arrived
        self._transport: asyncio.Transport
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        with suppress(OSError):
            transport.get_extra_info("socket").setsockopt(
                socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS
            )
        self.is_open = True
        if self._arrived is not None:
            self._arrived(self)

    def data_received(self, data: bytes) -> None:
        if self.is_open:
            self._ear.heard(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_open:
            self.is_open = False
            self._ear.lost(f"{self._name} was lost: {exc or 'the device hung up'}")

    @property
    def takes_bytes(self) -> bool:
        """Whether it is open, and not about to be closed either."""
        return self.is_open and not self._transport.is_closing()

    def send(self, data: bytes) -> None:
        self._transport.write(data)

    def hang_up(self) -> None:
        """Close at once; nobody is told."""
        self.is_open = False
        self._transport.abort()


def _send(stream: _Stream | None, data: bytes, name: str) -> None:
    if stream is None or not stream.takes_bytes:
        raise LinkError(f"{name} is not connected")
    stream.send(data)
