"""One WebSocket to the backend: pumps frames between the socket and `ocppj.Link`."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from agent.csms.closing import why_closed
from agent.csms.dialect import After, Dialect, Reply
from agent.csms.frame_fields import frame_fields
from agent.csms.hide_tokens import hidden
from agent.csms.metrics import LinkFigures, Outcome
from agent.system.concerning import concerning
from ocppj.errors import ErrorCode, OcppError
from ocppj.events import (
    CallExpired,
    CallReceived,
    CallRefused,
    Event,
    FrameRejected,
    ReplyUnmatched,
    ResultReceived,
)
from ocppj.link import Link, LinkError, LinkFull
from ocppj.messages.fields import Payload
from ocppj.repair import Quirk, Quirks

log = logging.getLogger(__name__)

Serve = Callable[[str, Payload, int], Awaitable[Reply]]
"""Serves a call: its action, its payload, and how many bytes its frame had."""
FollowUp = Callable[[str, After], None]
"""Starts what is to happen after an answer; it may outlive the connection."""

_SECRET = re.compile(r'("attributeValue"\s*:\s*)"(?:[^"\\]|\\+[^\\])*+("|\\*$)')
"""An excerpt of a rejected frame has its backslashes doubled: rather mask too much."""
_LOGIN = re.compile(r"(:(?:\\*/){2})[^\s\"/]+(?:@|\\+u0040)", re.IGNORECASE)
"""The user and the password in an address, as firmware comes from and logs go to."""
_NETWORK_SECRET = re.compile(
    r'("(?:password|apnPassword|basicAuthPassword|key|simPin)"\s*:\s*)(?:"(?:[^"\\]|\\+[^\\])*+(?:"|\\*$)|\d+)',
    re.IGNORECASE,
)
_FRAME_LIMIT = 65_536
_OVERDUE_S = 10.0


class CallFailed(Exception):
    """A message of ours got no answer that can be used.

    `is_answered` is true when the backend refused it (an error, or an answer that breaks its schema); false
    when it was late or the link went away.
    """

    def __init__(self, why: str, *, is_answered: bool, is_disconnected: bool = False) -> None:
        super().__init__(why)
        self.is_answered = is_answered
        self.is_disconnected = is_disconnected

    @property
    def outcome(self) -> Outcome:
        """How the call ended, for those who count."""
        if self.is_disconnected:
            return "disconnected"
        return "refused" if self.is_answered else "unanswered"


class Connection:
    """A connection as long as it lives; make a new one for the next. Both ends speak `dialect` on it."""

    def __init__(
        self,
        socket: ClientConnection,
        dialect: Dialect,
        serve: Serve,
        follow_up: FollowUp,
        log_frames: bool,
        timeout_s: int | None = None,
        quirks: Quirks | None = None,
        figures: LinkFigures | None = None,
    ) -> None:
        """`timeout_s` takes the place of every call's own, where the network profile names one.

        `quirks` counts what the backend gets wrong and is understood all the same, `figures` the calls.
        """
        self._figures = figures or LinkFigures()
        self.dialect = dialect
        self._socket = socket
        self._timeout_s = timeout_s
        self._serve = serve
        self._follow_up = follow_up
        serves = frozenset(dialect.handlers)
        quirks = Quirks() if quirks is None else quirks
        self._link = Link(dialect.version, new_id=lambda: str(uuid.uuid4()), serves=serves, quirks=quirks)
        self._log_frames = log_frames
        self._answers: dict[str, asyncio.Future[Payload]] = {}
        self._flushing = asyncio.Lock()
        self._deadline_set = asyncio.Event()
        self._is_closing = False
        self._noted: set[Quirk] = set()
        self.last_sent_s = time.monotonic()
        self.has_heard = False
        """Whether the backend has said anything: a proxy before one that is away takes connections, too."""
        self.has_bad_frame = asyncio.Event()
        """Set when something came that is no OCPP; `bad_frame` says what."""
        self.bad_frame = ""

    async def run(self) -> None:
        """Pump until the connection ends, for whatever reason; every waiting call then fails."""
        try:
            async with asyncio.TaskGroup() as tasks:
                expiry = tasks.create_task(self._expire(), name="call timeouts")
                await self._receive(tasks)
                expiry.cancel()
        finally:
            self._link.close()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(_disconnected())
            self._answers.clear()

    async def call(self, request: Payload, timeout_s: float, message_id: str | None = None) -> Payload:
        """Send a request and return its answer.

        Raises:
            CallFailed: If it was refused, not answered in `timeout_s`, or the link went away.
        """
        try:
            message_id = self._link.call(
                self.dialect.form(request), deadline_s=self._timeout_s or timeout_s, message_id=message_id
            )
        except OcppError as error:
            raise CallFailed(
                f"{type(request).__name__} would break its schema: {error}", is_answered=True
            ) from error
        except LinkFull as error:
            raise CallFailed(f"too many messages wait: {error}", is_answered=False) from error
        except LinkError as error:
            raise _disconnected() from error
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._answers[message_id] = answer
        await self._flush()
        action = type(request).__name__.removesuffix("Request")
        try:
            response = await answer
        except CallFailed as failed:
            self._figures.count("sent", action, failed.outcome)
            raise
        self._figures.count("sent", action, "answered")
        return response

    async def send(self, message: Payload) -> None:
        """Send a message that nobody answers (OCPP 2.1).

        Raises:
            CallFailed: If the link is gone, or it would break its schema.
        """
        try:
            self._link.send(self.dialect.form(message))
        except OcppError as error:
            what = f"{type(message).__name__} would break its schema: {error}"
            raise CallFailed(what, is_answered=True) from error
        except LinkFull as error:
            raise CallFailed(f"too many messages wait: {error}", is_answered=False) from error
        except LinkError as error:
            raise _disconnected() from error
        await self._flush()

    @property
    def is_overdue(self) -> bool:
        """Whether a call should have been given up but was not: then nothing works here any more."""
        deadline_s = self._link.next_deadline_s
        return deadline_s is not None and time.monotonic() > deadline_s + _OVERDUE_S

    async def close(self, why: str) -> None:
        """Close from our side (1000)."""
        await self._socket.close(reason=why)

    async def _receive(self, tasks: asyncio.TaskGroup) -> None:
        try:
            async for frame in self._socket:
                if self._is_closing:
                    continue
                self._trace("<", frame)
                self.has_heard = True
                events = self._link.receive(frame, time.monotonic())
                self._note_quirks()
                for event in events:
                    await self._take(event, _size(frame), tasks)
                await self._flush()
            closed = self._socket.protocol.close_exc
        except ConnectionClosed as error:
            closed = error
        log.info("link to the backend lost: %s", why_closed(closed))

    def _note_quirks(self) -> None:
        """Say once a connection what the backend gets wrong; how often is in the metrics."""
        for quirk in self._link.quirks or ():
            if quirk not in self._noted:
                self._noted.add(quirk)
                log.warning("the backend sends %s; it is understood all the same", quirk)

    async def _take(self, event: Event, size_bytes: int, tasks: asyncio.TaskGroup) -> None:
        match event:
            case CallReceived():
                tasks.create_task(self._answer(event, size_bytes), name=f"answer {event.action}")
            case ResultReceived():
                self._settle(event.message_id, event.response)
            case CallRefused():
                why = f"{type(event.request).__name__} refused: {event.code} {event.description}"
                self._settle(event.message_id, CallFailed(why, is_answered=True))
            case ReplyUnmatched():
                log.warning("the backend answered nobody (message id %s)", event.message_id)
            case FrameRejected():
                excerpt = _masked(event.excerpt)
                log.warning("frame rejected: %s %s in %s", event.code, event.description, excerpt)
                self.bad_frame = f"{event.code} {event.description}"
                self.has_bad_frame.set()
                if event.close_code is not None:
                    self._is_closing = True
                    tasks.create_task(self._socket.close(event.close_code, "too many bad frames"))
            case _:
                log.debug("ignored: %s", event)

    async def _answer(self, call: CallReceived, size_bytes: int) -> None:
        """Serve one call of the backend's; a handler's failure is an InternalError, never a lost link."""
        with concerning(message=call.message_id, action=call.action):
            await self._serve_and_reply(call, size_bytes)

    async def _serve_and_reply(self, call: CallReceived, size_bytes: int) -> None:
        try:
            reply = await self._serve(call.action, call.request, size_bytes)
            self._link.reply(call.message_id, self.dialect.form(reply.response))
        except OcppError as error:
            self._refuse(call.message_id, error)
            reply = None
        except LinkError:
            return
        except Exception:  # the boundary between one call and everything else on this connection
            log.exception("%s could not be served", call.action)
            self._refuse(call.message_id, OcppError(ErrorCode.INTERNAL_ERROR, "see the station's log"))
            reply = None
        await self._flush()
        self._figures.count("served", call.action, "refused" if reply is None else "answered")
        if reply is not None and reply.after is not None:
            self._follow_up(call.action, reply.after)

    def _refuse(self, message_id: str, error: OcppError) -> None:
        try:
            self._link.reply_error(message_id, error.code, error.description, error.details)
        except LinkError as gone:
            log.debug("nobody to refuse: %s", gone)

    async def _expire(self) -> None:
        """Give up calls whose time has passed."""
        while True:
            deadline_s = self._link.next_deadline_s
            if deadline_s is None:
                self._deadline_set.clear()
                await self._deadline_set.wait()
                continue
            await asyncio.sleep(max(0.0, deadline_s - time.monotonic()))
            for event in self._link.expire(time.monotonic()):
                if isinstance(event, CallExpired):
                    why = f"{type(event.request).__name__} was not answered in time"
                    self._settle(event.message_id, CallFailed(why, is_answered=False))
            await self._flush()

    def _settle(self, message_id: str, outcome: Payload | CallFailed) -> None:
        answer = self._answers.pop(message_id, None)
        if answer is None or answer.done():
            return
        if isinstance(outcome, CallFailed):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)

    async def _flush(self) -> None:
        """Put what the link has ready on the wire, in order."""
        async with self._flushing:
            for text in self._link.outgoing(time.monotonic()):
                self._trace(">", text)
                self.last_sent_s = time.monotonic()
                try:
                    await self._socket.send(text)
                except ConnectionClosed:
                    return
        self._deadline_set.set()

    def _trace(self, direction: str, frame: str | bytes) -> None:
        if self._log_frames:
            text = frame if isinstance(frame, str) else repr(frame)
            shown = _masked(text)[:_FRAME_LIMIT]
            log.info("ocpp %s %s", direction, shown, extra={"fields": frame_fields(text)})


def _size(frame: str | bytes) -> int:
    return len(frame) if isinstance(frame, bytes) else len(frame.encode())


def _masked(text: str) -> str:
    """Return the frame without passwords (A01.FR.12) and key codes (C04.FR.04).

    Names compare without case, and may be escaped.
    """
    folded = text.casefold()
    if "keycode" in folded:
        text = hidden(text)
    if "@" in text or "\\u" in text:
        text = _LOGIN.sub(r"\1***@", text)
    if "basicauthpassword" in folded or "\\u" in text:
        text = _SECRET.sub(r'\1"***"', text)
    if "setnetworkprofile" in folded:
        text = _NETWORK_SECRET.sub(r'\1"***"', text)
    return text


def _disconnected() -> CallFailed:
    return CallFailed("no connection to the backend", is_answered=False, is_disconnected=True)
