"""Frames over a real socket: the right answer to each, and the connection goes on."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from websockets.exceptions import ConnectionClosed

from backend.csms.connection import MAX_ANSWERING
from backend.csms.incoming import Answer, Awaited, Incoming
from backend.db.engine import Database
from backend.db.tables import charging_stations, transaction_events
from ocppj.messages import v201
from tests.unit.backend.csms.servers import csms
from tests.unit.backend.databases import fresh_url
from tests.unit.backend.running import (
    PATIENCE_S,
    Backend,
    Charger,
    Refused,
    backend,
    charger,
    transaction_event,
)


async def heartbeat(station: Charger) -> None:
    """The connection goes on."""
    assert "currentTime" in await station.call("Heartbeat", {})


async def receive_all(station: Charger) -> None:
    while True:
        await station.receive()


async def wait_until(check: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await check():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("frame", "message_id", "code"),
    [
        ("what", "-1", "RpcFrameworkError"),
        ("[]", "-1", "RpcFrameworkError"),
        ("{}", "-1", "RpcFrameworkError"),
        (b"\x00\x01", "-1", "RpcFrameworkError"),
        ('[2,"a","Heartbeat"', "a", "FormatViolation"),
        ('[2,"a","Heartbeat",{}]]', "a", "FormatViolation"),
        ('[2,"a","Heartbeat"]', "a", "RpcFrameworkError"),
        ('[9,"a","Heartbeat",{}]', "a", "MessageTypeNotSupported"),
        ('[2,"a","NoSuchAction",{}]', "a", "NotImplemented"),
        ('[2,"a","RequestStartTransaction",{}]', "a", "NotSupported"),
        ('[2,"a","Heartbeat",[]]', "a", "ProtocolError"),
        ('[2,"a","Heartbeat",{"x":1}]', "a", "FormatViolation"),
        ('[2,"a","Authorize",{}]', "a", "OccurrenceConstraintViolation"),
        ('[2,"a","Authorize",{"idToken":7}]', "a", "TypeConstraintViolation"),
        ('[2,"a","Authorize",{"idToken":{"idToken":"x","type":"Ring"}}]', "a", "PropertyConstraintViolation"),
        (
            '[2,"a","DataTransfer",{"vendorId":"x","data":' + "[" * 100 + "]" * 100 + "}]",
            "a",
            "FormatViolation",
        ),
        ('[2,"a","DataTransfer",{"vendorId":"x","data":"' + "x" * 70_000 + '"}]', "a", "FormatViolation"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_bad_frame_gets_its_error_is_logged_once_and_the_connection_goes_on(
    station: Charger,
    frame: str | bytes,
    message_id: str,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(3):
        await station.send(frame)
        answer = await station.receive()
        assert answer[:3] == [4, message_id, code]
    await heartbeat(station)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1, caplog.text
    assert "CS-1" in warnings[0].getMessage()


async def test_a_message_beyond_all_limits_ends_the_connection(station: Charger) -> None:
    """Close code 1009, message too big (RFC 6455 section 7.4.1)."""
    await station.send('"' + "x" * 1_100_000 + '"')
    with pytest.raises(ConnectionClosed) as caught:
        await station.receive()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1009


async def test_a_flood_of_unreadable_frames_ends_the_connection(station: Charger) -> None:
    with suppress(ConnectionClosed):
        for _ in range(200):
            await station.send("what")
    with pytest.raises(ConnectionClosed) as caught:
        await receive_all(station)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1008


async def test_a_message_id_that_is_still_being_answered_is_not_taken_twice(
    station: Charger, on_sqlite: Backend
) -> None:
    payload = transaction_event(0)
    frame = json.dumps([2, "same", "TransactionEvent", payload])
    await asyncio.gather(station.send(frame), station.send(frame))
    assert await station.receive() == [3, "same", {}]
    await heartbeat(station)
    count = await on_sqlite.database.read(
        lambda db: db.execute(select(func.count()).select_from(transaction_events)).scalar_one()
    )
    assert count == 1


async def test_an_answer_to_nothing_is_logged_and_ignored(
    station: Charger, caplog: pytest.LogCaptureFixture
) -> None:
    await station.send([3, "unknown", {}])
    await station.send([4, "unknown", "GenericError", "", {}])
    await heartbeat(station)
    assert "an answer to nothing" in caplog.text


async def test_several_calls_at_once_are_all_answered(station: Charger) -> None:
    """A liberal backend: the standard allows a charger one at a time."""
    for n in range(20):
        await station.send([2, f"m-{n}", "TransactionEvent", transaction_event(n)])
    answers = [await station.receive() for _ in range(20)]
    assert {answer[1] for answer in answers} == {f"m-{n}" for n in range(20)}
    assert {answer[0] for answer in answers} == {3}


async def test_before_an_accepted_boot_nothing_else_is_served(on_sqlite: Backend) -> None:
    """B01.FR.10, TC_B_30."""
    async with charger(on_sqlite, boots=False) as station:
        with pytest.raises(Refused) as caught:
            await station.call("Heartbeat", {})
        assert caught.value.code == "SecurityError"
        await station.boot()
        await heartbeat(station)


async def test_a_station_that_only_lost_its_connection_need_not_boot_again(on_sqlite: Backend) -> None:
    async with charger(on_sqlite):
        pass
    async with charger(on_sqlite, boots=False) as station:
        await heartbeat(station)


@pytest.mark.parametrize("registration", ["Pending", "Rejected"])
async def test_a_station_that_is_not_accepted_is_told_so(on_sqlite: Backend, registration: str) -> None:
    """B02.FR.01, B03.FR.01, TC_B_02, TC_B_03; with the time until the next try."""
    await on_sqlite.add_station("CS-2", registration=registration)
    async with charger(on_sqlite, "CS-2", boots=False) as station:
        answer = await station.boot()
        assert (answer["status"], answer["interval"]) == (registration, 60)
        with pytest.raises(Refused) as caught:
            await station.call("Authorize", {"idToken": {"idToken": "x", "type": "ISO14443"}})
        assert caught.value.code == "SecurityError"


async def test_a_second_connection_takes_over_and_the_first_is_closed(
    on_sqlite: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """Chargers come back before the backend has noticed that they were gone."""
    caplog.set_level(logging.INFO)
    async with charger(on_sqlite) as first, charger(on_sqlite) as second:
        with pytest.raises(ConnectionClosed) as caught:
            await first.receive()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.reason == "replaced by a newer connection"
        await heartbeat(second)
        assert (await on_sqlite.get("charging-stations/CS-1"))["online"] is True
    assert "CS-1 connected again" in caplog.text

    async def gone() -> bool:
        return not (await on_sqlite.get("charging-stations/CS-1"))["online"]

    await wait_until(gone)


async def test_what_the_first_connection_sent_is_stored_and_answered_again_on_the_second(
    on_sqlite: Backend,
) -> None:
    payload = transaction_event(0, wh=100)
    async with charger(on_sqlite) as first:
        await first.send([2, "m-0", "TransactionEvent", payload])
        async with charger(on_sqlite) as second:
            assert await second.call("TransactionEvent", payload, "m-0") == {}
    rows = await on_sqlite.database.read(
        lambda db: db.execute(select(transaction_events.c.message_id)).scalars().all()
    )
    assert rows == ["m-0"]


async def test_fifty_stations_come_back_at_once(on_sqlite: Backend) -> None:
    """Each twice, the second time while the first connection is still there."""
    for n in range(50):
        await on_sqlite.add_station(f"ST-{n}")

    async def come_back(n: int) -> None:
        async with (
            charger(on_sqlite, f"ST-{n}") as first,
            charger(on_sqlite, f"ST-{n}", boots=False) as again,
        ):
            await again.call("TransactionEvent", transaction_event(0, transaction_id=f"T-{n}"))
            assert first.identity == again.identity

    await asyncio.gather(*(come_back(n) for n in range(50)))
    count = await on_sqlite.database.read(
        lambda db: db.execute(select(func.count()).select_from(transaction_events)).scalar_one()
    )
    assert count == 50


async def test_last_seen_is_kept_when_a_station_leaves(tmp_path: Path) -> None:
    async with fresh_url("sqlite", tmp_path) as url:
        async with backend(url, tmp_path) as started:
            await started.add_station("CS-1")
            async with charger(started) as station:
                await heartbeat(station)
                live = (await started.get("charging-stations/CS-1"))["last_seen_at"]
            assert live is not None
        async with backend(url, tmp_path) as again:
            seen = await again.database.read(
                lambda db: db.execute(select(charging_stations.c.last_seen_at)).scalar_one()
            )
            assert seen is not None
            assert (await again.get("charging-stations/CS-1"))["last_seen_at"] >= live


async def test_stopping_answers_what_was_received_and_closes_with_1001(tmp_path: Path) -> None:
    """RFC 6455: going away. Somebody else holds the database while the backend is told to stop."""
    async with fresh_url("sqlite", tmp_path) as url, AsyncExitStack() as stack:
        running = AsyncExitStack()
        started = await running.enter_async_context(backend(url, tmp_path))
        await started.add_station("CS-1")
        station = await stack.enter_async_context(charger(started))
        other = sqlite3.connect(tmp_path / "chargehand.db", isolation_level=None)
        stack.callback(other.close)
        other.execute("BEGIN IMMEDIATE")
        await station.send([2, "last", "TransactionEvent", transaction_event(0)])
        await heartbeat(station)
        stopping = asyncio.create_task(running.aclose())
        await asyncio.sleep(0.1)
        other.execute("COMMIT")
        assert await station.receive() == [3, "last", {}]
        with pytest.raises(ConnectionClosed) as caught:
            await station.receive()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1001
        await stopping


class Waiting:
    """An action that waits until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.left = 0
        self.go = asyncio.Event()

    async def answer(self, item: Incoming[Any]) -> Answer:
        self.begun += 1
        try:
            await self.go.wait()
        finally:
            self.left += 1
        return v201.GetCertificateStatusResponse(status="Failed")


QUESTION = {
    "ocspRequestData": {
        "hashAlgorithm": "SHA256",
        "issuerNameHash": "a",
        "issuerKeyHash": "b",
        "serialNumber": "1",
        "responderURL": "",
    }
}


def asking(message_id: str) -> list[Any]:
    return [2, message_id, "GetCertificateStatus", QUESTION]


async def test_what_waits_for_others_keeps_nobody_waiting(sqlite: Database) -> None:
    waiting = Waiting()
    async with csms(sqlite, {"GetCertificateStatus": Awaited(waiting.answer)}) as (running, _):
        await running.add_station("CS-1")
        async with charger(running) as station:
            await station.send(asking("a"))
            await heartbeat(station)
            waiting.go.set()
            assert await station.receive() == [3, "a", {"status": "Failed"}]


async def test_a_charger_cannot_have_too_much_answered_at_once(sqlite: Database) -> None:
    waiting = Waiting()
    async with csms(sqlite, {"GetCertificateStatus": Awaited(waiting.answer)}) as (running, _):
        await running.add_station("CS-1")
        async with charger(running) as station:
            for number in range(MAX_ANSWERING + 1):
                await station.send(asking(str(number)))
            refused = await station.receive()
            assert refused[:3] == [4, str(MAX_ANSWERING), "InternalError"]
            waiting.go.set()
            answered = {(await station.receive())[1] for _ in range(MAX_ANSWERING)}
            assert answered == {str(number) for number in range(MAX_ANSWERING)}


async def test_nobody_waits_for_a_charger_that_left(sqlite: Database) -> None:
    waiting = Waiting()
    async with csms(sqlite, {"GetCertificateStatus": Awaited(waiting.answer)}) as (running, registry):
        await running.add_station("CS-1")
        async with charger(running) as station:
            await station.send(asking("a"))
            await heartbeat(station)

        async def has_left() -> bool:
            return not registry.is_connected("CS-1")

        await wait_until(has_left)
        assert (waiting.begun, waiting.left) == (1, 1)


async def test_an_answer_that_fails_is_an_error_and_the_connection_goes_on(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_item: Incoming[Any]) -> Answer:
        raise RuntimeError("a secret")

    async with csms(sqlite, {"GetCertificateStatus": Awaited(fail)}) as (running, _):
        await running.add_station("CS-1")
        async with charger(running) as station:
            await station.send(asking("a"))
            assert await station.receive() == [4, "a", "InternalError", "RuntimeError", {}]
            await heartbeat(station)
    assert "not answered: GetCertificateStatusRequest a of CS-1" in caplog.text
