from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Row, delete, func, insert, select

from backend.db.engine import Database
from backend.db.tables import event_conflicts, remote_starts, tariffs, transaction_events, transactions
from backend.sessions.event import PresentedToken, SessionEvent
from backend.sessions.ingest import Outcome
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import CARD, FINAL, SESSION, ended, event, replaced
from tests.unit.backend.wording import Said, ingest, store

FREE = [{"price_components": [{"type": "FLAT", "price": 0, "step_size": 1}]}]


def prepare(db: Connection) -> None:
    seed.station(db)
    seed.token(db)
    seed.tariff(db)


@pytest.fixture
async def ready(database: Database) -> Database:
    await database.write(prepare)
    return database


def row(db: Connection) -> Row[Any]:
    return db.execute(select(transactions)).one()


def stored(db: Connection) -> list[int]:
    query = select(transaction_events.c.seq_no).order_by(transaction_events.c.seq_no)
    return list(db.execute(query).scalars())


def answers(outcomes: Sequence[Outcome[Said]]) -> list[Said]:
    return [outcome.response for outcome in outcomes]


@pytest.mark.parametrize("remember", [True, False])
@pytest.mark.parametrize("at_once", [True, False])
async def test_a_whole_session(ready: Database, remember: bool, at_once: bool) -> None:
    made = ingest(remember=remember)
    if at_once:
        outcomes = await store(ready, made, *SESSION)
    else:
        outcomes = [(await store(ready, made, each))[0] for each in SESSION]
    assert [outcome.completed for outcome in outcomes] == [False] * 5 + [True]
    assert [answer["verdict"] for answer in answers(outcomes)] == [None, "Accepted", None, None, None, None]
    assert [answer["cost"] for answer in answers(outcomes)] == [
        None,
        "0.60",
        "0.60",
        "1.56",
        "2.52",
        str(FINAL),
    ]
    found = await ready.read(row)
    assert (found.next_seq, found.event_count, found.ended_seq) == (6, 6, 5)
    assert (found.evse_id, found.connector_id, found.stopped_reason) == (1, 1, "EVDisconnected")
    assert (found.id_token, found.authorized, found.auth_method) == ("card-1", True, "AUTH_REQUEST")
    assert (found.meter_start_wh, found.meter_last_wh, found.power_w) == (10_000, 14_000, 7400)
    assert (found.charging_us, found.parking_us) == (60 * 60_000_000, 10 * 60_000_000)
    assert (found.started_at, found.ended_at) == (SESSION[0].at, SESSION[5].at)
    assert found.completed_at == SESSION[5].received_at
    assert found.time_zone == "Europe/Berlin"
    assert await ready.read(stored) == [0, 1, 2, 3, 4, 5]


async def test_the_same_event_again_gets_the_same_answer_and_no_second_row(ready: Database) -> None:
    """A charger resends what was not acknowledged, with the same message id (E04, E13)."""
    made = ingest()
    first = await store(ready, made, *SESSION)
    again = await store(ready, made, *SESSION)
    assert answers(again) == answers(first)
    assert all(outcome.is_duplicate for outcome in again)
    assert not any(outcome.completed for outcome in again)
    assert await ready.read(stored) == [0, 1, 2, 3, 4, 5]


async def test_a_duplicate_in_the_same_batch_is_one_row(ready: Database) -> None:
    outcomes = await store(ready, ingest(), SESSION[0], SESSION[0])
    assert [outcome.is_duplicate for outcome in outcomes] == [False, True]
    assert await ready.read(stored) == [0]


async def test_a_resent_event_may_say_that_it_was_offline_and_change_its_message_id(ready: Database) -> None:
    frame = '[2,"a","TransactionEvent",{"seqNo":0,"offline":false}]'
    again = '[2,"b","TransactionEvent",{"offline":true,"seqNo":0}]'
    made = ingest()
    await store(ready, made, event(0, message_id="a", frame=frame))
    outcomes = await store(ready, made, event(0, message_id="b", frame=again, offline=True))
    assert outcomes[0].is_duplicate


async def test_another_event_under_a_taken_number_is_kept_aside_and_reported(
    ready: Database, caplog: pytest.LogCaptureFixture
) -> None:
    made = ingest()
    await store(ready, made, *SESSION[:4])
    other = event(3, 31, energy_wh=99_000, message_id="other")
    caplog.clear()
    for _ in range(2):
        outcomes = await store(ready, made, other)
        assert outcomes[0].is_conflict
        assert answers(outcomes) == [{"cost": None, "verdict": None}]
    conflicts = await ready.read(lambda db: db.execute(select(event_conflicts)).all())
    assert [(each.seq_no, each.message_id, each.frame) for each in conflicts] == [(3, "other", other.frame)]
    assert (await ready.read(row)).meter_last_wh == 12_000
    assert caplog.records[0].levelno == logging.WARNING
    assert "seqNo 3 of transaction T-1" in caplog.text


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
async def test_any_order_in_any_batches_ends_in_the_same_sums(sqlite: Database, data: st.DataObject) -> None:
    """Offline events come late and out of order, resent ones twice (E04.FR.03, E12)."""
    order = data.draw(st.permutations([*SESSION, SESSION[2], SESSION[5]]))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=8, max_size=8))
    remember = data.draw(st.booleans())

    def reset(db: Connection) -> None:
        db.execute(delete(transaction_events))
        db.execute(delete(transactions))
        if not db.execute(select(func.count()).select_from(tariffs)).scalar_one():
            prepare(db)

    await sqlite.write(reset)
    made, completed = ingest(remember=remember), 0
    for size in sizes:
        batch, order = order[:size], order[size:]
        if batch:
            completed += sum(outcome.completed for outcome in await store(sqlite, made, *batch))
    found = await sqlite.read(row)
    assert completed == 1
    assert (found.next_seq, found.event_count, found.ended_seq) == (6, 6, 5)
    assert (found.charging_us, found.parking_us) == (60 * 60_000_000, 10 * 60_000_000)
    assert (found.meter_start_wh, found.meter_last_wh) == (10_000, 14_000)
    assert found.completed_at is not None
    assert await sqlite.read(stored) == [0, 1, 2, 3, 4, 5]


async def test_ended_with_a_gap_is_not_complete_and_has_no_final_cost(ready: Database) -> None:
    made = ingest()
    without_two = [each for each in SESSION if each.seq_no != 2]
    outcomes = await store(ready, made, *without_two)
    assert answers(outcomes)[-1]["cost"] is None
    found = await ready.read(row)
    assert (found.next_seq, found.event_count, found.completed_at) == (2, 5, None)
    late = await store(ready, made, SESSION[2])
    assert late[0].completed
    assert (await ready.read(row)).completed_at == SESSION[2].received_at


async def test_a_gap_survives_a_restart(ready: Database) -> None:
    await store(ready, ingest(), *[each for each in SESSION if each.seq_no not in {1, 3}])
    outcomes = await store(ready, ingest(), SESSION[3], SESSION[1])
    assert [outcome.completed for outcome in outcomes] == [False, True]
    assert answers(outcomes)[1]["verdict"] == "Accepted"


async def test_a_second_ended_does_not_reopen_the_transaction(ready: Database) -> None:
    made = ingest()
    await store(ready, made, *SESSION)
    before = await ready.read(row)
    outcomes = await store(ready, made, ended(6, 500, energy_wh=99_000))
    after = await ready.read(row)
    assert not outcomes[0].completed
    assert (after.ended_seq, after.ended_at, after.charging_us) == (5, before.ended_at, before.charging_us)
    assert (after.meter_last_wh, after.completed_at) == (14_000, before.completed_at)
    assert await ready.read(stored) == [0, 1, 2, 3, 4, 5, 6]


async def test_the_tariff_is_the_one_of_the_beginning(ready: Database) -> None:
    """A tariff published during the session applies to the next one."""
    made = ingest()
    await store(ready, made, *SESSION[:3])
    await ready.write(lambda db: seed.tariff(db, elements=FREE))
    outcomes = await store(ready, made, *SESSION[3:])
    assert answers(outcomes)[-1]["cost"] == str(FINAL)
    next_one = await store(ready, made, *(with_id(each, "T-2") for each in SESSION))
    assert answers(next_one)[-1]["cost"] == "0.00"


async def test_a_tariff_that_is_not_valid_yet_is_not_used(ready: Database) -> None:
    start = (seed.NOW + timedelta(days=1)).isoformat()
    await ready.write(lambda db: seed.tariff(db, start_date_time=start, elements=FREE))
    outcomes = await store(ready, ingest(), *SESSION)
    assert answers(outcomes)[-1]["cost"] == str(FINAL)


async def test_without_a_tariff_nothing_is_said_about_cost(database: Database) -> None:
    """An omitted totalCost does not mean free of charge (I03)."""
    await database.write(seed.station)
    outcomes = await store(database, ingest(), *SESSION)
    assert {answer["cost"] for answer in answers(outcomes)} == {None}


async def test_the_tariff_of_the_station_comes_before_the_default(ready: Database) -> None:
    def own(db: Connection) -> int:
        seed.tariff(db, is_default=False, id="OWN", elements=[{"price_components": [seed_flat(7)]}])
        return seed.station(db, "CS-2", tariff_id="OWN")

    station = await ready.write(own)
    outcomes = await store(ready, ingest(), *(with_station(each, station) for each in SESSION))
    assert answers(outcomes)[-1]["cost"] == "7.00"


async def test_transactions_of_two_stations_may_have_the_same_id(ready: Database) -> None:
    other = await ready.write(lambda db: seed.station(db, "CS-2"))
    outcomes = await store(ready, ingest(), SESSION[0], with_station(SESSION[0], other))
    assert not any(outcome.is_duplicate for outcome in outcomes)
    ids = await ready.read(lambda db: db.execute(select(transactions.c.session_id)).scalars().all())
    assert len(set(ids)) == 2


async def test_an_unknown_token_does_not_authorize(ready: Database) -> None:
    """E05: the charger is told, and stops."""
    stranger = PresentedToken("nobody", "ISO14443")
    outcomes = await store(ready, ingest(), SESSION[0], event(1, 1, token=stranger))
    assert answers(outcomes)[1]["verdict"] == "Unknown"
    found = await ready.read(row)
    assert (found.id_token, found.authorized) == ("nobody", False)


async def test_the_first_accepted_token_pays(ready: Database) -> None:
    await ready.write(lambda db: seed.token(db, "CARD-2"))
    stranger, second = PresentedToken("nobody", "ISO14443"), PresentedToken("CARD-2", "ISO14443")
    events = [SESSION[0], event(1, 1, token=stranger), event(2, 2, token=CARD), event(3, 3, token=second)]
    await store(ready, ingest(), *events)
    found = await ready.read(row)
    assert (found.id_token, found.authorized) == ("card-1", True)


async def test_a_session_started_remotely_is_linked_to_the_request(ready: Database) -> None:
    """F02.FR.01: the event that follows the request carries its remoteStartId."""

    def request(db: Connection) -> int:
        query = insert(remote_starts).values(
            station_id=1, evse_id=1, id_token="APP-7", id_token_type="Central", requested_at=seed.NOW
        )
        number: int = db.execute(query.returning(remote_starts.c.id)).scalar_one()
        return number

    number = await ready.write(request)
    token = PresentedToken("APP-7", "Central")
    outcomes = await store(ready, ingest(), event(0, remote_start_id=number, token=token))
    assert answers(outcomes)[0]["verdict"] == "Accepted"
    found = await ready.read(row)
    assert (found.remote_start_id, found.auth_method) == (number, "COMMAND")
    linked = await ready.read(lambda db: db.execute(select(remote_starts.c.transaction_id)).scalar_one())
    assert linked == "T-1"


async def test_a_token_used_offline_is_a_whitelist_authorization(ready: Database) -> None:
    await store(ready, ingest(), event(0, token=CARD, offline=True))
    assert (await ready.read(row)).auth_method == "WHITELIST"


async def test_a_failed_batch_is_forgotten(ready: Database) -> None:
    """What was staged for a transaction that was rolled back must not survive in memory."""
    made = ingest()
    await store(ready, made, *SESSION[:2])

    def fail(db: Connection) -> None:
        made.store(db, SESSION[2:4])
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await ready.write(fail)
    outcomes = await store(ready, made, *SESSION[2:])
    assert not any(outcome.is_duplicate for outcome in outcomes)
    assert answers(outcomes)[-1]["cost"] == str(FINAL)


def with_station(each: SessionEvent, station_id: int) -> SessionEvent:
    return replaced(each, station_id=station_id)


def with_id(each: SessionEvent, transaction_id: str) -> SessionEvent:
    return replaced(each, transaction_id=transaction_id)


def seed_flat(amount: int) -> dict[str, Any]:
    return {"type": "FLAT", "price": amount, "step_size": 1}
