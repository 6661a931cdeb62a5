"""Security profile 1, as the backend keeps to it."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from backend.csms.passwords import hash_password
from backend.db.tables import charging_stations
from tests.unit.backend.running import PASSWORD, Backend, authorization, charger


async def refused(
    backend: Backend, identity: str, headers: dict[str, str], path: str | None = None
) -> InvalidStatus:
    with pytest.raises(InvalidStatus) as caught:
        async with connect(path or f"{backend.ocpp_url}/{identity}", additional_headers=headers):
            pass
    return caught.value


async def test_the_right_password_connects(running: Backend) -> None:
    async with charger(running, boots=False) as station:
        assert station.socket.subprotocol == "ocpp2.0.1"


@pytest.mark.parametrize(
    ("identity", "headers", "why"),
    [
        ("CS-1", authorization("CS-1", "wrong"), "wrong password"),
        ("CS-9", authorization("CS-9"), "unknown; add it with: chargehand-backend station add"),
        ("CS-1", {}, "it sent no password"),
        ("CS-1", authorization("CS-2"), "its user name is 'CS-2'"),
        ("CS-1", {"Authorization": "Bearer x"}, "not HTTP Basic"),
        ("CS-1", {"Authorization": "Basic !"}, "not HTTP Basic"),
        ("CS-1", {"Authorization": "Basic /w=="}, "not HTTP Basic"),
        ("CS-1", {"Authorization": "Basic Q1MtMTr//g=="}, "not HTTP Basic"),  # CS-1:, then no UTF-8
    ],
)
async def test_anybody_else_gets_401_and_one_line_in_the_log(
    on_sqlite: Backend,
    identity: str,
    headers: dict[str, str],
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    caplog.clear()
    error = await refused(on_sqlite, identity, headers)
    assert error.response.status_code == 401
    assert error.response.headers["WWW-Authenticate"].startswith("Basic")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("backend")]
    assert len(lines) == 1
    assert why in lines[0]
    assert PASSWORD not in caplog.text


async def test_another_path_is_404(on_sqlite: Backend) -> None:
    for path in ("/", "/ocpp/", "/other/CS-1", "/ocpp/CS-1/more"):
        url = on_sqlite.ocpp_url.removesuffix("/ocpp") + path
        error = await refused(on_sqlite, "", authorization("CS-1"), url)
        assert error.response.status_code == 404


async def test_an_address_that_is_none_is_404_and_no_error_of_ours(
    on_sqlite: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever scans the port sends anything, and needs no password for it."""
    port = int(on_sqlite.ocpp_url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET //[/ocpp/CS-1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 404 ")
    writer.close()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_an_identity_with_other_characters_is_percent_encoded(on_sqlite: Backend) -> None:
    await on_sqlite.add_station("CS 1ä")
    async with connect(
        f"{on_sqlite.ocpp_url}/CS%201%C3%A4",
        subprotocols=["ocpp2.0.1"],  # type: ignore[list-item] # Subprotocol is a NewType of str
        additional_headers=authorization("CS 1ä"),
    ) as socket:
        assert socket.subprotocol == "ocpp2.0.1"


async def test_a_password_that_was_changed_counts_at_once(on_sqlite: Backend) -> None:
    """What is remembered of the old one belongs to the old hash."""
    async with charger(on_sqlite):
        pass
    changed = hash_password("another-password-of-30-letters", generated=True)
    await on_sqlite.database.write(
        lambda db: db.execute(charging_stations.update().values(password_hash=changed))
    )
    error = await refused(on_sqlite, "CS-1", authorization("CS-1"))
    assert error.response.status_code == 401


@pytest.mark.parametrize("offered", [[], ["ocpp1.5"]])
async def test_without_a_common_version_the_connection_is_closed_after_the_handshake(
    on_sqlite: Backend, offered: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """OCPP-J 2.0.1 section 3.1.2: no Sec-WebSocket-Protocol in the answer, then closed at once."""
    async with connect(
        f"{on_sqlite.ocpp_url}/CS-1",
        subprotocols=offered or None,  # type: ignore[arg-type] # Subprotocol is a NewType of str
        additional_headers=authorization("CS-1"),
    ) as socket:
        assert socket.subprotocol is None
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, "ocpp2.0.1" in caught.value.rcvd.reason) == (1002, True)
    assert "no OCPP version" in caplog.text


async def test_the_first_version_offered_that_is_spoken_is_chosen(on_sqlite: Backend) -> None:
    async with connect(
        f"{on_sqlite.ocpp_url}/CS-1",
        subprotocols=["ocpp9", "ocpp2.0.1"],  # type: ignore[list-item] # Subprotocol is a NewType of str
        additional_headers=authorization("CS-1"),
    ) as socket:
        assert socket.subprotocol == "ocpp2.0.1"


async def test_what_is_no_websocket_is_answered_and_not_logged_as_a_crash(
    on_sqlite: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(on_sqlite.ocpp_url.replace("ws:", "http:"))
    assert answer.status_code == 404
    assert "Traceback" not in caplog.text
