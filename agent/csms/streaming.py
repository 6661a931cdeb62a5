"""Tells streams of monitored values over a connection (OCPP 2.1, N11 to N15)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from agent.csms.connection import CallFailed, Connection
from agent.csms.stream_words import StreamWords
from agent.monitoring.streams import Streams

log = logging.getLogger(__name__)

_LOOK_S = 0.5
_REST_S = 30.0


async def stream(connection: Connection, streams: Streams, timeout_s: Callable[[], float]) -> None:
    """Open, tell and close streams until the connection is lost.

    A backend that knows none is told by events: then every stream is opened anew where it is known again.
    """
    words = connection.dialect.streams
    if words is None:
        streams.begin_anew()
        return
    while True:
        longest_s = _LOOK_S
        try:
            await _settle(connection, words, streams, timeout_s())
            while (batch := streams.due()) is not None:
                await connection.send(words.values(batch))
        except CallFailed as failure:
            if failure.is_disconnected:
                return
            log.warning("a stream is neither opened nor closed: %s", failure)
            longest_s = _REST_S
        await streams.wait(longest_s)


async def _settle(connection: Connection, words: StreamWords, streams: Streams, timeout_s: float) -> None:
    for number in streams.to_close:
        await connection.call(words.close(number), timeout_s)
        streams.closed(number)
    for wanted in streams.to_open:
        response = await connection.call(words.open(wanted), timeout_s)
        streams.opened(wanted, is_accepted=words.is_opened(response))
