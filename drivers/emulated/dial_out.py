"""A device that opens the TCP connection to its master and is the Modbus server on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from ssl import SSLContext

from drivers.emulated.stations import Stations
from drivers.emulated.tcp_connection import TcpConnection

RETRY_S = 1.0


class DialOut:
    """Keeps one connection to a master that listens, plain or TLS, and serves stations on it."""

    def __init__(
        self,
        stations: Stations,
        *,
        host: str,
        port: int,
        tls: SSLContext | None = None,
        server_name: str | None = None,
    ) -> None:
        self._stations = stations
        self._tls = tls
        self._server_name = server_name
        self._connections: set[TcpConnection] = set()
        self._dropping = False
        self._calling: asyncio.Task[None] | None = None
        self.host = host
        self.port = port

    @property
    def is_open(self) -> bool:
        """Whether it calls."""
        return self._calling is not None

    async def open(self) -> None:
        """Begin to call; it goes on until `close`, whether somebody answers or not."""
        self._calling = asyncio.create_task(self._call(), name=f"dial {self.host}:{self.port}")

    async def close(self) -> None:
        """Hang up."""
        calling, self._calling = self._calling, None
        if calling is not None:
            calling.cancel()
            with suppress(asyncio.CancelledError):
                await calling
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        await asyncio.gather(*(connection.lost for connection in connections))

    def drop_packets(self, dropping: bool) -> None:
        """Be deaf on the connection there is; a new one only comes about when the master closes it."""
        self._dropping = dropping
        for connection in self._connections:
            connection.forgotten = True

    async def _call(self) -> None:
        while True:
            with suppress(OSError):  # nobody listens, or TLS does not come about: try again
                await self._serve()
            await asyncio.sleep(RETRY_S)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            self._connection,
            self.host,
            self.port,
            ssl=self._tls,
            server_hostname=self._server_name if self._tls else None,
        )
        await asyncio.shield(connection.lost)

    def _connection(self) -> TcpConnection:
        connection = TcpConnection(self._stations, self._connections)
        connection.forgotten = self._dropping
        return connection
