"""Messages as they can come over a WebSocket: whole, in fragments, early, broken."""

from __future__ import annotations

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

from backend.csms.connection import StationConnection
from backend.csms.server import MAX_MESSAGE_BYTES
from backend.csms.socket import StationSocket
from tests.unit.backend.csms.wire import Wire, binary, ping, rest, text, wire
from tests.unit.backend.running import PATIENCE_S, Backend, Charger, charger

HEARTBEAT = '[2,"h","Heartbeat",{}]'


def heartbeat(message_id: str, padding: int = 0) -> str:
    """Return a call that is answered at once, so that answers come in the order of the calls."""
    return f'[2,"{message_id}","Heartbeat",{{{" " * padding}}}]'


STREAM = (
    text(heartbeat("whole"))
    + ping(b"first")
    + text(heartbeat("parts")[:9], fin=False)
    + ping(b"between")
    + rest(heartbeat("parts")[9:20], fin=False)
    + rest(heartbeat("parts")[20:])
    + binary(b"\x00\x01")
    + text(heartbeat("after"))
    + ping(b"last")
)
ANSWERS = [[3, "whole"], [3, "parts"], [4, "-1"], [3, "after"]]
CUTS_PER_CONNECTION = 50
"""A hundred binary frames in a minute would end the connection."""


@pytest.fixture
async def known(on_sqlite: Backend) -> Backend:
    """A backend that has accepted CS-1, which may send anything as soon as it is connected."""
    async with charger(on_sqlite):
        return on_sqlite


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the backend's sockets were handed."""
    noted: list[bytes] = []
    real = StationSocket.data_received

    def noting(self: StationSocket, data: bytes) -> None:
        noted.append(data)
        real(self, data)

    monkeypatch.setattr(StationSocket, "data_received", noting)
    return noted


async def write_in_two(station: Wire, data: bytes, cut: int, pieces: list[bytes]) -> None:
    """Write the bytes before the cut, and the others once the backend has taken those."""
    pieces.clear()
    station.write(data[:cut])
    async with asyncio.timeout(PATIENCE_S):
        while sum(map(len, pieces)) < cut:
            await asyncio.sleep(0)
    station.write(data[cut:])


@pytest.mark.parametrize("left", [1, 12, 25, 28])
async def test_frames_in_the_packet_of_the_handshake(known: Backend, pieces: list[bytes], left: int) -> None:
    """The last one is cut: before its last byte, in its payload, in its mask, in its header."""
    frames = b"".join(text(heartbeat(f"h{n}")) for n in range(5))
    async with wire(known.ocpp_url) as station:
        first = station.request("CS-1") + frames[:-left]
        station.write(first)
        await station.accepted()
        answers = await station.answers(4)
        assert pieces == [first]
        station.write(frames[-left:] + text(heartbeat("h5")))
        answers += await station.answers(2)
        station.write(text(heartbeat("h6")))
        answers += await station.answers(1)
        assert [answer[:2] for answer in answers] == [[3, f"h{n}"] for n in range(7)]
        station.write(ping(b"last"))
        assert await station.frame() == (Opcode.PONG, b"last")


@pytest.mark.parametrize("start", range(1, len(STREAM), CUTS_PER_CONNECTION))
async def test_a_stream_may_be_cut_anywhere(known: Backend, pieces: list[bytes], start: int) -> None:
    async with wire(known.ocpp_url) as station:
        station.write(station.request("CS-1"))
        await station.accepted()
        for cut in range(start, min(start + CUTS_PER_CONNECTION, len(STREAM))):
            await write_in_two(station, STREAM, cut, pieces)
            frames = [await station.frame() for _ in range(len(ANSWERS) + 3)]
            answers = [json.loads(data)[:2] for opcode, data in frames if opcode is Opcode.TEXT]
            pongs = [data for opcode, data in frames if opcode is Opcode.PONG]
            assert (cut, answers, pongs) == (cut, ANSWERS, [b"first", b"between", b"last"])


async def test_a_stream_may_come_byte_by_byte(known: Backend) -> None:
    async with wire(known.ocpp_url) as station:
        station.write(station.request("CS-1"))
        await station.accepted()
        for place in range(len(STREAM)):
            station.write(STREAM[place : place + 1])
            await asyncio.sleep(0)
        frames = [await station.frame() for _ in range(len(ANSWERS) + 3)]
        assert [json.loads(data)[:2] for opcode, data in frames if opcode is Opcode.TEXT] == ANSWERS


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 6, 8, 9, 150, 300])
async def test_a_length_of_16_bits(known: Backend, pieces: list[bytes], cut: int) -> None:
    """Whole, and cut in its header, its length, its mask and its payload."""
    long = text(heartbeat("long", padding=300))
    assert long[1] == 0x80 | 126
    async with wire(known.ocpp_url) as station:
        station.write(station.request("CS-1"))
        await station.accepted()
        station.write(long)
        assert [answer[:2] for answer in await station.answers(1)] == [[3, "long"]]
        await write_in_two(station, long + text(heartbeat("short")), cut, pieces)
        assert [answer[:2] for answer in await station.answers(2)] == [[3, "long"], [3, "short"]]


@pytest.mark.parametrize("parts", [1, 2], ids=["whole", "fragments"])
async def test_an_oversized_message_ends_the_connection(known: Backend, parts: int) -> None:
    """Close code 1009; a charger that connects again is served."""
    huge = heartbeat("huge", padding=MAX_MESSAGE_BYTES)
    middle = len(huge) // 2
    frames = text(huge) if parts == 1 else text(huge[:middle], fin=False) + rest(huge[middle:])
    async with wire(known.ocpp_url) as station:
        station.write(station.request("CS-1"))
        await station.accepted()
        station.write(text(heartbeat("before")))
        assert [answer[:2] for answer in await station.answers(1)] == [[3, "before"]]
        station.write(frames + text(heartbeat("after")))
        opcode, data = await station.frame()
        assert (opcode, int.from_bytes(data[:2])) == (Opcode.CLOSE, 1009)
    async with charger(known) as again:
        assert "currentTime" in await again.call("Heartbeat", {})


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
