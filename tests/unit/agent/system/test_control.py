from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.system.control import ControlError, ControlServer, ask


async def echo(request: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"echo": request.get("text")}


async def refuse(_: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ControlError("not today")


async def break_down(_: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ZeroDivisionError


async def talk_much(_: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"text": "x" * 5_000_000}


COMMANDS = {"echo": echo, "refuse": refuse, "break": break_down, "much": talk_much}


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[Path]:
    async with ControlServer(path, COMMANDS).listening():
        yield path


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    async with listening(tmp_path / "run" / "agent.sock") as path:
        yield path


async def asked(path: Path, **request: Any) -> dict[str, Any]:
    return await asyncio.to_thread(ask, path, request, 5.0)


async def line(path: Path, text: bytes) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(path, limit=1_000_000)
    writer.write(text)
    answer: dict[str, Any] = json.loads(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_line_is_answered_with_a_line(path: Path) -> None:
    assert await asked(path, do="echo", text="häßlich\n") == {"echo": "häßlich\n"}


async def test_only_the_agents_group_may_open_it(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


async def test_a_refusal_reaches_the_technician(path: Path) -> None:
    with pytest.raises(ControlError, match="not today"):
        await asked(path, do="refuse")


async def test_a_command_that_breaks_down_is_logged_and_the_next_works(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ControlError, match="see the agent's log"):
        await asked(path, do="break")
    assert "ZeroDivisionError" in caplog.text
    assert await asked(path, do="echo", text="a") == {"echo": "a"}


@pytest.mark.parametrize(
    "text",
    [
        b"no JSON\n",
        b"[1]\n",
        b"{}\n",
        b'{"do": "dance"}\n',
        b'{"do": ["echo"]}\n',
        b'{"do": null}\n',
        b"\xff\n",
        b"\n",
    ],
)
async def test_nonsense_is_answered_with_what_is_expected(path: Path, text: bytes) -> None:
    assert await line(path, text) == {"error": "expected a JSON line with do = break, echo, much, refuse"}


async def test_a_line_that_is_too_long_is_answered(path: Path) -> None:
    assert await line(path, b"x" * 200_000 + b"\n") == {"error": "a request has at most 65536 bytes"}


async def test_a_client_that_never_reads_disturbs_nobody(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(str(path))
        client.sendall(b'{"do": "much"}\n')
        assert await asked(path, do="echo", text="a") == {"echo": "a"}


async def test_a_client_that_says_nothing_does_not_hold_up_the_end(tmp_path: Path) -> None:
    async with listening(tmp_path / "agent.sock") as path:
        reader, writer = await asyncio.open_unix_connection(path)
        assert await asked(path, do="echo", text="a") == {"echo": "a"}
    assert await reader.read() == b""
    writer.close()
    assert not path.exists()


async def test_a_socket_left_behind_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "agent.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    async with listening(path):
        assert await asked(path, do="echo", text="a") == {"echo": "a"}


async def test_a_socket_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ControlError, match=r"file.agent\.sock.*must belong to the agent's user"):
        async with listening(tmp_path / "file" / "agent.sock"):
            pass


def test_an_agent_that_does_not_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="is it running, and with this station file"):
        ask(tmp_path / "agent.sock", {"do": "status"})
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(tmp_path / "dead.sock"))
        with pytest.raises(ControlError, match="is it running"):
            ask(tmp_path / "dead.sock", {"do": "status"})


async def test_an_agent_that_dies_before_it_answers_is_said_so(tmp_path: Path) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_unix_server(hang_up, tmp_path / "agent.sock")
    with pytest.raises(ControlError, match=r"before it answered|cannot be asked"):
        await asked(tmp_path / "agent.sock", do="status")
    server.close()
