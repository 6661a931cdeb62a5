"""One OCPP-J connection, either end, without IO: frames in, events out, frames to send.

The owner hands every received frame to `receive`, puts on the wire what `outgoing` returns after each call of
any method, and calls `expire` at `next_deadline_s`. Times are seconds of one monotonic clock, passed in.

Of our own calls one is outstanding at a time (OCPP 2.0.1 part 2, FR.01); the others wait in a queue. The peer
may have several open: they are handed up as they arrive. Everything that a peer can make grow is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Raw

from ocppj import catalog, codec, frames, repair
from ocppj.errors import NO_DETAILS, ErrorCode, OcppError
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
from ocppj.frames import Call, CallError, CallResult, CallResultError, Frame, FrameError, Send
from ocppj.messages.fields import Payload
from ocppj.repair import Quirk, Quirks
from ocppj.versions import Version

__all__ = [
    "CallExpired",
    "CallReceived",
    "CallRefused",
    "Event",
    "FrameRejected",
    "Link",
    "LinkClosed",
    "LinkError",
    "LinkFull",
    "NoSuchCall",
    "ReplyUnmatched",
    "ResultReceived",
    "ResultRefused",
    "SendReceived",
]

MAX_QUEUE = 1000
MAX_OPEN_CALLS = 100
MAX_UNREADABLE = 100
UNREADABLE_WINDOW_S = 60.0
POLICY_VIOLATION = 1008
"""WebSocket close code (RFC 6455, section 7.4.1) for a peer that floods us with frames of no message id."""
EXCERPT_LENGTH = 200
_ANSWERS = {frames.CALL_RESULT, frames.CALL_ERROR}


class LinkError(Exception):
    """The owner asked the link for something that it cannot do."""


class LinkClosed(LinkError):
    """The link is closed."""


class LinkFull(LinkError):
    """Too many messages wait to be sent."""


class NoSuchCall(LinkError):
    """The peer has no call of this message id open: it was never made, or already answered."""


@dataclass(frozen=True, slots=True)
class _OurCall:
    message_id: str
    action: str
    request: Payload
    text: str
    deadline_s: float


class Link:
    """One connection's call table.

    `serves` names the actions that this side answers: another known action gets NotSupported, an unknown one
    NotImplemented. None means all.
    """

    def __init__(
        self,
        version: Version,
        *,
        new_id: Callable[[], str],
        serves: Container[str] | None = None,
        max_frame_bytes: int = frames.MAX_FRAME_BYTES,
        max_depth: int = frames.MAX_DEPTH,
        max_queue: int = MAX_QUEUE,
        max_open_calls: int = MAX_OPEN_CALLS,
        quirks: Quirks | None = None,
    ) -> None:
        """With `quirks`, what `ocppj.repair` can mend is taken, and counted there."""
        self.quirks = quirks
        self.version = version
        self._new_id = new_id
        self._serves = serves
        self._max_frame_bytes = max_frame_bytes
        self._max_depth = max_depth
        self._max_queue = max_queue
        self._max_open_calls = max_open_calls
        self._waiting: deque[_OurCall] = deque()
        self._outstanding: _OurCall | None = None
        self._outstanding_until_s = 0.0
        self._open: dict[str, str] = {}
        self._ready: deque[str] = deque()
        self._unreadable_at: deque[float] = deque(maxlen=MAX_UNREADABLE)
        self._closed = False

    # our side

    def call(self, request: Payload, *, deadline_s: float, message_id: str | None = None) -> str:
        """Queue a call and return its message id. `deadline_s` counts from when it is sent.

        Raises:
            OcppError: If the request breaks its schema.
            TypeError: If it is no request of this link's version.
            ValueError: If the message id is empty or longer than 36 characters.
            LinkFull, LinkClosed: If it cannot be queued.
        """
        self._check_open()
        if len(self._waiting) >= self._max_queue:
            raise LinkFull(f"{self._max_queue} calls are waiting")
        action = self._action(request, catalog.actions(self.version), catalog.request_type)
        message_id = self._new_id() if message_id is None else message_id
        if not 1 <= len(message_id) <= frames.MESSAGE_ID_LENGTH:
            raise ValueError(f"message id {message_id!r} has not 1 to {frames.MESSAGE_ID_LENGTH} characters")
        text = frames.encode(Call(message_id, action, Raw(codec.encode(request))))
        self._waiting.append(_OurCall(message_id, action, request, text, deadline_s))
        return message_id

    def send(self, message: Payload) -> None:
        """Queue a message that gets no answer (SEND, OCPP 2.1); raises as `call` does."""
        self._check_open()
        if len(self._ready) >= self._max_queue:
            raise LinkFull(f"{self._max_queue} frames are waiting")
        action = self._action(message, catalog.sends(self.version), catalog.send_type)
        self._ready.append(frames.encode(Send(self._new_id(), action, Raw(codec.encode(message)))))

    def reply(self, message_id: str, response: Payload) -> None:
        """Answer a call of the peer's. If this raises OcppError or TypeError, the call is still open.

        Raises:
            OcppError: If the response breaks its schema.
            TypeError: If it is not the response of the action that was called.
            NoSuchCall, LinkClosed: If nobody waits for it.
        """
        action = self._opened(message_id)
        if type(response) is not catalog.response_type(self.version, action):
            raise TypeError(f"{type(response).__qualname__} does not answer {action} of {self.version.value}")
        payload = codec.encode(response)
        del self._open[message_id]
        self._ready.append(frames.encode(CallResult(message_id, Raw(payload))))

    def reply_error(
        self,
        message_id: str,
        code: ErrorCode,
        description: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuse a call of the peer's.

        Raises:
            TypeError: If the details are not JSON.
            NoSuchCall, LinkClosed: If nobody waits for it.
        """
        self._opened(message_id)
        text = frames.encode(self._refusal(message_id, code, description, details or NO_DETAILS))
        del self._open[message_id]
        self._ready.append(text)

    def outgoing(self, now_s: float) -> list[str]:
        """Return the frames to put on the wire now, in order; the clock of our call starts here."""
        texts = list(self._ready)
        self._ready.clear()
        if self._outstanding is None and self._waiting:
            self._outstanding = self._waiting.popleft()
            self._outstanding_until_s = now_s + self._outstanding.deadline_s
            texts.append(self._outstanding.text)
        return texts

    @property
    def next_deadline_s(self) -> float | None:
        """When `expire` has something to do, if ever."""
        return None if self._outstanding is None else self._outstanding_until_s

    def expire(self, now_s: float) -> list[Event]:
        """Give up our outstanding call if its time has passed."""
        if self._outstanding is None or now_s < self._outstanding_until_s:
            return []
        late, self._outstanding = self._outstanding, None
        return [CallExpired(late.message_id, late.request)]

    def close(self) -> list[Payload]:
        """End the link and return the requests that were never answered, in order."""
        unanswered = [] if self._outstanding is None else [self._outstanding.request]
        unanswered += [call.request for call in self._waiting]
        self._closed = True
        self._outstanding = None
        for kept in (self._waiting, self._open, self._ready, self._unreadable_at):
            kept.clear()
        return unanswered

    # the peer's side

    def receive(self, frame: str | bytes, now_s: float) -> list[Event]:
        """Take in a frame, queue the answers that the standard prescribes, and return what happened.

        A late answer counts as long as `expire` was not called. Nothing that a peer sends raises.
        """
        if self._closed:
            return []
        try:
            if isinstance(frame, bytes):
                raise FrameError(ErrorCode.RPC_FRAMEWORK_ERROR, "the frame is binary, OCPP-J is text")
            return self._accept(
                frames.parse(
                    frame,
                    self.version,
                    max_frame_bytes=self._max_frame_bytes,
                    max_depth=self._max_depth,
                    is_lenient=self.quirks is not None,
                )
            )
        except FrameError as error:
            self._queue(error.answer(self.version))
            return self._rejected(error, frame, now_s, error.message_id, error.message_type)
        except _Unacceptable as error:
            self._queue(error.answer)
            return self._rejected(error.reason, frame, now_s, error.message_id, error.message_type)

    def _accept(self, frame: Frame) -> list[Event]:
        match frame:
            case Call():
                return [self._accept_call(frame)]
            case CallResult():
                return [self._accept_result(frame)]
            case CallError():
                return [self._accept_error(frame)]
            case CallResultError():
                code, description = _read_code(frame)
                return [ResultRefused(frame.message_id, code, description, frame.details)]
            case Send():
                return [self._accept_send(frame)]

    def _accept_call(self, frame: Call) -> Event:
        if frame.message_id in self._open:
            reason = OcppError(
                ErrorCode.RPC_FRAMEWORK_ERROR, "a call of this message id is still being answered"
            )
            raise _Unacceptable(reason, frames.CALL, frame.message_id, None)
        try:
            if len(self._open) >= self._max_open_calls:
                raise OcppError(ErrorCode.GENERIC_ERROR, f"{len(self._open)} calls are still being answered")
            self._check_served(frame.action)
            request = self._decode(catalog.request_type(self.version, frame.action), frame.payload)
        except OcppError as error:
            answer = self._refusal(frame.message_id, error.code, error.description, error.details)
            raise _Unacceptable(error, frames.CALL, frame.message_id, answer) from None
        self._open[frame.message_id] = frame.action
        if self.quirks is not None and len(frame.message_id) > frames.MESSAGE_ID_LENGTH:
            self.quirks[Quirk.LONG_ID] += 1
        return CallReceived(frame.message_id, frame.action, request)

    def _accept_result(self, frame: CallResult) -> Event:
        call = self._outstanding
        if call is None or call.message_id != frame.message_id:
            return self._unmatched(ReplyUnmatched(frame.message_id))
        try:
            response = self._decode(catalog.response_type(self.version, call.action), frame.payload)
        except OcppError as error:
            answer = CallResultError(frame.message_id, error.code.wire(self.version), error.description)
            wanted = answer if self.version is Version.V21 else None
            raise _Unacceptable(error, frames.CALL_RESULT, frame.message_id, wanted) from None
        self._outstanding = None
        return ResultReceived(call.message_id, call.request, response)

    def _accept_error(self, frame: CallError) -> Event:
        code, description = _read_code(frame)
        call = self._outstanding
        if call is None or call.message_id != frame.message_id:
            return self._unmatched(ReplyUnmatched(frame.message_id, f"{code}: {description}"))
        self._outstanding = None
        return CallRefused(call.message_id, call.request, code, description, frame.details)

    def _unmatched(self, event: ReplyUnmatched) -> ReplyUnmatched:
        if self.quirks is not None:
            self.quirks[Quirk.UNASKED] += 1
        return event

    def _accept_send(self, frame: Send) -> Event:
        try:
            message = self._decode(catalog.send_type(self.version, frame.action), frame.payload)
            if self._serves is not None and frame.action not in self._serves:
                raise OcppError(ErrorCode.NOT_SUPPORTED, f"{frame.action} is not served here")
        except OcppError as error:
            raise _Unacceptable(error, frames.SEND, frame.message_id, None) from None
        return SendReceived(frame.action, message)

    def _decode(self, kind: type[Payload], payload: Raw) -> Payload:
        if self.quirks is None:
            return codec.decode(kind, payload)
        message, quirks = repair.decode(kind, payload)
        self.quirks.update(quirks)
        return message

    def _check_served(self, action: str) -> None:
        known = catalog.catalog(self.version)
        if action in known.sends:
            raise OcppError(ErrorCode.NOT_SUPPORTED, f"{action} is a SEND message, not a call")
        if action in known.calls and self._serves is not None and action not in self._serves:
            raise OcppError(ErrorCode.NOT_SUPPORTED, f"{action} is not served here")

    def _rejected(
        self,
        reason: OcppError,
        frame: str | bytes,
        now_s: float,
        message_id: str | None,
        message_type: int | None,
    ) -> list[Event]:
        events: list[Event] = [
            FrameRejected(
                code=reason.code,
                description=reason.description,
                excerpt=repr(frame[:EXCERPT_LENGTH]),
                message_id=message_id,
                close_code=self._close_code(message_id, now_s),
            )
        ]
        call = self._outstanding
        if message_type in _ANSWERS and call is not None and call.message_id == message_id:
            self._outstanding = None
            events.append(
                CallRefused(
                    call.message_id, call.request, reason.code, reason.description, answer_invalid=True
                )
            )
        return events

    def _close_code(self, message_id: str | None, now_s: float) -> int | None:
        if message_id is not None:
            return None
        times = self._unreadable_at
        times.append(now_s)
        flood = len(times) == MAX_UNREADABLE and now_s - times[0] < UNREADABLE_WINDOW_S
        return POLICY_VIOLATION if flood else None

    def _queue(self, answer: CallError | CallResultError | None) -> None:
        if answer is not None and len(self._ready) < self._max_queue:
            self._ready.append(frames.encode(answer))

    def _refusal(
        self, message_id: str, code: ErrorCode, description: str, details: Mapping[str, Any]
    ) -> CallError:
        wire = code.wire(self.version)
        return CallError(message_id, wire, description[: codec.DESCRIPTION_LENGTH], details)

    def _action(
        self, message: Payload, known: frozenset[str], type_of: Callable[[Version, str], type[Payload]]
    ) -> str:
        kind = type(message)
        action = catalog.action_of(kind)
        if action not in known or type_of(self.version, action) is not kind:
            raise TypeError(f"{kind.__qualname__} is not to be sent so with {self.version.value}")
        return action

    def _opened(self, message_id: str) -> str:
        self._check_open()
        action = self._open.get(message_id)
        if action is None:
            raise NoSuchCall(f"no call {message_id!r} is open")
        return action

    def _check_open(self) -> None:
        if self._closed:
            raise LinkClosed("the link is closed")


class _Unacceptable(Exception):
    """A well-formed frame whose content is refused, with the answer that it gets."""

    def __init__(
        self,
        reason: OcppError,
        message_type: int,
        message_id: str,
        answer: CallError | CallResultError | None,
    ) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.message_type = message_type
        self.message_id = message_id
        self.answer = answer


def _read_code(frame: CallError | CallResultError) -> tuple[ErrorCode, str]:
    """Return the code that the peer meant; one that no version defines becomes part of the description."""
    code = ErrorCode.read(frame.code)
    if code is None:
        return ErrorCode.GENERIC_ERROR, f"{frame.code}: {frame.description}"
    return code, frame.description
