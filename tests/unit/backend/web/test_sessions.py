from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from backend.cdrs.build import Operator
from backend.cdrs.rater import Rater
from backend.csms.errors import StationSilent
from backend.db.engine import Database
from backend.web.ports import CommandAnswer
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import FINAL, SESSION, ended, event, replaced
from tests.unit.backend.web.conftest import Client
from tests.unit.backend.web.stations import ConnectedStations
from tests.unit.backend.wording import ingest, store

OPERATOR = Operator(country_code="DE", party_id="CHH", currency="EUR")


@pytest.fixture
async def ready(database: Database) -> Database:
    def prepare(db: Connection) -> None:
        seed.station(db)
        seed.station(db, "CS-2")
        seed.token(db)
        seed.tariff(db)

    await database.write(prepare)
    return database


async def rate(database: Database) -> None:
    await Rater(database, OPERATOR, lambda: datetime(2026, 3, 11, 12, tzinfo=UTC)).rate_pending()


async def only(client: Client) -> dict[str, Any]:
    [session] = (await client.get("/api/v1/sessions"))["items"]
    assert await client.get(f"/api/v1/sessions/{session['id']}") == session
    found: dict[str, Any] = session
    return found


async def test_a_session_shows_its_running_cost_and_then_its_cdr(client: Client, ready: Database) -> None:
    made = ingest()
    await store(ready, made, *SESSION[:4])
    running = await only(client)
    assert running["status"] == "ACTIVE"
    assert (running["charging_state"], running["power_w"], running["energy_wh"]) == ("Charging", 7400, 2000)
    assert (running["currency"], running["total_cost_excl_vat"], running["total_cost_incl_vat"]) == (
        "EUR",
        "1.30",
        "1.56",
    )
    assert (running["station_id"], running["evse_id"], running["id_token"]) == ("CS-1", 1, "card-1")
    assert (running["started_at"], running["ended_at"]) == ("2026-03-11T09:00:00Z", None)
    assert not running["is_complete"]

    await store(ready, made, *SESSION[4:])
    finished = await only(client)
    assert (finished["status"], finished["is_complete"], finished["cdr_id"]) == ("COMPLETED", True, None)
    assert (finished["charging_state"], finished["power_w"]) == (None, None)
    assert (finished["total_cost_excl_vat"], finished["total_cost_incl_vat"]) == ("3.10", str(FINAL))

    await rate(ready)
    [cdr] = (await client.get("/api/v1/cdrs"))["items"]
    rated = await only(client)
    assert rated["cdr_id"] == cdr["id"]
    assert rated["total_cost_incl_vat"] == f"{cdr['total_cost']['incl_vat']:.2f}"


async def test_a_session_that_lacks_events_is_not_complete(client: Client, ready: Database) -> None:
    await store(ready, ingest(), *SESSION[:3], SESSION[5])
    session = await only(client)
    assert (session["status"], session["is_complete"]) == ("COMPLETED", False)


async def test_without_a_tariff_there_is_no_cost(client: Client, database: Database) -> None:
    await database.write(seed.station)
    await store(database, ingest(), *SESSION[:4])
    session = await only(client)
    assert (session["currency"], session["total_cost_excl_vat"]) == (None, None)
    assert session["energy_wh"] == 2000


async def test_filters_by_station_and_status(client: Client, ready: Database) -> None:
    made = ingest()
    await store(ready, made, *SESSION)
    await store(ready, made, *(replaced(each, transaction_id="T-2") for each in SESSION[:3]))
    await store(ready, made, event(0, transaction_id="T-3", station_id=2))
    await store(
        ready,
        made,
        event(0, transaction_id="T-4", station_id=2),
        ended(1, 1, transaction_id="T-4", station_id=2),
    )
    await rate(ready)

    async def found(query: str) -> list[str]:
        page = await client.get(f"/api/v1/sessions{query}")
        return [session["transaction_id"] for session in page["items"]]

    assert await found("") == ["T-4", "T-3", "T-2", "T-1"]
    assert await found("?station=CS-2") == ["T-4", "T-3"]
    assert await found("?station=NOBODY") == []
    assert await found("?status=COMPLETED") == ["T-1"]
    assert await found("?status=ACTIVE") == ["T-2"]
    assert await found("?status=PENDING") == ["T-3"]
    assert await found("?status=INVALID") == ["T-4"]
    assert await found("?status=PENDING&station=CS-1") == []
    for session in (await client.get("/api/v1/sessions"))["items"]:
        page = await client.get(f"/api/v1/sessions?status={session['status']}")
        assert session in page["items"]


async def test_next_keeps_the_filters(client: Client, ready: Database) -> None:
    made = ingest()
    for number in range(3):
        await store(ready, made, event(0, transaction_id=f"T-{number}"))
    await store(ready, made, event(0, transaction_id="OTHER", station_id=2))
    page = await client.get("/api/v1/sessions?station=CS-1&limit=2")
    assert [session["transaction_id"] for session in page["items"]] == ["T-2", "T-1"]
    rest = await client.get(page["next"])
    assert [session["transaction_id"] for session in rest["items"]] == ["T-0"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "query.limit"),
        ("limit=101", "query.limit"),
        ("limit=all", "query.limit"),
        ("offset=-1", "query.offset"),
        ("offset=99999999999", "query.offset"),
        ("status=RUNNING", "query.status"),
    ],
)
async def test_a_query_that_is_not_understood(client: Client, query: str, where: str) -> None:
    problem = await client.get(f"/api/v1/sessions?{query}", 422)
    assert [each["where"] for each in problem["errors"]] == [where]


async def test_stop(client: Client, ready: Database, stations: ConnectedStations) -> None:
    made = ingest()
    await store(ready, made, *SESSION[:4])
    path = f"/api/v1/sessions/{(await only(client))['id']}/stop"
    assert (await client.post(path, status=409))["type"] == "/api/v1/problems/station-offline"

    stations.seen["CS-1"] = seed.NOW
    assert (await client.post(path))["status"] == "Accepted"
    assert stations.commands == [("stop", "CS-1", "T-1")]

    stations.stop_answer = CommandAnswer(status="Rejected", reason_code="TxNotFound")
    assert "TxNotFound" in (await client.post(path, status=409))["detail"]
    stations.stop_answer = StationSilent("CS-1", "no answer in time")
    assert "look at its sessions" in (await client.post(path, status=504))["detail"]

    await store(ready, made, *SESSION[4:])
    asked = len(stations.commands)
    problem = await client.post(path, status=409)
    assert problem["type"] == "/api/v1/problems/session-ended"
    assert len(stations.commands) == asked


async def test_an_unknown_session(client: Client) -> None:
    await client.get("/api/v1/sessions/none", 404)
    problem = await client.post("/api/v1/sessions/none/stop", status=404)
    assert "/api/v1/sessions" in problem["detail"]
