"""The sockets of one interface: vehicles ask on UDP where the charger is, and connect to it on TCP."""

from __future__ import annotations

import asyncio
import errno
import logging
import random
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from agent.iso15118.channel import CHUNK
from agent.iso15118.discovery import MULTICAST, NoRequest, Servers, answer
from agent.iso15118.figures import Figures
from agent.iso15118.interface import Place

log = logging.getLogger(__name__)

PORTS: Final = range(49152, 65536)
"""The dynamic ports (RFC 6335): vehicles take no other for a charger's."""
_MOST_TRIES: Final = 20
_BACKLOG: Final = 2
_KEEPALIVE_IDLE_S: Final = 10
_KEEPALIVE_EVERY_S: Final = 5
_KEEPALIVE_TIMES: Final = 3
_UNTAKEN_MS: Final = 10_000
"""After which time data that nobody acknowledges ends a connection: the modem may have lost the vehicle."""

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]


class Discovery(asyncio.DatagramProtocol):
    """Answers what comes on a socket, from another that has the charger's own address."""

    def __init__(self, servers: Callable[[], Servers], figures: Figures, voice: socket.socket) -> None:
        self._servers = servers
        self._figures = figures
        self._voice = voice

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        """Answer a request. What the network does not take at once is lost: the vehicle asks again."""
        try:
            reply = answer(data, self._servers())
        except NoRequest as error:
            self._figures.ignored_datagrams += 1
            log.debug("a datagram from %s is ignored: %s", addr[0], error)
            return
        with suppress(OSError):
            self._voice.sendto(reply, addr)
        self._figures.discoveries += 1
        log.debug("told %s where the charger is", addr[0])

    def error_received(self, exc: Exception) -> None:
        """Take no harm from what the network says of an answer."""
        log.debug("discovery: %s", exc)


async def open_discovery(
    place: Place, port: int, servers: Callable[[], Servers], figures: Figures
) -> tuple[asyncio.DatagramTransport, ...]:
    """Answer on an interface's own address, and what is sent to all of its link.

    Raises:
        OSError: If a socket cannot be had, as while the interface goes.
    """
    loop = asyncio.get_running_loop()
    own = _datagram_socket((str(place.address), port, 0, place.index))
    transports: list[asyncio.DatagramTransport] = []
    try:
        for listening in (own, _multicast_socket(place, port)):
            transport, _ = await loop.create_datagram_endpoint(
                lambda: Discovery(servers, figures, own), sock=listening
            )
            transports.append(transport)
    except OSError:
        close_all(transports, own)
        raise
    return tuple(transports)


def close_all(transports: Iterable[asyncio.DatagramTransport], *others: socket.socket) -> None:
    """Close what was opened."""
    for transport in transports:
        transport.close()
    for other in others:
        other.close()


async def listen(place: Place, connected: Connected) -> tuple[asyncio.Server, int]:
    """Listen on an interface's own address, at a free port of `PORTS`; return the port, too.

    Raises:
        OSError: If the socket cannot be had.
    """
    listening = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    try:
        port = _bind(listening, place)
        server = await asyncio.start_server(connected, sock=listening, limit=CHUNK, backlog=_BACKLOG)
    except OSError:
        listening.close()
        raise
    return server, port


def _bind(listening: socket.socket, place: Place) -> int:
    """Bind to a port that is free, and return it; by chance: the kernel chooses from another range."""
    for port in random.sample(PORTS, _MOST_TRIES):
        try:
            listening.bind((str(place.address), port, 0, place.index))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return port
    raise OSError(errno.EADDRINUSE, f"no free port for vehicles found on {place.address}")


def watch_closely(writer: asyncio.StreamWriter) -> None:
    """Have the kernel find out soon that a vehicle is gone, though it did not say so."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEPALIVE_IDLE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _KEEPALIVE_EVERY_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _KEEPALIVE_TIMES)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MS)


def _datagram_socket(address: tuple[str, int, int, int]) -> socket.socket:
    opened = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.bind(address)
    except OSError:
        opened.close()
        raise
    return opened


def _multicast_socket(place: Place, port: int) -> socket.socket:
    """Return a socket for what is sent to all of the link, at this interface alone."""
    opened = _datagram_socket((str(MULTICAST), port, 0, place.index))
    try:
        group = MULTICAST.packed + struct.pack("@I", place.index)
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
    except OSError:
        opened.close()
        raise
    return opened
