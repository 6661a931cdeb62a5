"""One charger's WebSocket: pumps frames between the socket and `ocppj.Link`, and answers after the commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

from websockets.exceptions import ConnectionClosed

from backend.csms.errors import StationRefused, StationSilent
from backend.csms.incoming import Actions, Answer, Awaited, Immediate, Incoming
from backend.csms.socket import StationSocket
from backend.csms.stations import Station
from backend.db.group_commit import GroupCommit, NotStored
from ocppj.errors import ErrorCode, OcppError
from ocppj.events import (
    CallExpired,
    CallReceived,
    CallRefused,
    Event,
    FrameRejected,
    ReplyUnmatched,
    ResultReceived,
    ResultRefused,
    SendReceived,
)
from ocppj.link import Link, LinkClosed, LinkFull, NoSuchCall
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)
frame_log = logging.getLogger("backend.csms.frames")

REPLACED = 1000
POLICY_VIOLATION = 1008
MAX_UNSENT_BYTES = 1_000_000
MAX_COMPLAINTS = 20
MAX_ANSWERING = 8
"""Requests of one charger that are answered at the same time; it waits for each, if it keeps to the rules."""
BOOT = "BootNotification"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What every connection needs."""

    actions: Actions
    commits: GroupCommit
    clock: Callable[[], datetime]
    call_timeout_s: float


class StationConnection:
    """A charger as long as it is connected."""

    def __init__(self, socket: StationSocket, station: Station, link: Link, services: Services) -> None:
        self._socket = socket
        self.identity = station.identity
        self.station_id = station.id
        self._link = link
        self._services = services
        self._loop = asyncio.get_running_loop()
        self._calls: dict[str, asyncio.Future[Payload]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._armed_s: float | None = None
        self._closing: asyncio.Task[None] | None = None
        self._answering: set[asyncio.Task[None]] = set()
        self._expected: set[str] = set()
        self._complaints: dict[str, int] = {}
        self.registration = station.registration if station.has_booted else None
        self._logs_frames = frame_log.isEnabledFor(logging.INFO)
        self.last_seen_at = services.clock()

    async def run(self) -> None:
        """Receive until the connection ends."""
        self._socket.hand_to(self._received)
        try:
            async for _broken in self._socket:  # text that is no UTF-8, with which the library ends it
                pass
        except ConnectionClosed:
            pass  # the close code is logged by whoever accepted the connection
        finally:
            self._ended()
            if self._answering:
                await asyncio.wait(self._answering)

    async def call(self, request: Payload, *, timeout_s: float | None = None) -> Payload:
        """Send a request, after those that wait already, and return the response.

        Raises:
            StationSilent: If the charger does not answer within `timeout_s` of being asked.
            StationRefused: If it answers with an error.
        """
        answered: asyncio.Future[Payload] = self._loop.create_future()
        try:
            message_id = self._link.call(request, deadline_s=timeout_s or self._services.call_timeout_s)
        except LinkClosed:
            raise StationSilent(self.identity, "the connection has just ended") from None
        except LinkFull:
            raise StationSilent(self.identity, "too many requests wait for it already") from None
        self._calls[message_id] = answered
        self._flush()
        try:
            return await answered
        finally:
            self._calls.pop(message_id, None)

    def expect(self, action: str) -> None:
        """Let the charger send this although it is not accepted yet (B02.FR.09)."""
        self._expected.add(action)

    def replace(self) -> None:
        """Give way to a newer connection of the same charger.

        What this one has received is still stored; what it can no longer answer, the charger sends again.
        """
        log.info("%s connected again, closing its older connection", self.identity)
        self._close(REPLACED, "replaced by a newer connection")

    def _close(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = self._loop.create_task(self._socket.close(code, reason))

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._link.close()
        for answering in self._answering:
            answering.cancel()
        for answered in self._calls.values():
            if not answered.done():
                answered.set_exception(StationSilent(self.identity, "the connection ended before the answer"))
        for what, count in self._complaints.items():
            if count > 1:
                log.warning("%s: %d times in this connection: %s", self.identity, count, what)

    def _received(self, frame: str | bytes) -> None:
        self.last_seen_at = self._services.clock()
        if self._logs_frames:
            frame_log.info("%s < %s", self.identity, frame if isinstance(frame, str) else repr(frame))
        has_news = False
        for event in self._link.receive(frame, monotonic()):
            has_news |= self._take(event, frame)
        if has_news:
            self._flush()

    def _take(self, event: Event, frame: str | bytes) -> bool:
        """Handle what happened, and tell whether there may be frames to send."""
        match event:
            case CallReceived() if isinstance(frame, str):
                return self._called(event, frame)
            case ResultReceived():
                self._answered(event.message_id, event.response)
            case CallRefused():
                self._answered(
                    event.message_id, StationRefused(self.identity, str(event.code), event.description)
                )
            case CallExpired():
                self._answered(event.message_id, StationSilent(self.identity, "no answer in time"))
            case FrameRejected():
                self._complain(f"{event.code}: {event.description}", event.excerpt)
                if event.close_code is not None:
                    self._close(event.close_code, "too many unreadable frames")
            case ReplyUnmatched():
                self._complain("an answer to nothing that was asked", event.message_id)
            case ResultRefused():
                self._complain(f"did not understand an answer: {event.code}", event.description)
            case SendReceived() | CallReceived():
                self._complain("a message that no handler takes", type(event).__name__)
        return True

    def _called(self, event: CallReceived, frame: str) -> bool:
        if not self._may_send(event.action):
            error = OcppError(ErrorCode.SECURITY_ERROR, "only after an accepted BootNotification")
            self._complain(f"{event.action} before the station is accepted", event.message_id)
            self._reply(event.message_id, error)
            return True
        incoming = Incoming(
            self.station_id, self.identity, event.message_id, event.request, frame, self.last_seen_at
        )
        action = self._services.actions[event.action]
        if isinstance(action, Immediate):
            self._reply(event.message_id, action.answer(incoming))
            return True
        if isinstance(action, Awaited):
            self._await(action, incoming)
            return True
        done = self._booted if event.action == BOOT else self._stored
        self._services.commits.submit(action.handler, incoming, partial(done, event.message_id))
        return False

    def _await(self, action: Awaited, incoming: Incoming[Payload]) -> None:
        if len(self._answering) >= MAX_ANSWERING:
            self._complain("more requests than are answered at once", incoming.message_id)
            error = OcppError(ErrorCode.INTERNAL_ERROR, "wait for the answers to earlier requests")
            self._reply(incoming.message_id, error)
            return
        task = self._loop.create_task(self._answer_later(action, incoming))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer_later(self, action: Awaited, incoming: Incoming[Payload]) -> None:
        answer: Answer | NotStored
        try:
            answer = await action.answer(incoming)
        except NotStored as error:
            answer = error
        except Exception as error:  # the charger is told, and the connection goes on
            log.exception("not answered: %s", incoming)
            answer = OcppError(ErrorCode.INTERNAL_ERROR, type(error).__name__)
        self._stored(incoming.message_id, answer)

    def _may_send(self, action: str) -> bool:
        """Tell whether the charger may send this now (B01.FR.10, B02.FR.09, B03.FR.07)."""
        return self.registration == "Accepted" or action == BOOT or action in self._expected

    def _booted(self, message_id: str, answer: Answer | NotStored) -> None:
        status = getattr(answer, "status", None)
        if isinstance(status, str):
            self.registration = status
            log.info("%s: BootNotification, registration %s", self.identity, status)
        self._stored(message_id, answer)

    def _stored(self, message_id: str, answer: Answer | NotStored) -> None:
        if isinstance(answer, NotStored):
            answer = OcppError(ErrorCode.INTERNAL_ERROR, "not stored, please send it again")
        self._reply(message_id, answer)
        self._flush()

    def _reply(self, message_id: str, answer: Answer) -> None:
        try:
            if isinstance(answer, OcppError):
                self._link.reply_error(message_id, answer.code, answer.description, answer.details)
            else:
                self._link.reply(message_id, answer)
        except (LinkClosed, NoSuchCall):
            log.info("%s left before message %s was answered", self.identity, message_id)
        except OcppError as error:
            log.error("%s: our answer to message %s breaks its schema: %s", self.identity, message_id, error)
            self._link.reply_error(message_id, ErrorCode.INTERNAL_ERROR, "the answer could not be written")

    def _answered(self, message_id: str, answer: Payload | StationRefused | StationSilent) -> None:
        answered = self._calls.get(message_id)
        if answered is None or answered.done():
            return
        if isinstance(answer, Exception):
            answered.set_exception(answer)
        else:
            answered.set_result(answer)

    def _flush(self) -> None:
        texts = self._link.outgoing(monotonic())
        if texts:
            self._send(texts)
        if self._link.next_deadline_s != self._armed_s:
            self._arm(self._link.next_deadline_s)

    def _send(self, texts: list[str]) -> None:
        for text in texts:
            if self._logs_frames:
                frame_log.info("%s > %s", self.identity, text)
            self._socket.send_now(text)
        if self._socket.unsent_bytes > MAX_UNSENT_BYTES:
            self._complain("does not read what it is sent", "closing")
            self._close(POLICY_VIOLATION, "read what you are sent")

    def _arm(self, deadline_s: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed_s = deadline_s
        self._timer = None if deadline_s is None else self._loop.call_at(deadline_s, self._expire)

    def _expire(self) -> None:
        self._timer = self._armed_s = None
        for event in self._link.expire(monotonic()):
            self._take(event, "")
        self._flush()

    def _complain(self, what: str, detail: str) -> None:
        """Log each kind of fault once per connection: a broken charger must not fill the log."""
        if what not in self._complaints and len(self._complaints) >= MAX_COMPLAINTS:
            what = "more kinds of faults"
        self._complaints[what] = self._complaints.get(what, 0) + 1
        if self._complaints[what] == 1:
            log.warning("%s: %s (%s)", self.identity, what, detail)
