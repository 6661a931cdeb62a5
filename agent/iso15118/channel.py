"""A vehicle's connection as bytes, over TCP alone or with TLS on it, with an end to all waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from agent.iso15118.client_hello import ClientHello, NoClientHello, read_client_hello
from agent.iso15118.credentials import Shown
from agent.iso15118.tls import TlsFailed, TlsSession, VehicleRoots

CHUNK: Final = 1 << 14
SEND_S: Final = 5.0
"""How long a vehicle may take to take what it is sent; it waits for it."""
HANDSHAKE_S: Final = 10.0
_FAREWELL_S: Final = 1.0
_HANDSHAKE_FAILURE: Final = bytes.fromhex("15030300020228")
"""A fatal alert in a record of its own (RFC 5246, 7.2)."""

Show = Callable[[ClientHello], Awaitable[tuple[Shown, VehicleRoots | None]]]
"""Chooses what a vehicle is shown, and whether it is asked for a certificate.

Raises:
    TlsFailed: If there is nothing that it could take.
"""


class LinkLost(Exception):
    """The connection cannot be used any more; says why."""


class Channel(Protocol):
    """Bytes to and from a vehicle."""

    async def receive(self) -> bytes:
        """Return what has come, at least a byte; b"" if the vehicle will say no more.

        Raises:
            LinkLost: If the connection broke.
        """

    async def send(self, data: bytes) -> None:
        """Send bytes; return when the network has taken them.

        Raises:
            LinkLost: If the connection broke, or nobody takes them.
        """

    async def close(self) -> None:
        """Close the connection; it never fails, and never takes long."""


class PlainChannel:
    """TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def receive(self) -> bytes:
        """Return what has come."""
        try:
            return await self._reader.read(CHUNK)
        except OSError as error:
            raise LinkLost(f"the connection broke: {error}") from error

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._writer.write(data)
            async with asyncio.timeout(SEND_S):
                await self._writer.drain()
        except TimeoutError:
            raise LinkLost(f"the vehicle takes nothing for {SEND_S:.0f} s") from None
        except OSError as error:
            raise LinkLost(f"the connection broke: {error}") from error

    async def close(self) -> None:
        """Close the connection; what it does not take in a second is lost."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                await self._writer.wait_closed()
        self.abort()

    def abort(self) -> None:
        """Drop the connection at once."""
        self._writer.transport.abort()


class TlsChannel:
    """TLS over another channel, once the handshake is done."""

    def __init__(self, below: Channel, session: TlsSession) -> None:
        self._below = below
        self._session = session

    async def receive(self) -> bytes:
        """Return what has come."""
        while True:
            try:
                data = self._session.read()
            except TlsFailed as error:
                await self._say_why()
                raise LinkLost(f"TLS: {error}") from error
            if data is None:
                return b""
            if data:
                return data
            await self._flush()
            came = await self._below.receive()
            if not came:
                raise LinkLost("the vehicle closed the connection without an end to TLS")
            self._session.receive(came)

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self._session.write(data)
        except TlsFailed as error:
            raise LinkLost(f"TLS: {error}") from error
        await self._flush()

    async def close(self) -> None:
        """Say that nothing more will come, and close the connection."""
        self._session.close()
        await self._say_why()
        await self._below.close()

    async def _flush(self) -> None:
        data = self._session.outgoing()
        if data:
            await self._below.send(data)

    async def _say_why(self) -> None:
        """Send the alert that there may be; whether it arrives does not matter."""
        with suppress(LinkLost):
            await self._flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted:
    """A channel with TLS on it, what the vehicle was shown, and the certificates (DER) that it showed."""

    channel: TlsChannel
    shown: Shown
    vehicle_chain: tuple[bytes, ...]


async def shake_hands(below: Channel, show: Show) -> Greeted:
    """Begin TLS.

    Raises:
        TlsFailed: If the handshake failed, or took too long.
        LinkLost: If the connection broke.
    """
    try:
        async with asyncio.timeout(HANDSHAKE_S):
            hello, came = await _first_words(below)
            shown, vehicles = await _choose(below, show, hello)
            session = TlsSession(shown, vehicles)
            await _finish(below, session, came)
    except TimeoutError:
        raise TlsFailed(f"the handshake is not done after {HANDSHAKE_S:.0f} s") from None
    chain = session.vehicle_chain()
    channel = TlsChannel(below, session)
    if chain and vehicles is not None:
        try:
            vehicles.check(chain)
        except TlsFailed:
            await channel.close()
            raise
    return Greeted(channel=channel, shown=shown, vehicle_chain=chain)


async def _choose(below: Channel, show: Show, hello: ClientHello) -> tuple[Shown, VehicleRoots | None]:
    """Choose what the vehicle is shown; if there is nothing, say so as TLS does."""
    try:
        return await show(hello)
    except TlsFailed:
        with suppress(LinkLost):
            await below.send(_HANDSHAKE_FAILURE)
        raise


async def _first_words(below: Channel) -> tuple[ClientHello, bytes]:
    """Return what the vehicle says first, and the bytes that it came in."""
    came = b""
    try:
        while (hello := read_client_hello(came)) is None:
            came += await _more(below)
    except NoClientHello as error:
        raise TlsFailed(str(error)) from error
    return hello, came


async def _finish(below: Channel, session: TlsSession, came: bytes) -> None:
    while True:
        session.receive(came)
        try:
            is_done = session.shake_hands()
        except TlsFailed:
            with suppress(LinkLost):
                await below.send(session.outgoing())  # the alert
            raise
        data = session.outgoing()
        if data:
            await below.send(data)
        if is_done:
            return
        came = await _more(below)


async def _more(below: Channel) -> bytes:
    came = await below.receive()
    if not came:
        raise LinkLost("the vehicle closed the connection within the handshake")
    return came
