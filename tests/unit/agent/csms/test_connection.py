from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from agent.csms.connection import CallFailed, Connection, _masked
from agent.csms.dialect import After, Reply
from agent.csms.v201.dialect import Dialect201
from ocppj.errors import ErrorCode, OcppError
from ocppj.link import MAX_QUEUE
from ocppj.messages import v201
from ocppj.messages.fields import Payload

HEARTBEAT = v201.HeartbeatRequest()
NOW = '{"currentTime":"2026-01-02T03:04:05Z"}'


@dataclass
class Peer:
    """The backend's end: frames that came, and a way to send any."""

    came: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    socket: ServerConnection | None = None
    here: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.here.set()
        try:
            async for frame in socket:
                await self.came.put(str(frame))
        except ConnectionClosed:
            return

    async def next_id(self) -> str:
        async with asyncio.timeout(5):
            return str(json.loads(await self.came.get())[1])

    async def says(self, text: str | bytes) -> None:
        assert self.socket is not None
        await self.socket.send(text)


@dataclass
class Ends:
    """Both ends of a connection, and what was to happen after answers."""

    connection: Connection
    peer: Peer
    follow_ups: list[tuple[str, After]]
    running: asyncio.Task[None]


async def accept_reset(_: str, __: Payload, ___: int) -> Reply:
    return Reply(v201.ResetResponse(status="Accepted"))


@asynccontextmanager
async def connected(
    answer: Callable[[str, Payload, int], Awaitable[Reply]] = accept_reset, *, log_frames: bool = False
) -> AsyncIterator[Ends]:
    peer = Peer()
    protocol = [Subprotocol("ocpp2.0.1")]
    async with serve(peer.serve, "127.0.0.1", 0, subprotocols=protocol) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}", subprotocols=protocol, proxy=None) as socket:
            follow_ups: list[tuple[str, After]] = []
            connection = Connection(
                socket,
                Dialect201(),
                answer,
                lambda action, after: follow_ups.append((action, after)),
                log_frames,
            )
            running = asyncio.create_task(connection.run())
            await peer.here.wait()
            yield Ends(connection, peer, follow_ups, running)
            await socket.close()
            await running


async def test_an_answer_reaches_its_caller() -> None:
    async with connected() as ends:
        calling = asyncio.create_task(ends.connection.call(HEARTBEAT, 5))
        await ends.peer.says(f'[3,"{await ends.peer.next_id()}",{NOW}]')
        assert await calling == v201.HeartbeatResponse(current_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


async def test_only_one_call_of_ours_is_open_at_a_time_and_the_others_keep_their_order() -> None:
    """OCPP 2.0.1 part 4, 4.1.1."""
    async with connected() as ends:
        calls = [
            asyncio.create_task(ends.connection.call(HEARTBEAT, 5, message_id=str(number)))
            for number in range(5)
        ]
        order: list[str] = []
        for _ in calls:
            order.append(await ends.peer.next_id())
            await asyncio.sleep(0.02)
            assert ends.peer.came.empty()
            await ends.peer.says(f'[3,"{order[-1]}",{NOW}]')
        await asyncio.gather(*calls)
    assert order == ["0", "1", "2", "3", "4"]


async def test_a_refusal_is_an_answer() -> None:
    async with connected() as ends:
        calling = asyncio.create_task(ends.connection.call(HEARTBEAT, 5))
        await ends.peer.says(f'[4,"{await ends.peer.next_id()}","SecurityError","not you",{{}}]')
        with pytest.raises(CallFailed, match="HeartbeatRequest refused: SecurityError not you") as failed:
            await calling
    assert (failed.value.is_answered, failed.value.is_disconnected) == (True, False)


async def test_an_answer_that_breaks_its_schema_is_an_answer_too() -> None:
    async with connected() as ends:
        calling = asyncio.create_task(ends.connection.call(HEARTBEAT, 5))
        await ends.peer.says(f'[3,"{await ends.peer.next_id()}",{{"currentTime":7}}]')
        with pytest.raises(CallFailed) as failed:
            await calling
    assert failed.value.is_answered


async def test_a_late_answer_is_nobodys(caplog: pytest.LogCaptureFixture) -> None:
    async with connected() as ends:
        with pytest.raises(CallFailed, match="not answered in time") as failed:
            await ends.connection.call(HEARTBEAT, 0.05)
        assert (failed.value.is_answered, failed.value.is_disconnected) == (False, False)
        await ends.peer.says(f'[3,"{await ends.peer.next_id()}",{NOW}]')
        calling = asyncio.create_task(ends.connection.call(HEARTBEAT, 5))
        await ends.peer.says(f'[3,"{await ends.peer.next_id()}",{NOW}]')
        await calling
    assert "answered nobody" in caplog.text


async def test_a_late_answer_to_a_resent_message_counts() -> None:
    """The same message id is the same fact."""
    async with connected() as ends:
        with pytest.raises(CallFailed):
            await ends.connection.call(HEARTBEAT, 0.05, message_id="same")
        resent = asyncio.create_task(ends.connection.call(HEARTBEAT, 5, message_id="same"))
        assert [await ends.peer.next_id(), await ends.peer.next_id()] == ["same", "same"]
        await ends.peer.says(f'[3,"same",{NOW}]')
        await resent


async def test_the_end_of_the_connection_fails_every_waiting_call() -> None:
    async with connected() as ends:
        calls = [asyncio.create_task(ends.connection.call(HEARTBEAT, 60)) for _ in range(3)]
        await ends.peer.next_id()
        assert ends.peer.socket is not None
        await ends.peer.socket.close()
        for failure in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(failure, CallFailed)
            assert failure.is_disconnected
        with pytest.raises(CallFailed) as after:
            await ends.connection.call(HEARTBEAT, 60)
        assert after.value.is_disconnected


async def test_what_breaks_its_own_schema_is_not_sent() -> None:
    async with connected() as ends:
        broken = v201.StatusNotificationRequest(
            timestamp=datetime(2026, 1, 1, tzinfo=UTC),
            connector_status="Sleepy",  # type: ignore[arg-type]  # the point
            evse_id=1,
            connector_id=1,
        )
        with pytest.raises(CallFailed, match="would break its schema"):
            await ends.connection.call(broken, 5)
        assert ends.peer.came.empty()


async def test_the_backends_call_is_answered_and_then_followed_up() -> None:
    async def restart() -> None:
        return

    async def answer(action: str, request: Payload, _: int) -> Reply:
        assert action == "Reset"
        assert isinstance(request, v201.ResetRequest)
        return Reply(v201.ResetResponse(status="Accepted"), restart)

    async with connected(answer) as ends:
        await ends.peer.says('[2,"1","Reset",{"type":"Immediate"}]')
        assert json.loads(await ends.peer.came.get()) == [3, "1", {"status": "Accepted"}]
        while not ends.follow_ups:
            await asyncio.sleep(0.001)
        assert ends.follow_ups == [("Reset", restart)]


async def refusal_of(
    text: str, answer: Callable[[str, Payload, int], Awaitable[Reply]] = accept_reset
) -> list[object]:
    async with connected(answer) as ends:
        await ends.peer.says(text)
        async with asyncio.timeout(5):
            refusal: list[object] = json.loads(await ends.peer.came.get())
        await ends.peer.says('[2,"still here","Reset",{"type":"Immediate"}]')
        if answer is accept_reset:
            assert json.loads(await ends.peer.came.get())[:2] == [3, "still here"]
        return refusal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[2,"1","Nonsense",{}]', "NotImplemented"),
        ('[2,"1","Heartbeat",{}]', "NotSupported"),
        ('[2,"1","Reset",{"type":"Sometime"}]', "PropertyConstraintViolation"),
        ('[2,"1","Reset",{}]', "OccurrenceConstraintViolation"),
        ('[2,"1","Reset",{"type":7}]', "TypeConstraintViolation"),
        ("nonsense", "RpcFrameworkError"),
        ('[9,"1",{}]', "MessageTypeNotSupported"),
    ],
)
async def test_what_the_backend_gets_wrong_is_refused_and_the_connection_goes_on(
    text: str, code: str
) -> None:
    refusal = await refusal_of(text)
    assert refusal[0] == 4
    assert refusal[2] == code


async def test_a_handler_that_refuses_says_why() -> None:
    async def refuse(_: str, __: Payload, ___: int) -> Reply:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, "too many")

    refusal = await refusal_of('[2,"1","Reset",{"type":"OnIdle"}]', refuse)
    assert refusal[:4] == [4, "1", "OccurrenceConstraintViolation", "too many"]


async def test_a_handler_that_breaks_down_is_an_internal_error_and_no_lost_link(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def break_down(_: str, __: Payload, ___: int) -> Reply:
        raise ZeroDivisionError

    refusal = await refusal_of('[2,"1","Reset",{"type":"OnIdle"}]', break_down)
    assert refusal[:3] == [4, "1", "InternalError"]
    assert "ZeroDivisionError" in caplog.text


async def test_many_frames_at_once_are_all_answered() -> None:
    async with connected() as ends:
        for number in range(50):
            await ends.peer.says(f'[2,"{number}","Reset",{{"type":"OnIdle"}}]')
        answers = {json.loads(await ends.peer.came.get())[1] for _ in range(50)}
    assert answers == {str(number) for number in range(50)}


async def test_a_flood_of_unreadable_frames_ends_the_connection() -> None:
    async with connected() as ends:
        for _ in range(150):
            await ends.peer.says("{")
        async with asyncio.timeout(5):
            await ends.running
        assert ends.peer.socket is not None
        await ends.peer.socket.wait_closed()
        assert ends.peer.socket.close_code == 1008


def set_variables(data: str) -> str:
    return f'[2,"1","SetVariables",{{"setVariableData":[{{{data}}}]}}]'


PLACE = '"component":{"name":"SecurityCtrlr"}'
SECRET_FRAMES = [
    set_variables(f'"attributeValue":"SECRET",{PLACE},"variable":{{"name":"BasicAuthPassword"}}'),
    set_variables(f'"attributeValue" : "SECRET",{PLACE},"variable":{{"name":"basicauthpassword"}}'),
    set_variables(f'"attributeValue":"a\\"SECRET",{PLACE},"variable":{{"name":"BasicAuthPassword"}}'),
    set_variables(f'"attributeValue":"SECRET",{PLACE},"variable":{{"name":"\\u0042asicAuthPassword"}}'),
    '[2,"1","SetVariables",{"variable":{"name":"BasicAuthPassword"},"attributeValue":"SECRET"}]',
    '[2,"1","SetVariables",{"variable":{"name":"BasicAuthPassword"},"attributeValue":"SECRET' + "x" * 200,
    '[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"password":"SECRET","key":"a\\"SECRET"}}}]',
    '[2,"1","SetVariables",{"variable":{"name":"BasicAuthPassword"},"attributeValue":"SECRET'
    + "a\\\\" * 20_000
    + "\\",
    '[2,"1","SetNetworkProfile",{"connectionData":{"apn":{"apnPassword" : "SECRET","apn":"a"}}}]',
    '[2,"1","SetNetworkProfile",{"connectionData":{"vpn":{"key":"SECRET' + "x" * 200,
]


@pytest.mark.parametrize("frame", SECRET_FRAMES)
async def test_passwords_are_never_logged(frame: str, caplog: pytest.LogCaptureFixture) -> None:
    """A01.FR.12: neither in the log of frames nor in what is said of a rejected one."""
    caplog.set_level(logging.DEBUG)
    async with connected(log_frames=True) as ends:
        await ends.peer.says(frame)
        await ends.peer.came.get()
    assert "ocpp < " in caplog.text
    agents = [record.getMessage() for record in caplog.records if record.name.startswith("agent")]
    assert not [text for text in agents if "SECRET" in text]


async def test_frames_are_logged_both_ways(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with connected(log_frames=True) as ends:
        await ends.peer.says('[2,"1","Reset",{"type":"OnIdle"}]')
        await ends.peer.came.get()
    assert 'ocpp < [2,"1","Reset",{"type":"OnIdle"}]' in caplog.text
    assert 'ocpp > [3,"1",{"status":"Accepted"}]' in caplog.text


async def test_a_call_that_nobody_gives_up_is_overdue() -> None:
    """What the watchdog is fed on: a backend that does not answer is no hang, calls that never end are."""
    async with connected() as ends:
        with pytest.raises(CallFailed):
            await ends.connection.call(HEARTBEAT, -60.0)
        assert not ends.connection.is_overdue
        assert ends.peer.socket is not None
        port = ends.peer.socket.local_address[1]
        async with connect(f"ws://127.0.0.1:{port}", subprotocols=[Subprotocol("ocpp2.0.1")]) as socket:
            stuck = Connection(socket, Dialect201(), accept_reset, lambda _, __: None, log_frames=False)
            calling = asyncio.create_task(stuck.call(HEARTBEAT, -60.0))
            while not stuck.is_overdue:
                await asyncio.sleep(0.001)
            calling.cancel()


async def test_a_full_queue_is_no_lost_link() -> None:
    """E12: the delivery ends with the link, and begins again with the next link only."""
    async with connected() as ends:
        waiting = [
            asyncio.create_task(ends.connection.call(HEARTBEAT, 60)) for _ in range(MAX_QUEUE + 1)
        ]  # one is on the wire
        await ends.peer.next_id()
        with pytest.raises(CallFailed) as caught:
            await ends.connection.call(HEARTBEAT, 60)
        assert not caught.value.is_disconnected
        assert not caught.value.is_answered
        for call in waiting:
            call.cancel()
        await asyncio.wait(waiting)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"location":"ftp://ann:p@ss@host/x"}', '{"location":"ftp://***@host/x"}'),
        ('{"location":"https:\\/\\/ann:secret@host\\/x"}', '{"location":"https:\\/\\/***@host\\/x"}'),
        ('{"location":"ftp://ann:secret\\u0040host/x"}', '{"location":"ftp://***@host/x"}'),
        ('{"mail":"ann@host","url":"https://host/x"}', '{"mail":"ann@host","url":"https://host/x"}'),
    ],
)
def test_logins_in_addresses_are_not_logged(text: str, masked: str) -> None:
    assert "secret" not in _masked(text)
    assert _masked(text) == masked
