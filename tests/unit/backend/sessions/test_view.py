from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection

from backend.cdrs.build import Operator
from backend.cdrs.rater import Rater
from backend.db.engine import Database
from backend.rating.money import Price
from backend.sessions.view import MAX_MISSING, EventsView, Sessions, SessionView, find_events
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import SESSION, ended, event, replaced
from tests.unit.backend.wording import ingest, store


def prepare(db: Connection) -> None:
    seed.station(db, "CS-1")
    seed.station(db, "CS-2")
    seed.token(db)
    seed.tariff(db)


@pytest.fixture
async def ready(database: Database) -> Database:
    await database.write(prepare)
    return database


async def newest(database: Database) -> SessionView:
    page = await database.read(lambda db: Sessions().find(db, offset=0, limit=1))
    return page.items[0]


async def rate(database: Database) -> None:
    operator = Operator(country_code="DE", party_id="CHH", currency="EUR")
    await Rater(database, operator, lambda: datetime(2026, 4, 1, tzinfo=UTC)).rate_pending()


async def test_a_session_from_plug_to_bill(ready: Database) -> None:
    made, seen = ingest(), []
    for each in SESSION:
        await store(ready, made, each)
        seen.append(await newest(ready))
    assert [view.status for view in seen] == ["PENDING", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "COMPLETED"]
    assert [view.energy_wh for view in seen] == [0, 0, 0, 2000, 4000, 4000]
    assert seen[3].power_w == 7400
    assert seen[3].total_cost == Price(Decimal("1.30"), Decimal("1.56"))
    assert seen[3].currency == "EUR"
    assert [view.is_complete for view in seen] == [False] * 5 + [True]
    assert (seen[5].charging_s, seen[5].parking_s) == (3600, 600)
    assert (seen[5].identity, seen[5].evse_id, seen[5].id_token) == ("CS-1", 1, "card-1")
    await rate(ready)
    last = await newest(ready)
    assert last.cdr_id == last.session_id
    assert last.total_cost == Price(Decimal("3.10"), Decimal("3.72"))


async def test_plugged_in_and_left_is_invalid(ready: Database) -> None:
    await store(ready, ingest(), event(0, charging_state="EVConnected"), ended(1, 5))
    await rate(ready)
    assert (await newest(ready)).status == "INVALID"


async def test_sessions_are_listed_newest_first_in_pages_and_by_station(ready: Database) -> None:
    made = ingest()
    for n in range(5):
        await store(ready, made, event(0, n, transaction_id=f"T-{n}", station_id=1 + n % 2))
    sessions = Sessions()
    page = await ready.read(lambda db: sessions.find(db, offset=1, limit=2))
    assert (page.total, [each.transaction_id for each in page.items]) == (5, ["T-3", "T-2"])
    of_one = await ready.read(lambda db: sessions.find(db, offset=0, limit=9, identity="CS-2"))
    assert (of_one.total, [each.transaction_id for each in of_one.items]) == (2, ["T-3", "T-1"])
    wanted = page.items[0]
    assert await ready.read(lambda db: sessions.get(db, wanted.session_id)) == wanted
    assert await ready.read(lambda db: sessions.get(db, "other")) is None


async def test_missing_events_are_named(ready: Database) -> None:
    made = ingest()
    await store(ready, made, *[each for each in SESSION if each.seq_no not in {1, 2, 4}])
    await store(ready, made, replaced(SESSION[3], message_id="x", frame="[2,1,2,3]"))
    session_id = (await newest(ready)).session_id
    events = await ready.read(lambda db: find_events(db, session_id))
    assert events == EventsView(received=3, missing_seq_nos=(1, 2, 4), conflicts=1)


async def test_an_absurd_number_does_not_make_an_absurd_list(ready: Database) -> None:
    await store(ready, ingest(), event(0), event(2**31 - 1, 5))
    session_id = (await newest(ready)).session_id
    events = await ready.read(lambda db: find_events(db, session_id))
    assert len(events.missing_seq_nos) == MAX_MISSING
