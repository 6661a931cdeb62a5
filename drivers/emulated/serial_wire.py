"""The wire of a half-duplex serial line: its own speed, its silences, and the stations that hang on it.

What carries the characters to the master, a pseudo terminal or a TCP connection, is the caller's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from drivers.emulated.exchange import Message, Sending
from drivers.emulated.line import LineTiming
from drivers.emulated.rtu import Arrival, RtuReceiver
from drivers.emulated.stations import Stations, serve_on_serial_line

CHUNK_CHARACTERS = 16
"""Characters that become readable together, as a UART's FIFO or a USB adapter hands them over."""
TIMER_LATENESS_S = 0.002
"""The event loop counts in milliseconds and rounds up twice."""
LONGEST_NAP_S = 0.003
ROUNDING = 1e-3
"""Of a character: timers may fire a nanosecond early."""
EARLY_S = 1e-6


@dataclass(slots=True)
class _Transmission:
    """Characters of one station, and how many of them have left it."""

    data: bytes
    starts_s: float
    prompt: bool
    """Whether it follows its request without a detour, so that the line is occupied from the request on."""
    sent: int = 0


class SerialWire:
    """Serves stations on one half-duplex line.

    Requests take their time on the wire although a pseudo terminal delivers them at once, and replies leave
    at the line's speed. From the end of a request until the last character of its reply the stations are
    deaf. A reply that a station delays by itself leaves the line free until it begins.
    """

    def __init__(
        self,
        stations: Stations,
        write: Callable[[bytes], None],
        *,
        timing: LineTiming,
        turn_around_s: float = 0.0,
    ) -> None:
        self._stations = stations
        self._write = write
        self._timing = timing
        self._turn_around_s = turn_around_s
        self._receiver = RtuReceiver(timing)
        self._waiting: list[_Transmission] = []
        """What is still to be sent, in the order of its beginning; the first may be under way."""
        self._timer: asyncio.TimerHandle | None = None

    def receive(self, data: bytes) -> None:
        """Take characters from the master."""
        if not self._occupied():
            self._serve(self._receiver.receive(data, self._now_s()))
        self._wake_up_in_time()

    def stop(self) -> None:
        """Forget everything that is under way."""
        self._receiver.reset()
        self._waiting.clear()
        self._wake_up_in_time()

    def _occupied(self) -> bool:
        if not self._waiting:
            return False
        first = self._waiting[0]
        return first.prompt or first.sent > 0 or first.starts_s <= self._now_s()

    def _on_timer(self) -> None:
        if self._waiting and self._now_s() >= self._next_chunk_s(self._waiting[0]) - EARLY_S:
            self._send(self._waiting[0])
        if not self._occupied():
            self._serve(self._receiver.expire(self._now_s()))
        self._wake_up_in_time()

    def _serve(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            request = Message(arrival.frame.unit, arrival.frame.pdu)
            self._accept(serve_on_serial_line(self._stations, request), arrival.ended_s)

    def _accept(self, sendings: Sequence[Sending], ended_s: float) -> None:
        for sending in sendings:
            if sending.at_once:
                self._write(sending.data)
            elif sending.data:
                starts_s = ended_s + self._turn_around_s + sending.after_s
                self._waiting.append(_Transmission(sending.data, starts_s, prompt=sending.after_s == 0))
        self._waiting.sort(key=lambda one: (one.sent == 0, one.starts_s))

    def _send(self, under_way: _Transmission) -> None:
        """Put on the line what has left the station's UART by now.

        The last characters are waited for to the microsecond, which blocks the event loop for a millisecond
        or two: masters that poll without a pause would otherwise measure our timer instead of the wire.
        """
        if under_way.sent == 0:
            self._receiver.reset()  # what the master was just sending has collided with it
        remaining_s = self._sent_by_s(under_way, len(under_way.data)) - self._now_s()
        if 0 < remaining_s < LONGEST_NAP_S:
            time.sleep(remaining_s)
        due = int((self._now_s() - under_way.starts_s) / self._timing.character_s + ROUNDING)
        end = min(len(under_way.data), max(due, under_way.sent + 1))
        self._write(under_way.data[under_way.sent : end])
        under_way.sent = end
        if end == len(under_way.data):
            del self._waiting[0]
            self._let_the_next_wait()

    def _let_the_next_wait(self) -> None:
        """Nothing begins before what was on the line is over."""
        if self._waiting:
            self._waiting[0].starts_s = max(self._waiting[0].starts_s, self._now_s() + self._timing.silence_s)

    def _next_chunk_s(self, under_way: _Transmission) -> float:
        end = under_way.sent + CHUNK_CHARACTERS
        early_s = TIMER_LATENESS_S if end >= len(under_way.data) else 0.0
        return max(under_way.starts_s, self._sent_by_s(under_way, end) - early_s)

    def _sent_by_s(self, under_way: _Transmission, characters: int) -> float:
        return under_way.starts_s + min(characters, len(under_way.data)) * self._timing.character_s

    def _wake_up_in_time(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        moments_s = [self._next_chunk_s(self._waiting[0])] if self._waiting else []
        deadline_s = self._receiver.next_deadline_s
        if deadline_s is not None and not self._occupied():
            moments_s.append(deadline_s)
        if moments_s:
            self._timer = asyncio.get_running_loop().call_at(min(moments_s), self._on_timer)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
