"""A serial device server: a TCP port whose bytes go to a serial line unchanged, and back (RTU over TCP)."""

from __future__ import annotations

import asyncio

from drivers.emulated.line import LineTiming
from drivers.emulated.listening import TcpListener
from drivers.emulated.serial_wire import SerialWire
from drivers.emulated.stations import Stations


class RtuOverTcpServer(TcpListener):
    """Serves the stations of one serial line to every connection; what the line says goes to all of them."""

    def __init__(
        self,
        stations: Stations,
        *,
        timing: LineTiming,
        turn_around_s: float = 0.0,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(host, port)
        self._wire = SerialWire(stations, self._write, timing=timing, turn_around_s=turn_around_s)
        self._connections: set[_Pipe] = set()
        self._dropping = False

    async def _listen(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(self._pipe, self.host, self.port)

    async def _drop_all(self) -> None:
        self._wire.stop()
        pipes = list(self._connections)
        for pipe in pipes:
            pipe.transport.abort()
        await asyncio.gather(*(pipe.lost for pipe in pipes))

    def drop_packets(self, dropping: bool) -> None:
        """Forget every connection, those that come too, until told otherwise (half-open TCP)."""
        self._dropping = dropping
        for pipe in self._connections:
            pipe.forgotten = True

    def _pipe(self) -> _Pipe:
        return _Pipe(self._wire, self._connections, forgotten=self._dropping)

    def _write(self, data: bytes) -> None:
        for pipe in self._connections:
            if not pipe.forgotten and not pipe.transport.is_closing():
                pipe.transport.write(data)


class _Pipe(asyncio.Protocol):
    """One connection to the line."""

    def __init__(self, wire: SerialWire, connections: set[_Pipe], *, forgotten: bool) -> None:
        self._wire = wire
        self._connections = connections
        self.transport: asyncio.Transport
        self.lost = asyncio.get_running_loop().create_future()
        self.forgotten = forgotten

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        if not self.forgotten:
            self._wire.receive(data)
