"""One owner task per port: takes jobs by urgency and lets nothing but an exact answer through.

Where frames are not numbered (serial ones, also through TCP) a reply says neither which request nor which
address it belongs to, so after a failure the bus does three things. It drains: that unit is sent nothing for
one more timeout, and what it says meanwhile is dropped. It doubts: the shape (function and length) of the
reply it gave up is remembered, and before that shape may be asked for again, a request of another shape, the
probe, must be answered properly; units answer in order, so whatever was late has come by then. And where even
the probe fails, or there is none, the unit is left alone for longer than any device takes to answer. Callers
only wait for a result: cancelling one never touches a transaction that is under way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from drivers.modbus.errors import (
    BusClosed,
    DeadlineMissed,
    ExceptionReply,
    LineNeverQuiet,
    ModbusError,
    NoReply,
    PortUnavailable,
    UnitResting,
    WrongCount,
    WrongFunction,
    WrongTransaction,
)
from drivers.modbus.health import UnitHealth
from drivers.modbus.metrics import BusMetrics
from drivers.modbus.queue import Queue
from drivers.modbus.requests import Read, Reply, Request, Write
from drivers.modbus.strict import check
from drivers.modbus.terms import Answer, Terms
from drivers.modbus.transport import Transport

log = logging.getLogger(__name__)

RECONNECT_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts to open a port."""

HALF_OPEN_S: Final = 10.0
"""A connection on which nobody has answered for so long is made anew: its other end may be gone."""

SLOWEST_GATEWAY_S: Final = 11 / 9600
"""Time of one character on the slowest line that is expected behind a TCP connection."""

TIMER_STEP_S: Final = 0.001
"""The event loop rounds sleeps up to this, at the cost of 4 % of the polls of a 19200 baud line; so the last
step of a silence is slept without it."""


@dataclass(eq=False, slots=True)
class _Job:
    request: Request
    terms: Terms
    since_s: float
    result: asyncio.Future[Answer]

    @property
    def urgency(self) -> int:
        return self.terms.priority

    @property
    def unit(self) -> int:
        return self.request.unit

    @property
    def is_over(self) -> bool:
        return self.result.done()


class Bus:
    """A line and its owner; `run` must be running while others call `perform`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._character_s = transport.serial.character_s if transport.serial else 0.0
        self._line_silence_s = transport.serial.silence_s if transport.serial else 0.0
        self._queue: Queue[_Job] = Queue()
        self._idle: asyncio.Future[None] | None = None
        self._running = False
        self._units: defaultdict[int, UnitHealth] = defaultdict(UnitHealth)
        self._last_unit: int | None = None
        self._silent_since_s: float | None = None
        self._change_costs = False
        self._opened = 0
        self._connect_failures = 0
        self._next_connect_s = 0.0
        self._connect_problem = "not opened yet"

    @property
    def name(self) -> str:
        """The port or host:port."""
        return self._transport.name

    def metrics(self) -> BusMetrics:
        """Return how requests ended and how long answers took, by unit."""
        now_s = asyncio.get_running_loop().time()
        return BusMetrics(
            name=self.name,
            is_open=self._transport.connected,
            opened=self._opened,
            units=tuple(health.metrics(unit, now_s) for unit, health in sorted(self._units.items())),
        )

    async def perform(self, request: Request, terms: Terms) -> Answer:
        """Send a request in its turn and return the exact answer to it.

        Cancelling the caller takes the job from the queue, or lets a transaction that is under way end
        unheard.

        Raises:
            ModbusError: If there is no exact answer; see drivers.modbus.errors.
        """
        if not self._running:
            raise BusClosed(request, f"the bus on {self.name} is not running")
        loop = asyncio.get_running_loop()
        job = _Job(request, terms, loop.time(), loop.create_future())
        self._queue.put(job)
        self._change_costs = self._change_costs or terms.unit_change_gap_s > 0
        self._wake()
        return await job.result

    async def run(self) -> None:
        """Own the line until cancelled; then close it and fail the jobs that are left.

        A transport may lose a cancellation that comes in the same moment as the reply (`asyncio.wait_for`
        does, until Python 3.12), so what the task knows of it is looked at as well.
        """
        self._running = True
        owner = asyncio.current_task()
        try:
            while owner is None or not owner.cancelling():
                await self._serve(await self._next_job())
            raise asyncio.CancelledError
        finally:
            self._running = False
            self._transport.close()
            for job in self._queue:
                _fail(job, BusClosed(job.request, f"the bus on {self.name} was stopped"))
            self._queue.clear()

    async def _next_job(self) -> _Job:
        """Return the most urgent job whose unit is ready, once there is one."""
        loop = asyncio.get_running_loop()
        while True:
            if self._change_costs:
                await asyncio.sleep(0)  # who was just answered may ask the same unit for more
            job = self._queue.take(loop.time(), self._ready_at_s, change_costs=self._change_costs)
            if job is not None:
                return job
            await self._sleep_until(self._queue.next_ready_s(self._ready_at_s))

    def _ready_at_s(self, unit: int) -> float:
        return self._units[unit].ready_at_s

    async def _sleep_until(self, when_s: float | None) -> None:
        loop = asyncio.get_running_loop()
        self._idle = loop.create_future()
        timer = None if when_s is None else loop.call_at(when_s, self._wake)
        try:
            await self._idle
        finally:
            self._idle = None
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    async def _serve(self, job: _Job) -> None:
        """Bring one job to its end, whatever that is."""
        health = self._units[job.request.unit]
        try:
            self._refuse(job, health)
            await self._open(job)
            await self._resolve_doubt(job, health)
            answer = await self._transact(job.request, job.terms, health)
        except ModbusError as error:
            _fail(job, error)
        else:
            if not job.result.done():
                job.result.set_result(answer)
        finally:
            if not job.result.done():  # the owner is stopped, or failed in a way nobody foresaw
                _fail(job, BusClosed(job.request, f"the bus on {self.name} was stopped"))

    def _refuse(self, job: _Job, health: UnitHealth) -> None:
        """Turn down jobs that are too late or whose unit rests; a write is urgent enough to be tried."""
        now_s = asyncio.get_running_loop().time()
        if now_s > job.since_s + job.terms.deadline_s:
            late = DeadlineMissed(job.request, f"waited more than {job.terms.deadline_s} s for the line")
            raise self._refused(health, late)
        if now_s < health.rests_until_s and not isinstance(job.request, Write):
            raise self._refused(health, UnitResting(job.request, health.rests_until_s - now_s))

    async def _open(self, job: _Job) -> None:
        """Open the line if it is not; between attempts everything but a write fails at once."""
        if self._transport.connected:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= self._next_connect_s or isinstance(job.request, Write):
            problem = await self._transport.connect(job.terms.timeout_s)
            if problem is None:
                log.info("%s is open", self.name)
                self._connect_failures = 0
                self._opened += 1
                return
            if self._connect_failures == 0:
                log.warning("%s", problem)
            self._connect_problem = problem
            pause_s = RECONNECT_S[min(self._connect_failures, len(RECONNECT_S) - 1)]
            self._connect_failures += 1
            self._next_connect_s = loop.time() + pause_s
        health = self._units[job.request.unit]
        raise self._refused(health, PortUnavailable(job.request, self._connect_problem))

    async def _resolve_doubt(self, job: _Job, health: UnitHealth) -> None:
        """Before a read whose reply a late one could pass for, make the unit answer something else."""
        now_s = asyncio.get_running_loop().time()
        request, probe = job.request, job.terms.probe
        if not isinstance(request, Read):
            return
        if not health.doubts(request.mark, now_s):
            if job.terms.guarded and probe is not None and self._could_come_twice(request, health):
                await self._transact(probe, job.terms, health)
            return
        if probe is None or probe.mark == request.mark or health.doubts(probe.mark, now_s):
            raise self._refused(health, UnitResting(request, health.certain_at_s - now_s))
        await self._transact(probe, job.terms, health)

    def _could_come_twice(self, request: Read, health: UnitHealth) -> bool:
        """Tell whether a second reply to the read before could pass for the reply to this one."""
        before = health.last_read
        is_alike = before is not None and before != request and before.mark == request.mark
        return is_alike and not self._transport.numbered

    async def _transact(self, request: Request, terms: Terms, health: UnitHealth) -> Answer:
        """One request and its answer on a quiet line."""
        loop = asyncio.get_running_loop()
        if isinstance(request, Read):
            health.last_read = request
        on_line_s = request.wire_bytes * self._character_s
        try:
            await self._silence(request, terms)
            sent_s = loop.time()
            reply = await self._transport.exchange(request, on_line_s + self._wait_s(request, terms, health))
            values = self._checked(request, reply, health)
        except ExceptionReply as error:
            self._refused_by_unit(request, terms, health, error)
            raise
        except ModbusError as error:
            self._failed(request, terms, health, error)
            raise
        now_s = loop.time()
        self._silent_since_s = None
        if health.failures:
            log.info("unit %d on %s answers again", request.unit, self.name)
        health.answered(request.mark, now_s)
        health.counters.answered(now_s - sent_s)
        health.patience.answered(max(0.0, now_s - sent_s - on_line_s))
        if isinstance(request, Write):
            health.busy_until_s = now_s + terms.write_gap_s
        return Answer(values=values, arrived=reply.arrived)

    def _wait_s(self, request: Request, terms: Terms, health: UnitHealth) -> float:
        """Return how long the unit's answer is waited for; a unit alone on its line keeps nobody waiting."""
        if self._is_alone:
            return terms.timeout_s
        spare_s = 0.0 if self._transport.serial else request.wire_bytes * SLOWEST_GATEWAY_S
        return min(terms.timeout_s, health.patience.wait_s(terms.timeout_s) + spare_s)

    @property
    def _is_alone(self) -> bool:
        return len(self._units) == 1

    def _refused_by_unit(
        self, request: Request, terms: Terms, health: UnitHealth, error: ExceptionReply
    ) -> None:
        """Note a refusal; while something is missing, it may be the answer to that."""
        now_s = asyncio.get_running_loop().time()
        self._silent_since_s = None
        health.counters.count(error)
        if health.certain_at_s > now_s:
            health.give_up(request.mark, now_s, terms.timeout_s)

    def _checked(self, request: Request, reply: Reply, health: UnitHealth) -> tuple[int, ...]:
        try:
            return check(request, reply)
        except (WrongFunction, WrongCount):
            health.came_late(reply.read_mark)
            raise

    def _failed(self, request: Request, terms: Terms, health: UnitHealth, error: ModbusError) -> None:
        """Note a failure, and see to it that nothing of the failed exchange can reach a later one."""
        now_s = asyncio.get_running_loop().time()
        if health.failures == 0:
            log.warning("%s: %s", self.name, error)
        health.failed(error, now_s, is_alone=self._is_alone)
        if not self._transport.numbered:
            health.give_up(request.mark, now_s, terms.timeout_s)
        elif not isinstance(error, NoReply | WrongTransaction):  # a late reply does no harm to what follows
            self._transport.drop()
        self._drop_if_half_open(now_s)

    def _drop_if_half_open(self, now_s: float) -> None:
        if self._silent_since_s is None:
            self._silent_since_s = now_s
        elif now_s - self._silent_since_s > HALF_OPEN_S and self._transport.serial is None:
            self._transport.drop()
            self._silent_since_s = None

    def _refused(self, health: UnitHealth, refusal: ModbusError) -> ModbusError:
        health.counters.count(refusal)
        return refusal

    async def _silence(self, request: Request, terms: Terms) -> None:
        """Wait until the line has been silent for 3.5 characters, or for as long as the unit needs."""
        unit_changes = self._last_unit != request.unit and self._last_unit is not None
        self._last_unit = request.unit
        silence_s = max(self._line_silence_s, terms.gap_s(unit_changes=unit_changes))
        if silence_s == 0 and self._transport.numbered:
            return
        loop = asyncio.get_running_loop()
        give_up_at_s = loop.time() + silence_s + terms.timeout_s
        await _hear_what_came()
        while True:
            wait_s = self._transport.quiet_since_s + silence_s - loop.time()
            if wait_s <= 0:
                return
            if loop.time() > give_up_at_s:
                raise LineNeverQuiet(request, f"something on {self.name} talks without a pause")
            if wait_s > TIMER_STEP_S:
                await asyncio.sleep(wait_s - TIMER_STEP_S)  # and hear
            else:
                _nap(wait_s)
                await _hear_what_came()


async def _hear_what_came() -> None:
    """Let the loop poll once and deliver what lies in the kernel's buffer: it was said before now."""
    for _ in range(2):
        await asyncio.sleep(0)


def _nap(seconds: float) -> None:
    """Sleep for less than the event loop can: it stands still, but spinning would cost more than the poll."""
    time.sleep(seconds)


def _fail(job: _Job, error: ModbusError) -> None:
    if not job.result.done():
        job.result.set_exception(error)
