from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from agent.csms.keepalive import keep_alive
from tests.stack.proxy import CuttableLink


@asynccontextmanager
async def link(*, is_dead: bool = False) -> AsyncIterator[ClientConnection]:
    """A connection whose far end answers pings, or is gone without a word."""

    async def idle(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(idle, "127.0.0.1", 0, ping_interval=None, close_timeout=0.1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with (
            CuttableLink("127.0.0.1", port) as between,
            connect(
                f"ws://127.0.0.1:{between.port}", ping_interval=None, close_timeout=0.1, proxy=None
            ) as socket,
        ):
            if is_dead:
                between.stall()
            yield socket


async def test_a_far_end_that_is_gone_is_found_out() -> None:
    """Half-open TCP: nothing was closed, nothing answers."""
    async with link(is_dead=True) as socket, asyncio.timeout(10):
        await keep_alive(socket, lambda: 1)
        await socket.wait_closed()


async def test_a_far_end_that_answers_is_left_alone() -> None:
    async with link() as socket:
        watching = asyncio.create_task(keep_alive(socket, lambda: 1))
        async with asyncio.timeout(10):
            while socket.latency == 0:
                await asyncio.sleep(0.02)
        assert not watching.done()
        watching.cancel()


async def test_the_interval_is_asked_for_anew_every_time() -> None:
    """A change of WebSocketPingInterval needs no new connection; 0 sends none."""
    intervals = iter([0, 0, 1])
    async with link(is_dead=True) as socket, asyncio.timeout(10):
        await keep_alive(socket, lambda: next(intervals, 1))
