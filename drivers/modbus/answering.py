"""Devices that are the master: they write into registers that we serve, on a connection that we may make.

To those who read such a device it looks like any other on a bus: a read is answered with what the device last
wrote, at the time when it did; a write puts registers there for the device to read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from drivers.modbus import mbap
from drivers.modbus.bus import RECONNECT_S
from drivers.modbus.errors import BusClosed, ExceptionReply, NoReply, PortUnavailable
from drivers.modbus.link import Link, LinkError
from drivers.modbus.metrics import BusMetrics, Counters
from drivers.modbus.registers_served import ADDRESSES, ILLEGAL_ADDRESS, ServedRegisters
from drivers.modbus.requests import Read, Request
from drivers.modbus.terms import Answer, Terms
from drivers.readings import Instant

log = logging.getLogger(__name__)

CONNECT_S: Final = 2.0
SILENCE_S: Final = 10.0
"""A device that has asked for nothing for so long is not there, whatever its connection looks like."""
LONGEST_FRAME: Final = 260


class AnsweringBus:
    """A connection on which the device asks; `run` must be running while others call `perform`.

    What the device wrote is forgotten when its connection is lost: the next one may be another device's.
    """

    def __init__(self, link: Link, clock: Callable[[], Instant], *, silence_s: float = SILENCE_S) -> None:
        self._link = link
        self._clock = clock
        self._silence_s = silence_s
        self._theirs = ServedRegisters()
        self._ours: dict[int, int] = {}
        self._buffer = b""
        self._lost: asyncio.Event = asyncio.Event()
        self._heard_at: Instant | None = None
        self._counters: defaultdict[int, Counters] = defaultdict(Counters)
        self._running = False
        self._opened = 0
        self._problem = "not connected yet"

    @property
    def name(self) -> str:
        """The address."""
        return self._link.name

    def metrics(self) -> BusMetrics:
        """Return how many requests of the device were answered, and which were refused, by unit."""
        return BusMetrics(
            name=self.name,
            is_open=self._link.is_open,
            opened=self._opened,
            units=tuple(
                counters.snapshot(unit, failures_in_a_row=0, is_resting=False)
                for unit, counters in sorted(self._counters.items())
            ),
        )

    async def perform(self, request: Request, terms: Terms) -> Answer:
        """Return what the device last wrote there, or put registers there for it to read.

        Raises:
            PortUnavailable: If there is no connection.
            NoReply: If the device is silent, or has not written all of these registers yet.
            ExceptionReply: If the request reaches beyond the last register.
            BusClosed: If the bus is not running.
        """
        if not self._running:
            raise BusClosed(request, f"the bus on {self.name} is not running")
        if isinstance(request, Read):
            return self._read(request)
        if request.address + len(request.values) > ADDRESSES:
            raise ExceptionReply(request, ILLEGAL_ADDRESS)
        now = self._clock()
        self._ours |= dict(enumerate(request.values, start=request.address))
        self._theirs.put(request.address, request.values, now)
        return Answer(values=(), arrived=now)

    async def run(self) -> None:
        """Connect, again and again, and answer until cancelled."""
        self._running = True
        failures = 0
        try:
            while True:
                self._lost.clear()
                try:
                    await self._link.open(self, CONNECT_S)
                except LinkError as error:
                    if failures == 0:
                        log.warning("%s", error)
                    self._problem = str(error)
                    await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])
                    failures += 1
                    continue
                log.info("%s is open", self.name)
                failures = 0
                self._opened += 1
                await self._lost.wait()
                log.warning("%s", self._problem)
        finally:
            self._running = False
            self._link.close()

    def heard(self, data: bytes) -> None:
        """Answer every whole request in what came; a stream that makes no sense is ended."""
        requests, self._buffer = mbap.split(self._buffer + data)
        replies = b"".join(map(self._reply, requests))
        try:
            if replies:
                self._link.send(replies)
        except LinkError as error:
            self.lost(str(error))
            return
        if len(self._buffer) > LONGEST_FRAME or self._buffer[2:4].strip(b"\0"):
            self._link.drop()
            self.lost(f"{self.name} sent what is no Modbus")

    def lost(self, why: str) -> None:
        """Forget the device; `run` connects anew."""
        self._problem = why
        self._buffer = b""
        self._heard_at = None
        self._theirs.forget()
        now = self._clock()
        for address, value in self._ours.items():
            self._theirs.put(address, (value,), now)
        self._lost.set()

    def _reply(self, request: bytes) -> bytes:
        self._heard_at = now = self._clock()
        unit = request[6]
        reply = self._theirs.answer(request[mbap.HEADER :], now)
        if reply[0] & 0x80:
            self._counters[unit].exceptions[reply[1]] += 1
        else:
            self._counters[unit].ok += 1
        return mbap.frame(int.from_bytes(request[:2], "big"), unit, reply)

    def _read(self, request: Read) -> Answer:
        if not self._link.is_open:
            raise PortUnavailable(request, self._problem)
        now_s = self._clock().monotonic_s
        if self._heard_at is None or now_s - self._heard_at.monotonic_s > self._silence_s:
            raise NoReply(request, "the device has not asked for anything")
        held = self._theirs.get(request.address, request.count)
        if held is None:
            raise NoReply(request, "the device has not written all of it yet")
        return Answer(values=held.values, arrived=held.written_at)
