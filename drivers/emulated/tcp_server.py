"""A Modbus TCP server, plain or TLS, for any number of masters at once."""

from __future__ import annotations

import asyncio
from ssl import SSLContext

from drivers.emulated.slave import Stations
from drivers.emulated.tcp_connection import TcpConnection


class TcpServer:
    """Serves stations by unit address on one TCP port."""

    def __init__(
        self,
        stations: Stations,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: SSLContext | None = None,
    ) -> None:
        self._stations = stations
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._connections: set[TcpConnection] = set()
        self._dropping = False
        self.host = host
        self.port = port
        """The port listened on; 0 until `open` has found a free one, which it then keeps."""

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    async def open(self) -> None:
        """Listen.

        Raises:
            OSError: If the port is taken or not allowed.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.lost for connection in connections))
        await server.wait_closed()

    def drop_packets(self, dropping: bool) -> None:
        """Forget every connection, those that come too, until told otherwise.

        The masters are not told, and what they send is not answered, even when new connections work again:
        TCP's half-open state.
        """
        self._dropping = dropping
        for connection in self._connections:
            connection.forgotten = True

    def _connection(self) -> TcpConnection:
        connection = TcpConnection(self._stations, self._connections)
        connection.forgotten = self._dropping
        return connection
