from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from agent.csms.dialect import Dialect
from agent.csms.v16.dialect import Dialect16
from agent.store import accounts
from agent.transactions.records import Token, TransactionEvent
from tests.conformance.kit import Csms, Payload, Raw, Refuse, Silence
from tests.unit.agent.csms.link import Link, connection_to, link_to
from tests.unit.agent.store.test_outbox import EVENT

OTHER = replace(EVENT, transaction_id="tx-2")


@asynccontextmanager
async def delivering(csms: Csms, link: Link, dialect: Dialect | None = None) -> AsyncIterator[None]:
    async with connection_to(csms, dialect) as connection:
        task = asyncio.create_task(link.delivery.run(connection))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def events(count: int, transaction_id: str = "tx-1") -> list[TransactionEvent]:
    return [replace(EVENT, transaction_id=transaction_id, seq_no=number) for number in range(count)]


async def test_events_go_out_one_at_a_time_in_order_and_are_forgotten(tmp_path: Path) -> None:
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        await link.write(*events(5))
        async with delivering(csms, link):
            await link.until_waiting(0)
            await link.write(OTHER)
            await link.until_waiting(0)
    assert [(event["transactionInfo"]["transactionId"], event["seqNo"]) for event in csms.events()] == [
        *(("tx-1", number) for number in range(5)),
        ("tx-2", 0),
    ]


async def test_what_waited_for_the_connection_happened_offline_what_comes_later_did_not(
    tmp_path: Path,
) -> None:
    """E11.FR.07, E12.FR.02."""
    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        await link.write(EVENT)
        async with delivering(csms, link):
            await link.until_waiting(0)
            await link.write(OTHER)
            await link.until_waiting(0)
    assert [event["offline"] for event in csms.events()] == [True, False]


async def test_an_event_that_was_not_confirmed_comes_again_with_the_same_message_id(tmp_path: Path) -> None:
    async with Csms(script={"TransactionEvent": Silence()}) as csms, link_to(csms.url, tmp_path) as link:
        await link.write(EVENT)
        async with delivering(csms, link):
            first = await csms.expect("TransactionEvent")
        assert await link.waiting() == (1, 0)
        csms.script.clear()
        async with delivering(csms, link):
            second = await csms.expect("TransactionEvent")
            await link.until_waiting(0)
    assert (first.message_id, first.payload["seqNo"]) == (second.message_id, second.payload["seqNo"])


@pytest.mark.parametrize("answer", [Refuse("InternalError"), Raw('[3,"{id}",{"totalCost":"much"}]')])
async def test_a_poison_message_is_set_aside_and_holds_up_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, answer: Refuse | Raw
) -> None:
    """E13.FR.02, E13.FR.04."""

    def poisoned(payload: Payload) -> Payload | Refuse | Raw:
        return answer if payload["seqNo"] == 1 else {}

    caplog.set_level(logging.ERROR)
    settings = {
        "OCPPCommCtrlr__MessageAttempts[TransactionEvent]": "3",
        "OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": "0",
    }
    async with Csms(script={"TransactionEvent": poisoned}) as csms:
        async with link_to(csms.url, tmp_path, **settings) as link:
            await link.write(*events(3))
            async with delivering(csms, link):
                await link.until_waiting(0, aside=1)
        ids = [call.message_id for call in csms.calls("TransactionEvent")]
    assert ids == ["tx-1/0", "tx-1/1", "tx-1/1", "tx-1/1", "tx-1/2"]
    assert "event 1 of transaction tx-1 set aside after 3 attempts" in caplog.text


async def test_a_backend_that_refused_everything_gets_it_over_the_next_connection(tmp_path: Path) -> None:
    """Its disk was full for longer than E13's attempts last: that must not leave gaps for ever."""
    settings = {
        "OCPPCommCtrlr__MessageAttempts[TransactionEvent]": "1",
        "OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": "0",
    }
    async with (
        Csms(script={"TransactionEvent": Refuse("InternalError")}) as csms,
        link_to(csms.url, tmp_path, **settings) as link,
    ):
        await link.write(*events(3))
        async with delivering(csms, link):
            await link.until_waiting(0, aside=3)
        csms.script.clear()
        async with delivering(csms, link):
            await link.until_waiting(0)
        again = csms.calls("TransactionEvent")[3:]
    assert [call.message_id for call in again] == ["tx-1/0", "tx-1/1", "tx-1/2"]
    assert all(call.payload["offline"] for call in again)


async def test_a_start_that_is_not_taken_takes_nothing_with_it(tmp_path: Path) -> None:
    """OCPP 1.6 tells a beginning that was set aside before what follows it, as the message it was."""
    settings = {
        "OCPPCommCtrlr__MessageAttempts[TransactionEvent]": "1",
        "OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": "0",
    }
    refusals = [Refuse("InternalError")]
    csms = Csms(version="1.6", subprotocol="ocpp1.6", tokens={"CARD": {"status": "Accepted"}})
    csms.script["StartTransaction"] = lambda _: refusals.pop() if refusals else None
    token = Token(id="CARD", type="ISO14443")
    async with csms, link_to(csms.url, tmp_path, **settings) as link:
        await link.write(replace(EVENT, token=token), replace(EVENT, kind="Ended", seq_no=1))
        async with delivering(csms, link, Dialect16()):
            await link.until_waiting(0, aside=1)
        assert [call.action for call in csms.calls()] == ["StartTransaction"] * 2 + ["StopTransaction"]
        async with delivering(csms, link, Dialect16()):
            await link.until_waiting(0)
        starts = csms.calls("StartTransaction")
        assert len({call.message_id for call in starts}) == 1
        assert len(csms.calls()) == 3, "what is over is not begun anew"
        assert await link.database.read(accounts.everything) == [], "it is forgotten in the end"


async def test_a_transaction_in_trouble_rests_and_the_others_go_on(tmp_path: Path) -> None:
    """E13.FR.03: the wait grows with the attempts."""
    refusals = 1

    def reluctant(payload: Payload) -> Payload | Refuse:
        nonlocal refusals
        if payload["transactionInfo"]["transactionId"] == "tx-1" and refusals:
            refusals -= 1
            return Refuse("InternalError")
        return {}

    settings = {"OCPPCommCtrlr__MessageAttemptInterval[TransactionEvent]": "1"}
    async with Csms(script={"TransactionEvent": reluctant}) as csms:
        async with link_to(csms.url, tmp_path, **settings) as link, delivering(csms, link):
            began_s = time.monotonic()
            await link.write(*events(2), OTHER)
            await link.until_waiting(0)
            took_s = time.monotonic() - began_s
        ids = [call.message_id for call in csms.calls("TransactionEvent")]
    assert ids == ["tx-1/0", "tx-2/0", "tx-1/0", "tx-1/1"]
    assert took_s >= 1


async def test_a_driver_who_is_not_accepted_is_stopped(tmp_path: Path) -> None:
    """E05: the verdict is about the token of that event."""
    card = Token(id="CARD", type="ISO14443")
    async with Csms(tokens={"CARD": {"status": "Blocked"}}) as csms, link_to(csms.url, tmp_path) as link:
        await link.write(EVENT, replace(EVENT, seq_no=1, token=card), OTHER)
        async with delivering(csms, link):
            await link.until_waiting(0)
        assert link.station.stopped == [("tx-1", card, "Blocked")]


async def test_an_event_that_cannot_be_read_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def spoil(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE outbox SET event = 'x' WHERE position = 1")

    async with Csms() as csms, link_to(csms.url, tmp_path) as link:
        await link.write(*events(2))
        await link.database.write(spoil)
        async with delivering(csms, link):
            await link.until_waiting(0, aside=1)
    assert [event["seqNo"] for event in csms.events()] == [1]
    assert "position 1 of the outbox cannot be read" in caplog.text


async def test_waiting_until_everything_is_out(tmp_path: Path) -> None:
    async with Csms(script={"TransactionEvent": Silence()}) as csms, link_to(csms.url, tmp_path) as link:
        await link.write(EVENT)
        async with delivering(csms, link):
            assert not await link.delivery.wait_until_empty(0.1)
        csms.script.clear()
        async with delivering(csms, link):
            assert await link.delivery.wait_until_empty(5)
            assert await link.delivery.wait_until_empty(5)
