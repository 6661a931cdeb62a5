"""Messages as they can come over a WebSocket: whole, in fragments, early, broken."""

from __future__ import annotations

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed

from backend.csms.connection import StationConnection
from tests.unit.backend.running import Backend, Charger, charger

HEARTBEAT = '[2,"h","Heartbeat",{}]'


async def test_a_message_in_fragments_is_one_message(station: Charger) -> None:
    await station.socket.send(iter([HEARTBEAT[:5], HEARTBEAT[5:9], HEARTBEAT[9:]]))
    assert (await station.receive())[:2] == [3, "h"]
    await station.send(HEARTBEAT)
    assert (await station.receive())[:2] == [3, "h"]


async def test_a_binary_message_in_fragments_is_refused_like_a_whole_one(station: Charger) -> None:
    await station.socket.send(iter([b"\x00", b"\x01"]))
    assert (await station.receive())[:3] == [4, "-1", "RpcFrameworkError"]


@pytest.mark.parametrize("parts", [[b'[2,"\xff"'], [b'[2,"', b'\xff"']], ids=["whole", "fragments"])
async def test_text_that_is_no_utf_8_ends_the_connection(station: Charger, parts: list[bytes]) -> None:
    """RFC 6455 section 8.1: close code 1007."""
    await station.socket.send(parts[0] if len(parts) == 1 else iter(parts), text=True)
    with pytest.raises(ConnectionClosed) as caught:
        await station.receive()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1007


async def test_what_comes_right_after_the_handshake_is_answered_in_order(on_sqlite: Backend) -> None:
    boot = {"reason": "PowerUp", "chargingStation": {"model": "M", "vendorName": "V"}}
    async with charger(on_sqlite) as known:
        await known.call("Heartbeat", {})
    async with charger(on_sqlite, boots=False) as station:
        await asyncio.gather(
            station.send([2, "1", "BootNotification", boot]), *(station.send(HEARTBEAT) for _ in range(3))
        )
        answers = [await station.receive() for _ in range(4)]
    assert sorted(answer[1] for answer in answers) == ["1", "h", "h", "h"]
    assert {answer[0] for answer in answers} == {3}


async def test_a_bug_of_ours_ends_that_connection_only(
    on_sqlite: Backend, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await on_sqlite.add_station("CS-2")
    real = StationConnection._received

    def breaking(self: StationConnection, frame: str | bytes) -> None:
        if "break" in str(frame):
            raise RuntimeError("a bug")
        real(self, frame)

    monkeypatch.setattr(StationConnection, "_received", breaking)
    async with charger(on_sqlite) as first, charger(on_sqlite, "CS-2") as second:
        await first.send(json.dumps(["break"]))
        with pytest.raises(ConnectionClosed) as caught:
            await first.receive()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1011
        assert "currentTime" in await second.call("Heartbeat", {})
    assert "a message could not be handled" in caplog.text
