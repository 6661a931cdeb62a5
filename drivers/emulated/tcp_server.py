"""A Modbus TCP server, plain or TLS, for any number of masters at once."""

from __future__ import annotations

import asyncio
from ssl import SSLContext

from drivers.emulated.listening import TcpListener
from drivers.emulated.stations import Stations
from drivers.emulated.tcp_connection import TcpConnection


class TcpServer(TcpListener):
    """Serves stations by unit address on one TCP port."""

    def __init__(
        self,
        stations: Stations,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: SSLContext | None = None,
    ) -> None:
        super().__init__(host, port)
        self._stations = stations
        self._tls = tls
        self._connections: set[TcpConnection] = set()
        self._dropping = False

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._connection, self.host, self.port, ssl=self._tls)

    async def _drop_all(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.lost for connection in connections))

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
