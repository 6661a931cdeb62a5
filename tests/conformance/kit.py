"""A scripted CSMS: answers as told or misbehaves, records every frame, and holds each against the schemas.

The schemas are those of the `ocpp` package, not of the code under test.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from ocpp.messages import MessageType, get_validator  # type: ignore[import-untyped]  # the package ships no types
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

VERSION = os.environ.get("CHARGEHAND_OCPP", "2.0.1")
"""What a CSMS speaks that was not told otherwise: what holds for 2.0.1 holds for 2.1, too."""
CALL_RESULT_ERROR, SEND = 5, 6
"""The message types that OCPP 2.1 adds; the package has no names for them."""
PATIENCE_S = 45.0
"""For whatever must come: an agent that restarts imports everything anew, and a busy machine is slow."""

Payload = dict[str, Any]
Where = Callable[[Payload], bool]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer with a CALLERROR."""

    code: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """Answer with this text, whatever it is; {id} stands for the message id."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Do not answer."""


Answer = Payload | Refuse | Raw | Silence
Script = Answer | Callable[[Payload], Answer | None]
"""An answer, or what makes one; None leaves it at the usual one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was on the wire."""

    by_station: bool
    at_s: float
    text: str

    @property
    def message(self) -> list[Any]:
        """The frame's elements."""
        message: list[Any] = json.loads(self.text)
        return message


@dataclass(frozen=True, slots=True)
class Received:
    """One call of the station's; its payload kept to the schema."""

    message_id: str
    action: str
    payload: Payload
    at_s: float
    connection: int


class Refused(Exception):
    """The station answered with a CALLERROR."""

    def __init__(self, code: str, description: str, details: Payload) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.details = details


@dataclass(kw_only=True)
class Csms:
    """Listens while it is entered. What is public may be changed at any time."""

    script: dict[str, Script] = field(default_factory=dict)
    """Action to answer; what is missing gets the usual one."""
    tokens: dict[str, Payload] = field(default_factory=dict)
    """IdToken to idTokenInfo; any other is Unknown."""
    subprotocol: str | None = f"ocpp{VERSION}"
    version: str = VERSION
    """Whose schemas hold."""
    refuse_with: HTTPStatus | None = None
    """Refuse new connections with this HTTP status."""
    takes: Callable[[Headers], bool] = lambda _: True
    """Whether to let in who introduces itself so; others get 401."""
    redirect_to: str | None = None
    """Send new connections to this address instead."""
    closes_at_once: bool = False
    boot_interval_s: int = 300
    clock_offset: timedelta = timedelta()

    frames: list[Frame] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    requests: list[Headers] = field(default_factory=list)
    """The headers of every attempt to connect."""
    paths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare; nothing listens yet."""
        self._server: Server | None = None
        self._place: socket.socket | None = None
        self._connection: ServerConnection | None = None
        self._connections = 0
        self.numbers: dict[str, int] = {}
        """The transaction ids of OCPP 1.6, by the message that asked for one: asked again it is the same."""
        self._fresh: list[Received] = []
        self._news = asyncio.Condition()
        self._open: dict[str, asyncio.Future[list[Any]]] = {}
        self.refused_answers: list[list[Any]] = []
        """The frames with which the station said that an answer of ours is none (OCPP 2.1)."""
        self.failures: list[str] = []
        """What the station did against the schemas or the framing rules."""

    async def __aenter__(self) -> Self:
        await self.listen(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.close()
        finally:
            self._leave()
        assert not self.failures, self.failures

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return _port_of(next(iter(self._server.sockets)))

    @property
    def url(self) -> str:
        """What goes into the station file."""
        return f"ws://127.0.0.1:{self.port}/ocpp"

    @property
    def is_connected(self) -> bool:
        """Whether a station is connected now."""
        return self._connection is not None

    @property
    def connections(self) -> int:
        """How many connections there have been."""
        return self._connections

    async def listen(self, port: int) -> None:
        """Begin to listen on a port, 0 any new one; it stays ours until we listen on another or are left.

        While we are away it is given to nobody else: another test's server would get our station.
        """
        if port == 0 or self._place is None or _port_of(self._place) != port:
            self._leave()
            self._place = _place(port)
        protocols = None if self.subprotocol is None else [Subprotocol(self.subprotocol)]
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            _port_of(self._place),
            subprotocols=protocols,
            reuse_port=True,
            process_request=self._admit,
            ping_interval=None,
            close_timeout=1,
        )

    async def close(self) -> None:
        """Go away: no connection, nobody listens."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _leave(self) -> None:
        if self._place is not None:
            self._place.close()
            self._place = None

    async def drop(self) -> None:
        """Cut the connection without a word (RST); the station may come back at once."""
        if self._connection is not None:
            self._connection.transport.abort()
        await self.until(lambda: not self.is_connected)

    # what the station says

    async def expect(
        self, action: str, where: Where | None = None, *, timeout_s: float = PATIENCE_S
    ) -> Received:
        """Return the first call of this action that no earlier expectation has taken.

        Raises:
            AssertionError: If it does not come; the message shows what came instead.
        """

        def found() -> Received | None:
            for call in self._fresh:
                if call.action == action and (where is None or where(call.payload)):
                    return call
            return None

        try:
            async with asyncio.timeout(timeout_s), self._news:
                while (call := found()) is None:
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {action} came; still unexpected: {self._describe()}") from None
        self._fresh.remove(call)
        return call

    async def event(self, *, timeout_s: float = PATIENCE_S, **wanted: str) -> Payload:
        """Return the next transaction event with these members, such as eventType="Ended"."""
        call = await self.expect(
            "TransactionEvent",
            lambda payload: all(_member(payload, name) == value for name, value in wanted.items()),
            timeout_s=timeout_s,
        )
        return call.payload

    async def nothing_more(self, within_s: float, *actions: str) -> None:
        """Check that no call that is not taken yet comes: of these actions, or any but security events."""
        deadline_s = time.monotonic() + within_s
        async with self._news:
            while (left_s := deadline_s - time.monotonic()) > 0:
                unwanted = [call for call in self._fresh if _is_unwanted(call, actions)]
                assert not unwanted, f"unexpected: {[(call.action, call.payload) for call in unwanted]}"
                try:
                    async with asyncio.timeout(left_s):
                        await self._news.wait()
                except TimeoutError:
                    return

    async def until(self, holds: Callable[[], bool], *, timeout_s: float = PATIENCE_S) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(timeout_s):
            while not holds():
                await asyncio.sleep(0.01)

    def forget(self) -> None:
        """Take every call that has come so far."""
        self._fresh.clear()

    def calls(self, *actions: str) -> list[Received]:
        """Return every call of these actions since the beginning."""
        return [call for call in self.received if not actions or call.action in actions]

    def events(self, transaction_id: str | None = None) -> list[Payload]:
        """Return every transaction event that came, in order, without resends."""
        seen: dict[str, Payload] = {}
        for call in self.calls("TransactionEvent"):
            seen.setdefault(call.message_id, call.payload)
        return [
            event
            for event in seen.values()
            if transaction_id in (None, event["transactionInfo"]["transactionId"])
        ]

    # what we say

    async def call(self, action: str, payload: Payload, *, timeout_s: float = PATIENCE_S) -> Payload:
        """Call the station and return its answer, which must keep to the schema.

        Raises:
            Refused: If it answers with a CALLERROR.
        """
        self._validator(MessageType.Call, action).validate(payload)
        message = await self.raw_call([2, str(uuid.uuid4()), action, payload], timeout_s=timeout_s)
        if message[0] == MessageType.CallError:
            raise Refused(*message[2:])
        self._validator(MessageType.CallResult, action).validate(message[2])
        answer: Payload = message[2]
        return answer

    async def raw_call(self, message: Sequence[Any], *, timeout_s: float = PATIENCE_S) -> list[Any]:
        """Send a frame as it is and return the answer to its message id."""
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._open[str(message[1])] = answer
        await self.send(json.dumps(message))
        async with asyncio.timeout(timeout_s):
            return await answer

    async def send(self, text: str | bytes) -> None:
        """Send a frame, however wrong it is."""
        assert self._connection is not None, "no station is connected"
        if isinstance(text, str):
            self.frames.append(Frame(False, time.monotonic(), text))
        await self._connection.send(text)

    # the server

    async def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request.headers)
        self.paths.append(request.path)
        await self._tell()
        if self.redirect_to is not None:
            elsewhere = connection.respond(HTTPStatus.TEMPORARY_REDIRECT, "there\n")
            elsewhere.headers["Location"] = self.redirect_to
            return elsewhere
        if self.refuse_with is not None:
            return connection.respond(self.refuse_with, "no\n")
        if not self.takes(request.headers):
            return connection.respond(HTTPStatus.UNAUTHORIZED, "no\n")
        return None

    async def _serve(self, connection: ServerConnection) -> None:
        if self.closes_at_once:
            return
        self._connection = connection
        self._connections += 1
        await self._tell()
        try:
            async for frame in connection:
                await self._take(connection, frame)
        except ConnectionClosed:
            pass
        finally:
            if self._connection is connection:
                self._connection = None
            await self._tell()

    async def _take(self, connection: ServerConnection, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.failures.append("a binary frame")
            return
        self.frames.append(Frame(True, time.monotonic(), frame))
        message = json.loads(frame)
        match message:
            case [MessageType.Call, str(message_id), str(action), dict(payload)]:
                await self._take_call(connection, message_id, action, payload)
            case [int(kind), str(message_id), str(action), dict(payload)] if (kind, self.version) == (
                SEND,
                "2.1",
            ):
                self._take_in(kind, message_id, action, payload)
            case [int(kind), str(), str(), str(), dict()] if (kind, self.version) == (
                CALL_RESULT_ERROR,
                "2.1",
            ):
                self.refused_answers.append(message)
            case [MessageType.CallResult | MessageType.CallError, str(message_id), *_]:
                answer = self._open.pop(message_id, None)
                if answer is not None and not answer.done():
                    answer.set_result(message)
            case _:
                self.failures.append(f"no OCPP frame: {frame}")
        await self._tell()

    async def _take_call(
        self, connection: ServerConnection, message_id: str, action: str, payload: Payload
    ) -> None:
        text = self._answer(self._take_in(MessageType.Call, message_id, action, payload))
        if text is not None:
            self.frames.append(Frame(False, time.monotonic(), text))
            with suppress(ConnectionClosed):  # what else it said before it went is still to be taken
                await connection.send(text)

    def _take_in(self, kind: int, message_id: str, action: str, payload: Payload) -> Received:
        for problem in self._validator(kind, action).iter_errors(payload):
            self.failures.append(f"{action}: {problem.message} in {payload}")
        call = Received(message_id, action, payload, time.monotonic(), self._connections)
        self.received.append(call)
        self._fresh.append(call)
        return call

    def _answer(self, call: Received) -> str | None:
        script = self.script.get(call.action)
        answer = script(call.payload) if callable(script) else script
        match self._usual(call) if answer is None else answer:
            case Refuse(code, description):
                return json.dumps([4, call.message_id, code, description, {}])
            case Raw(text):
                return text.replace("{id}", call.message_id)
            case Silence():
                return None
            case payload:
                return json.dumps([3, call.message_id, payload])

    def _usual(self, call: Received) -> Payload:
        payload = call.payload
        match call.action:
            case "BootNotification":
                return self.boot("Accepted", self.boot_interval_s)
            case "Heartbeat":
                return {"currentTime": self.now()}
            case "Authorize" if "idTag" in payload:
                return {"idTagInfo": self.token_info({"idToken": payload["idTag"]}, "Invalid")}
            case "Authorize":
                return {"idTokenInfo": self.token_info(payload["idToken"])}
            case "StartTransaction":
                number = self.numbers.setdefault(call.message_id, len(self.numbers) + 1)
                known = self.token_info({"idToken": payload["idTag"]}, "Invalid")
                return {"transactionId": number, "idTagInfo": known}
            case "TransactionEvent" if "idToken" in payload:
                return {"idTokenInfo": self.token_info(payload["idToken"])}
            case _:
                return {}

    def boot(self, status: str, interval_s: int) -> Payload:
        """Return an answer to BootNotification."""
        return {"currentTime": self.now(), "interval": interval_s, "status": status}

    def now(self) -> str:
        """Return our time as OCPP writes it."""
        at = datetime.now(UTC) + self.clock_offset
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def token_info(self, id_token: Mapping[str, str], unknown: str = "Unknown") -> Payload:
        """Return what we know of a token."""
        return self.tokens.get(id_token["idToken"], {"status": unknown})

    def _validator(self, kind: int, action: str) -> Any:
        return get_validator(kind, action, self.version)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _describe(self) -> str:
        return "; ".join(f"{call.action} {json.dumps(call.payload)}" for call in self._fresh) or "nothing"


def _place(port: int) -> socket.socket:
    """Return a socket that has this port (0 any), and does not listen: only who names the port may."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    place.bind(("127.0.0.1", port))
    return place


def _port_of(opened: socket.socket) -> int:
    port: int = opened.getsockname()[1]
    return port


def _is_unwanted(call: Received, actions: Sequence[str]) -> bool:
    return call.action in actions if actions else call.action != "SecurityEventNotification"


def _member(payload: Payload, name: str) -> Any:
    return payload.get(name, payload["transactionInfo"].get(name))
