"""A serial line on a pseudo terminal, with the wire's own speed and the slaves that hang on it."""

from __future__ import annotations

import asyncio
import os
import time
import tty
from contextlib import suppress
from pathlib import Path

from drivers.emulated.line import LineTiming
from drivers.emulated.rtu import Arrival, Frame, RtuReceiver
from drivers.emulated.slave import Slaves, answer_on_serial_line

CHUNK_CHARACTERS = 16
"""Characters that become readable together, as a UART's FIFO or a USB adapter hands them over."""
READ_BYTES = 4096
TIMER_LATENESS_S = 0.002
"""The event loop counts in milliseconds and rounds up twice."""
LONGEST_NAP_S = 0.003
ROUNDING = 1e-3
"""Of a character: timers may fire a nanosecond early."""
PSEUDO_TERMINALS = "/dev/pts/"


class PtyLine:
    """Serves slaves on one half-duplex line; the master opens `path`.

    Requests take their time on the wire although a pseudo terminal delivers them at once, and replies leave
    at the line's speed. From the end of a request until the last character of its reply the slaves are deaf.
    """

    def __init__(
        self,
        slaves: Slaves,
        *,
        timing: LineTiming,
        turn_around_s: float = 0.0,
        link: Path | None = None,
    ) -> None:
        self._slaves = slaves
        self._timing = timing
        self._turn_around_s = turn_around_s
        self._link = link
        self._receiver = RtuReceiver(timing)
        self._reply = b""
        self._sent = 0
        self._reply_starts_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._line_fd = -1
        self._port_fd = -1
        self.port = ""
        """The pseudo terminal itself."""

    @property
    def path(self) -> str:
        """What a master opens: the link if there is one, else the pseudo terminal."""
        return self.port if self._link is None else str(self._link)

    def open(self) -> None:
        """Make the pseudo terminal and listen, in the running event loop.

        Raises:
            LinkOccupied: If the link's path is something that is not ours to replace.
            OSError: If there is no pseudo terminal, or the link cannot be made.
        """
        self._line_fd, self._port_fd = os.openpty()
        try:
            tty.setraw(self._port_fd)
            os.set_blocking(self._line_fd, False)
            self.port = os.ttyname(self._port_fd)
            if self._link is not None:
                make_link(self._link, self.port)
        except BaseException:
            self._close_files()
            raise
        asyncio.get_running_loop().add_reader(self._line_fd, self._on_characters)

    def close(self) -> None:
        """Stop listening and leave no file behind."""
        if self._line_fd < 0:
            return
        asyncio.get_running_loop().remove_reader(self._line_fd)
        self._set_timer(None)
        if self._link is not None:
            remove_link(self._link, self.port)
        self._close_files()

    def _close_files(self) -> None:
        os.close(self._line_fd)
        os.close(self._port_fd)
        self._line_fd = self._port_fd = -1

    def _on_characters(self) -> None:
        with suppress(BlockingIOError):
            data = os.read(self._line_fd, READ_BYTES)
            if not self._reply:
                self._serve(self._receiver.receive(data, self._now_s()))

    def _on_timer(self) -> None:
        if self._reply:
            self._send()
        else:
            self._serve(self._receiver.expire(self._now_s()))

    def _serve(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            self._answer(arrival)
        if not self._reply:
            self._set_timer(self._receiver.next_deadline_s)

    def _answer(self, arrival: Arrival) -> None:
        unit = arrival.frame.unit
        reply = answer_on_serial_line(self._slaves, unit, arrival.frame.pdu)
        if reply is None:
            return
        self._receiver.reset()
        self._reply = Frame(unit, reply).encode()
        self._sent = 0
        self._reply_starts_s = arrival.ended_s + self._turn_around_s
        self._schedule_chunk()

    def _schedule_chunk(self) -> None:
        end = self._sent + CHUNK_CHARACTERS
        early_s = TIMER_LATENESS_S if end >= len(self._reply) else 0.0
        self._set_timer(self._sent_by_s(end) - early_s)

    def _send(self) -> None:
        """Put on the line what has left the slave's UART by now.

        The last characters are waited for to the microsecond, which blocks the event loop for a millisecond
        or two: masters that poll without a pause would otherwise measure our timer instead of the wire.
        """
        remaining_s = self._sent_by_s(len(self._reply)) - self._now_s()
        if 0 < remaining_s < LONGEST_NAP_S:
            time.sleep(remaining_s)
        due = int((self._now_s() - self._reply_starts_s) / self._timing.character_s + ROUNDING)
        end = min(len(self._reply), max(due, self._sent + 1))
        with suppress(BlockingIOError):  # nobody reads: the characters are lost, as on a wire
            os.write(self._line_fd, self._reply[self._sent : end])
        self._sent = end
        if end < len(self._reply):
            self._schedule_chunk()
        else:
            self._reply = b""
            self._set_timer(None)

    def _sent_by_s(self, characters: int) -> float:
        return self._reply_starts_s + min(characters, len(self._reply)) * self._timing.character_s

    def _set_timer(self, when_s: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if when_s is None else loop.call_at(when_s, self._on_timer)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()


class LinkOccupied(Exception):
    """The path wanted for a link to the pseudo terminal holds something else."""


def make_link(link: Path, port: str) -> None:
    """Point `link` at `port` in one step, replacing a link that an earlier run left behind.

    Raises:
        LinkOccupied: If there is something else.
        OSError: If the directory is missing or not writable.
    """
    ours = link.is_symlink() and str(link.readlink()).startswith(PSEUDO_TERMINALS)
    if not ours and os.path.lexists(link):
        raise LinkOccupied(f"{link} exists and is no link to a pseudo terminal: remove it or choose another")
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.symlink_to(port)
    fresh.replace(link)


def remove_link(link: Path, port: str) -> None:
    """Remove the link unless somebody else has pointed it elsewhere since."""
    if link.is_symlink() and str(link.readlink()) == port:
        link.unlink()
