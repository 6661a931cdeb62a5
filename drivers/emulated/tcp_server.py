"""A Modbus TCP server on loopback, for any number of masters at once."""

from __future__ import annotations

import asyncio

from drivers.emulated.mbap import MbapError, MbapReceiver, TcpFrame
from drivers.emulated.slave import Slaves, answer_on_tcp


class TcpServer:
    """Serves slaves by unit address on one TCP port."""

    def __init__(self, slaves: Slaves, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._slaves = slaves
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self.host = host
        self.port = port
        """The port listened on; 0 until `open` has found a free one."""

    async def open(self) -> None:
        """Listen.

        Raises:
            OSError: If the port is taken or not allowed.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Connection(self._slaves, self._connections), self.host, self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is None:
            return
        self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.lost for connection in connections))
        await self._server.wait_closed()
        self._server = None


class _Connection(asyncio.Protocol):
    """One master."""

    def __init__(self, slaves: Slaves, connections: set[_Connection]) -> None:
        self._slaves = slaves
        self._connections = connections
        self._receiver = MbapReceiver()
        self._transport: asyncio.Transport
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        try:
            requests = self._receiver.receive(data)
        except MbapError:
            self._transport.close()
            return
        replies = b"".join(self._reply(request) for request in requests)
        if replies:
            self._transport.write(replies)

    def pause_writing(self) -> None:
        """Take no more requests from a master that does not read the replies."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._transport.resume_reading()

    def abort(self) -> None:
        """Drop the master."""
        self._transport.abort()

    def _reply(self, request: TcpFrame) -> bytes:
        reply = answer_on_tcp(self._slaves, request.unit, request.pdu)
        return b"" if reply is None else TcpFrame(request.transaction, request.unit, reply).encode()
