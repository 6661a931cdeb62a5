from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from agent.csms.opening import Access, OpeningFailed, open_socket
from agent.network.profiles import NetworkProfile
from agent.security.service import Given
from tests.conformance.kit import Csms
from tests.unit.agent.security.vaults import safe

Fail = Callable[[str], Awaitable[str]]


@asynccontextmanager
async def access(path: Path, password: str = "a-password-of-16") -> AsyncIterator[Access]:
    async with safe(path, Given(serial="SN-1", password=password)) as here:
        credentials = here.security.credentials
        yield Access(station_id="CH/1", credentials=credentials, log_frames=False)


@pytest.fixture
async def failure(tmp_path: Path) -> AsyncIterator[Fail]:
    async with access(tmp_path) as known:

        async def fail(url: str) -> str:
            secure = url.startswith("wss:")
            with pytest.raises(OpeningFailed) as failed:
                await open_socket(NetworkProfile(url=url, security=2 if secure else 1), known, ("ocpp2.0.1",))
            return str(failed.value)

        yield fail


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (HTTPStatus.UNAUTHORIZED, "does not take this station's password"),
        (HTTPStatus.FORBIDDEN, "does not let this station in"),
        (HTTPStatus.NOT_FOUND, "no station of this id, or no OCPP, at this address"),
        (HTTPStatus.UPGRADE_REQUIRED, "another version of OCPP or HTTP"),
        (HTTPStatus.BAD_GATEWAY, "nothing to do here"),
        (HTTPStatus.IM_A_TEAPOT, "check the url"),
    ],
)
async def test_what_an_http_answer_means(status: HTTPStatus, advice: str, failure: Fail) -> None:
    async with Csms(refuse_with=status) as csms:
        words = await failure(csms.url)
    assert words.startswith(f"HTTP {status.value}: ")
    assert advice in words


async def test_a_redirect_is_told_and_not_followed(failure: Fail) -> None:
    """The credentials go to no address that nobody has set."""
    async with Csms() as elsewhere, Csms(redirect_to=elsewhere.url) as csms:
        words = await failure(csms.url)
        assert f"HTTP 307: it redirects to {elsewhere.url}, which is not followed" in words
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        (None, "does not speak ocpp2.0.1 at this address"),
        ("ocpp1.6", "HTTP 400: it does not take the request"),
    ],
)
async def test_a_backend_of_another_version(spoken: str | None, words: str, failure: Fail) -> None:
    """Part 4, 3.2: without the version in the answer there is no connection."""
    async with Csms(subprotocol=spoken) as csms:
        assert words in await failure(csms.url)
    assert csms.received == []


async def test_nobody_there_and_no_such_name(failure: Fail) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert "nobody listens" in await failure(f"ws://127.0.0.1:{port}/ocpp")
    assert "cannot be resolved" in await failure("ws://backend.invalid/ocpp")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "closed without an answer, as by a proxy whose backend is away; if that lasts, check host"),
        (b"HTTP/1.1 101 Swit", "closed without an answer"),
        (b"\x15\x03\x01\x00\x02\x02\x46\r\n", "no HTTP; check host and port of the url, and whether TLS"),
    ],
)
async def test_a_server_that_answers_nothing_or_something_else(
    answer: bytes, words: str, failure: Fail
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert words in await failure(f"ws://127.0.0.1:{port}/ocpp")


async def test_a_plain_server_at_a_tls_address(failure: Fail) -> None:
    async with Csms() as csms:
        assert "check that TLS is spoken at this address" in await failure(csms.url.replace("ws:", "wss:"))


async def test_without_a_password_no_credentials_are_sent(tmp_path: Path) -> None:
    async with Csms() as csms, access(tmp_path, password="") as nameless:
        opened = await open_socket(NetworkProfile(url=csms.url, security=1), nameless, ("ocpp2.0.1",))
        await opened.close()
    assert "Authorization" not in csms.requests[0]
    assert csms.paths == ["/ocpp/CH%2F1"]
