"""Values of monitors that are told as streams: kept for a while, and told several at a time (OCPP 2.1, N11).

A stream belongs to a periodic monitor and has its number. The backend opens it, or will not; until it has,
and with a backend that knows no streams, the monitor's events are told one by one as any other's. A stream
outlives the loss of a connection: what was found meanwhile is kept, in memory and up to a limit, and told
afterwards.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from agent.monitoring.records import PERIODIC, Monitor, StreamRate
from drivers.readings import Instant

log = logging.getLogger(__name__)

MOST_KEPT: Final = 1000
"""Values of one stream that wait; beyond that the oldest go."""
MOST_TOGETHER: Final = 100
"""Values in one message where the backend names no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One stream: its number is that of its monitor."""

    id: int
    rate: StreamRate


@dataclass(frozen=True, slots=True)
class Value:
    """What a monitor found, and when."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Values of a stream that are told together; `pending` are left."""

    id: int
    values: tuple[Value, ...]
    pending: int


@dataclass(slots=True, kw_only=True)
class _Held:
    stream: Stream
    state: Literal["wanted", "open", "refused"] = "wanted"
    since_s: float = 0.0
    """When values were told last (monotonic)."""
    values: deque[Value] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    lost: int = 0


def is_due(rate: StreamRate, waiting: int, waited_s: float) -> bool:
    """Return whether values are to be told now: there are enough, or enough time has passed (N15.FR.08)."""
    if not waiting:
        return False
    if rate.values and waiting >= rate.values:
        return True
    if rate.interval_s:
        return waited_s >= rate.interval_s
    return not rate.values


class Streams:
    """The streams there are to be, and what waits in them."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        self._now = now
        self._held: dict[int, _Held] = {}
        self._to_close: list[int] = []
        self._news = asyncio.Event()

    def settle(self, installed: Mapping[int, Monitor]) -> None:
        """Take note of the monitors there are: open the streams of new ones, close those that are gone."""
        wanted = {
            number: Stream(id=number, rate=monitor.stream)
            for number, monitor in installed.items()
            if monitor.stream is not None and monitor.kind in PERIODIC
        }
        for number, held in list(self._held.items()):
            if wanted.get(number) != held.stream:
                del self._held[number]
                self._to_close += [number] if held.state == "open" else []
        for number, stream in wanted.items():
            if number not in self._held:
                self._held[number] = _Held(stream=stream)
        self._news.set()

    def begin_anew(self) -> None:
        """Take note that the backend knows of no stream: it is another one, or the station has restarted."""
        for held in self._held.values():
            held.state = "wanted"
            held.values.clear()
        self._to_close.clear()

    # from monitors

    def take(self, monitor: Monitor, at: datetime, text: str) -> bool:
        """Keep what a monitor found if its stream is open; otherwise it is to be told as an event."""
        held = self._held.get(monitor.id)
        if held is None or held.state != "open" or monitor.stream is None:
            return False
        if len(held.values) == MOST_KEPT:
            held.lost += 1
            if held.lost % MOST_KEPT == 1:
                log.warning("stream %d: more than %d values wait, the oldest go", monitor.id, MOST_KEPT)
        held.values.append(Value(at, text))
        self._news.set()
        return True

    # to the backend

    @property
    def open(self) -> tuple[Stream, ...]:
        """The streams that the backend has opened (N12)."""
        return tuple(held.stream for held in self._held.values() if held.state == "open")

    @property
    def to_open(self) -> tuple[Stream, ...]:
        """The streams that the backend has not been asked to open."""
        return tuple(held.stream for held in self._held.values() if held.state == "wanted")

    @property
    def to_close(self) -> tuple[int, ...]:
        """The streams that the backend is to be told the end of."""
        return tuple(self._to_close)

    def opened(self, stream: Stream, *, is_accepted: bool) -> None:
        """Take note of the backend's answer."""
        held = self._held.get(stream.id)
        if held is None or held.stream != stream:
            self._to_close += [stream.id] if is_accepted else []
            return
        held.state = "open" if is_accepted else "refused"
        held.since_s = self._now().monotonic_s

    def closed(self, number: int) -> None:
        """Take note that the backend knows of the end of a stream."""
        self._to_close.remove(number)

    def adjust(self, number: int, rate: StreamRate) -> None:
        """Tell the values of an open stream at another rate from now on (N14)."""
        held = self._held.get(number)
        if held is not None:
            held.stream = replace(held.stream, rate=rate)
            self._news.set()

    def due(self) -> Batch | None:
        """Take out the values that are to be told now, of one stream; None if nothing is due."""
        now_s = self._now().monotonic_s
        for number, held in self._held.items():
            rate = held.stream.rate
            if held.state != "open" or not is_due(rate, len(held.values), now_s - held.since_s):
                continue
            count = min(len(held.values), rate.values or MOST_TOGETHER)
            values = tuple(held.values.popleft() for _ in range(count))
            held.since_s = now_s
            return Batch(id=number, values=values, pending=len(held.values))
        return None

    async def wait(self, longest_s: float) -> None:
        """Wait until there is something to look at, but not longer."""
        try:
            async with asyncio.timeout(longest_s):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()
