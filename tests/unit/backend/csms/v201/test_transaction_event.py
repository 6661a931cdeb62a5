"""TransactionEvents over the wire: stored exactly once, answered with verdict and cost, then billed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from backend.db.tables import cdrs, event_conflicts, tokens, transaction_events, transactions
from tests.unit.backend import seed
from tests.unit.backend.running import PATIENCE_S, Backend, Refused, charger, transaction_event

CARD = {"idToken": "CARD-1", "type": "ISO14443"}
EVSE = {"id": 1, "connectorId": 1}


def session(transaction_id: str = "T-1") -> list[dict[str, Any]]:
    """One hour of charging 4 kWh, ten minutes of idling: 0.50 + 1.60 + 1.00, with 20 % VAT 3.72."""
    events = [
        transaction_event(0, wh=10_000, state="EVConnected", evse=EVSE),
        transaction_event(1, idToken=CARD, triggerReason="Authorized"),
        transaction_event(2, state="Charging", wh=10_000),
        transaction_event(3, at=at(30), wh=12_000),
        transaction_event(4, at=at(62), state="SuspendedEV", wh=14_000),
        transaction_event(5, "Ended", at=at(72), wh=14_000, info={"stoppedReason": "EVDisconnected"}),
    ]
    for event in events:
        event["transactionInfo"]["transactionId"] = transaction_id
    return events


def at(minute: int) -> datetime:
    return datetime(2026, 3, 11, 9 + minute // 60, minute % 60, tzinfo=UTC)


def operator(db: Connection) -> None:
    seed.token(db)
    seed.tariff(db)


@pytest.fixture
async def ready(running: Backend) -> Backend:
    await running.database.write(operator)
    return running


Calling = Coroutine[Any, Any, dict[str, Any]]


async def both(bad: Calling, good: Calling) -> tuple[dict[str, Any] | Refused, dict[str, Any]]:
    """Make two calls at the same time; the first may be refused."""

    async def refusable() -> dict[str, Any] | Refused:
        try:
            return await bad
        except Refused as refused:
            return refused

    return await asyncio.gather(refusable(), good)


async def cdr_of(backend: Backend, transaction_id: str = "T-1") -> dict[str, Any]:
    query = (
        select(cdrs.c.document)
        .join(transactions, transactions.c.id == cdrs.c.transaction_ref)
        .where(transactions.c.transaction_id == transaction_id)
    )
    found: str | None = None
    async with asyncio.timeout(PATIENCE_S):
        while found is None:
            await asyncio.sleep(0.01)
            found = await backend.database.read(lambda db: db.execute(query).scalar_one_or_none())
    document: dict[str, Any] = json.loads(found)
    return document


async def test_from_plug_to_bill(ready: Backend) -> None:
    """E01, I02, I03: the running cost on Updated, the final cost on Ended, and the same on the CDR."""
    async with charger(ready) as station:
        answers = [await station.call("TransactionEvent", each) for each in session()]
    assert [answer.get("totalCost") for answer in answers] == [None, 0.6, 0.6, 1.56, 2.52, 3.72]
    assert answers[1]["idTokenInfo"]["status"] == "Accepted"
    assert answers[0] == {}
    document = await cdr_of(ready)
    assert document["total_cost"] == {"excl_vat": 3.1, "incl_vat": 3.72}
    assert document["total_energy"] == 4


async def test_a_resent_event_gets_the_same_answer_even_if_the_token_was_blocked_meanwhile(
    ready: Backend,
) -> None:
    events = session()
    async with charger(ready) as station:
        first = [await station.call("TransactionEvent", each, f"m-{n}") for n, each in enumerate(events)]
        await ready.database.write(lambda db: db.execute(tokens.update().values(blocked=True)))
        for n, each in enumerate(events):
            assert await station.call("TransactionEvent", each, f"m-{n}") == first[n]
    query = select(transaction_events.c.seq_no).order_by(transaction_events.c.seq_no)
    assert await ready.database.read(lambda db: db.execute(query).scalars().all()) == [0, 1, 2, 3, 4, 5]


async def test_events_of_an_offline_session_in_any_order(ready: Backend) -> None:
    """E04, E12: complete when Ended is here and nothing before it is missing."""
    events = [event | {"offline": True} for event in session()]
    async with charger(ready) as station:
        for n in (5, 3, 0, 1, 4, 2):
            await station.call("TransactionEvent", events[n])
    document = await cdr_of(ready)
    assert document["total_cost"]["incl_vat"] == 3.72
    assert document["auth_method"] == "WHITELIST"


async def test_the_frame_is_kept_as_it_came(ready: Backend) -> None:
    text = '[2, "m-1",  "TransactionEvent", ' + json.dumps(transaction_event(0)) + " ]"
    async with charger(ready) as station:
        await station.send(text)
        await station.receive()
    kept = await ready.database.read(lambda db: db.execute(select(transaction_events.c.frame)).scalar_one())
    assert kept == text


async def test_a_taken_number_with_other_content_is_acknowledged_and_kept_aside(
    ready: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    async with charger(ready) as station:
        await station.call("TransactionEvent", transaction_event(0, wh=1))
        assert await station.call("TransactionEvent", transaction_event(0, wh=2), "second") == {}
    row = await ready.database.read(lambda db: db.execute(select(event_conflicts)).one())
    assert (row.seq_no, row.message_id) == (0, "second")
    assert "message second is kept aside" in caplog.text


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"seqNo": -1}, "seqNo"),
        ({"seqNo": 2**31}, "seqNo"),
        ({"evse": {"id": 2**40}}, "evse.id"),
        ({"evse": {"id": 1, "connectorId": -5}}, "evse.connectorId"),
        (
            {"transactionInfo": {"transactionId": "T", "remoteStartId": 2**60}},
            "transactionInfo.remoteStartId",
        ),
    ],
)
async def test_absurd_numbers_are_refused_and_spoil_no_other_message(
    ready: Backend, changes: dict[str, Any], member: str
) -> None:
    await ready.add_station("CS-2")
    async with charger(ready) as station, charger(ready, "CS-2") as other:
        bad = station.call("TransactionEvent", transaction_event(0) | changes)
        good = other.call("TransactionEvent", transaction_event(0))
        refused, answer = await both(bad, good)
    assert isinstance(refused, Refused)
    assert (refused.code, member in refused.description) == ("PropertyConstraintViolation", True)
    assert answer == {}


async def test_a_message_that_the_database_refuses_spoils_no_other(ready: Backend) -> None:
    """PostgreSQL keeps no NUL in text; SQLite does."""
    await ready.add_station("CS-2")
    async with charger(ready) as station, charger(ready, "CS-2") as other:
        bad = station.call("TransactionEvent", transaction_event(0, transaction_id="a\x00b"))
        good = other.call("TransactionEvent", transaction_event(0))
        refused, answer = await both(bad, good)
    if isinstance(refused, Refused):
        assert refused.code == "InternalError"
    assert answer == {}


async def test_an_unknown_token_is_told_so(ready: Backend) -> None:
    """E05, TC_E_16."""
    stranger = {"idToken": "NOBODY", "type": "ISO14443"}
    async with charger(ready) as station:
        answer = await station.call("TransactionEvent", transaction_event(0, idToken=stranger))
    assert answer["idTokenInfo"] == {"status": "Unknown"}


async def test_many_stations_at_once_share_commits_and_keep_their_answers(ready: Backend) -> None:
    names = [f"ST-{n}" for n in range(20)]
    for name in names:
        await ready.add_station(name)

    async def charge(name: str) -> list[dict[str, Any]]:
        async with charger(ready, name) as station:
            return [await station.call("TransactionEvent", each) for each in session(f"T-{name}")]

    said = await asyncio.gather(*(charge(name) for name in names))
    assert {json.dumps([answer.get("totalCost") for answer in answers]) for answers in said} == {
        "[null, 0.6, 0.6, 1.56, 2.52, 3.72]"
    }
    for name in names:
        assert (await cdr_of(ready, f"T-{name}"))["total_cost"]["incl_vat"] == 3.72
