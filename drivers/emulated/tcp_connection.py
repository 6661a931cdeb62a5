"""One Modbus TCP connection, whoever opened it: requests come in, replies go out."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Sequence

from drivers.emulated.exchange import Message, Sending
from drivers.emulated.mbap import MbapError, MbapReceiver
from drivers.emulated.stations import Stations, serve_on_tcp

NO_LINGERING = struct.pack("ii", 1, 0)


class TcpConnection(asyncio.Protocol):
    """Serves one master; it is in `connections` while it lasts."""

    def __init__(self, stations: Stations, connections: set[TcpConnection]) -> None:
        self._stations = stations
        self._connections = connections
        self._receiver = MbapReceiver()
        self._late: set[asyncio.TimerHandle] = set()
        self._transport: asyncio.Transport
        self.lost = asyncio.get_running_loop().create_future()
        self.forgotten = False
        """Half open: the master believes in the connection, and we know nothing of it any more."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A master is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The master is gone; late replies are not sent."""
        for timer in self._late:
            timer.cancel()
        self._connections.discard(self)
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are complete; a stream that is no Modbus TCP is closed."""
        if self.forgotten:
            return
        try:
            requests = self._receiver.receive(data)
        except MbapError:
            self._transport.close()
            return
        for request in requests:
            self._send(serve_on_tcp(self._stations, Message(request.unit, request.pdu, request.transaction)))

    def pause_writing(self) -> None:
        """Take no more requests from a master that does not read the replies."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._transport.resume_reading()

    def abort(self) -> None:
        """Drop the master."""
        self._transport.abort()

    def _send(self, sendings: Sequence[Sending]) -> None:
        for sending in sendings:
            if sending.after_s > 0:
                self._send_later(sending)
            else:
                self._write(sending)

    def _send_later(self, sending: Sending) -> None:
        def due() -> None:
            self._late.discard(timer)
            self._write(sending)

        timer = asyncio.get_running_loop().call_later(sending.after_s, due)
        self._late.add(timer)

    def _write(self, sending: Sending) -> None:
        if self.forgotten or self._transport.is_closing():
            return
        if sending.data:
            self._transport.write(sending.data)
        if sending.reset:
            reset(self._transport)


def reset(transport: asyncio.Transport) -> None:
    """Close a TCP connection with RST instead of FIN."""
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
    transport.abort()
