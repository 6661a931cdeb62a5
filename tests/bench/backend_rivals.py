"""What the backend is measured beside.

`echo` sends every message back; `router` is a server made of the `ocpp` package's router, which checks the
message by the same schemas and stores nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

from ocpp.routing import on  # type: ignore[import-untyped] # the package ships no types
from ocpp.v201 import ChargePoint, call_result  # type: ignore[import-untyped] # the package ships no types
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol


class Router(ChargePoint):  # type: ignore[misc] # the package ships no types
    """Answers TransactionEvents."""

    @on("TransactionEvent")  # type: ignore[untyped-decorator] # the package ships no types
    async def transaction_event(self, **_payload: Any) -> Any:
        """Store nothing."""
        return call_result.TransactionEvent()


async def echo(socket: ServerConnection) -> None:
    """Send every message back."""
    async for message in socket:
        await socket.send(message)


async def route(socket: ServerConnection) -> None:
    """Answer until the connection ends."""
    with contextlib.suppress(ConnectionClosed):
        await Router("LOAD", socket).start()


async def main(name: str) -> None:
    """Serve until killed; prints the URL."""
    handler = {"echo": echo, "router": route}[name]
    async with serve(handler, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp2.0.1")]) as server:
        host, port = server.sockets[0].getsockname()[:2]
        print(f"listening ws://{host}:{port}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
