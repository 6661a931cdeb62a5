"""What every emulated server does with its TCP port."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod


class TcpListener(ABC):
    """Listens on a TCP port from `open` until `close`, and may be opened again."""

    def __init__(self, host: str, port: int) -> None:
        self._server: asyncio.Server | None = None
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
        self._server = await self._listen()
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        await self._drop_all()
        await server.wait_closed()

    @abstractmethod
    def drop_packets(self, dropping: bool) -> None:
        """Forget every connection, those that come too, until told otherwise (half-open TCP)."""

    @abstractmethod
    async def _listen(self) -> asyncio.Server:
        """Return a server that listens on the host and port."""

    @abstractmethod
    async def _drop_all(self) -> None:
        """Drop every connection and wait until all are gone."""
