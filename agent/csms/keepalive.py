"""Finds a link that is dead although nobody closed it: a ping that is not answered ends the connection."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

log = logging.getLogger(__name__)

_TICK_S = 0.5


async def keep_alive(socket: ClientConnection, interval_s: Callable[[], int]) -> None:
    """Ping every `interval_s()` (0 sends none), asked anew each time, until cancelled or the link is lost.

    An answer may take as long as an interval; then the socket is cut, for a peer that is gone answers no
    closing handshake either.
    """
    since_s = time.monotonic()
    while True:
        await asyncio.sleep(_TICK_S)
        wanted_s = interval_s()
        if wanted_s == 0 or time.monotonic() - since_s < wanted_s:
            continue
        since_s = time.monotonic()
        try:
            pong = await socket.ping()
            async with asyncio.timeout(wanted_s):
                await pong
        except TimeoutError:
            log.warning("the backend has not answered a ping for %d s: the link is cut", wanted_s)
            socket.transport.abort()
            return
        except ConnectionClosed:
            return
