from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert

from backend.csms.errors import StationRefused, StationSilent
from backend.db.engine import Database
from backend.db.tables import connectors
from backend.web.charging_stations import Condition, condition_of
from backend.web.ports import StartAnswer
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import SESSION, replaced
from tests.unit.backend.web.conftest import Client
from tests.unit.backend.web.stations import ConnectedStations
from tests.unit.backend.wording import ingest, store

BODY = {"id_token": "CARD-1", "type": "ISO14443"}


def plug(db: Connection, station: int, evse: int, status: str) -> None:
    db.execute(
        insert(connectors).values(
            station_id=station, evse_id=evse, connector_id=1, status=status, reported_at=seed.NOW
        )
    )


async def empty_session(database: Database, transaction_id: str) -> None:
    events = [
        replaced(each, transaction_id=transaction_id, message_id=f"{transaction_id}-{each.seq_no}",
                 energy_wh=14_000, energy_first_wh=None)
        for each in SESSION
    ]  # fmt: skip
    await store(database, ingest(), *events)


@pytest.mark.parametrize(
    ("online", "registration", "statuses", "condition"),
    [
        (True, "Accepted", ["Occupied", "Available"], "AVAILABLE"),
        (True, "Accepted", ["Occupied", "Faulted"], "IN_USE"),
        (True, "Accepted", ["Reserved"], "IN_USE"),
        (True, "Accepted", ["Faulted", "Unavailable"], "OUT_OF_ORDER"),
        (True, "Accepted", [], "UNKNOWN"),
        (True, "Pending", ["Available"], "OUT_OF_ORDER"),
        (False, "Accepted", ["Available"], "OFFLINE"),
    ],
)
def test_what_a_driver_would_find(
    online: bool, registration: str, statuses: list[str], condition: Condition
) -> None:
    assert condition_of(online=online, registration=registration, statuses=statuses) == condition


async def test_a_station_says_what_a_driver_would_find(
    client: Client, database: Database, stations: ConnectedStations
) -> None:
    def prepare(db: Connection) -> None:
        key = seed.station(db, vendor="Example", last_seen_at=seed.NOW)
        plug(db, key, 2, "Faulted")
        plug(db, key, 1, "Available")

    await database.write(prepare)
    before = await client.get("/api/v1/charging-stations/CS-1")
    assert (before["online"], before["condition"]) == (False, "OFFLINE")
    assert before["last_seen_at"] == "2026-03-11T09:00:00Z"
    assert before["last_successful_session"] is None

    stations.seen["CS-1"] = seed.NOW + timedelta(minutes=5)
    await store(database, ingest(), *SESSION)
    await empty_session(database, "T-2")
    await empty_session(database, "T-3")
    station = await client.get("/api/v1/charging-stations/CS-1")
    assert (station["online"], station["condition"]) == (True, "AVAILABLE")
    assert station["last_seen_at"] == "2026-03-11T09:05:00Z"
    assert [each["evse_id"] for each in station["connectors"]] == [1, 2]
    assert station["location"] == "SITE-1"
    assert station["last_successful_session"]["energy_wh"] == 4000
    assert station["failed_sessions_since"] == 2
    [session] = [
        each for each in (await client.get("/api/v1/sessions"))["items"] if each["transaction_id"] == "T-1"
    ]
    assert station["last_successful_session"]["id"] == session["id"]


async def test_failures_of_a_station_that_never_charged_anybody(client: Client, database: Database) -> None:
    await database.write(seed.station)
    await empty_session(database, "T-1")
    [station] = (await client.get("/api/v1/charging-stations"))["items"]
    assert (station["last_successful_session"], station["failed_sessions_since"]) == (None, 1)


async def test_the_list_goes_on_where_next_says(client: Client, database: Database) -> None:
    def prepare(db: Connection) -> None:
        for number in range(5):
            seed.station(db, f"CS-{number}")

    await database.write(prepare)
    found, path = [], "/api/v1/charging-stations?limit=2"
    while path:
        page = await client.get(path)
        assert len(page["items"]) <= 2
        found += [station["id"] for station in page["items"]]
        path = page["next"]
    assert found == [f"CS-{number}" for number in range(5)]


async def test_an_unknown_station(client: Client) -> None:
    problem = await client.get("/api/v1/charging-stations/NOBODY", 404)
    assert "/api/v1/charging-stations" in problem["detail"]
    await client.post("/api/v1/charging-stations/NOBODY/evses/1/start", BODY, 404)


async def test_start_answers_what_the_station_said(
    client: Client, database: Database, stations: ConnectedStations
) -> None:
    await database.write(seed.station)
    stations.seen["CS-1"] = seed.NOW
    stations.start_answer = StartAnswer(status="Accepted", remote_start_id=7, transaction_id="T-9")
    answer = await client.post("/api/v1/charging-stations/CS-1/evses/2/start", BODY)
    assert answer == {
        "status": "Accepted",
        "remote_start_id": 7,
        "transaction_id": "T-9",
        "reason_code": None,
        "additional_info": None,
    }
    assert stations.commands == [("start", "CS-1", "2", "CARD-1", "ISO14443")]


async def test_start_without_success(client: Client, database: Database, stations: ConnectedStations) -> None:
    await database.write(seed.station)
    path = "/api/v1/charging-stations/CS-1/evses/1/start"
    offline = await client.post(path, BODY, 409)
    assert offline["type"] == "/api/v1/problems/station-offline"

    stations.seen["CS-1"] = seed.NOW
    stations.start_answer = StartAnswer(
        status="Rejected", remote_start_id=1, reason_code="TxInProgress", additional_info="EVSE 1"
    )
    rejected = await client.post(path, BODY, 409)
    assert rejected["type"] == "/api/v1/problems/station-refused"
    assert "Rejected (TxInProgress: EVSE 1)" in rejected["detail"]

    stations.start_answer = StationRefused("CS-1", "NotSupported", "no remote start")
    refused = await client.post(path, BODY, 409)
    assert "NotSupported: no remote start" in refused["detail"]

    stations.start_answer = StationSilent("CS-1", "no answer in time")
    silent = await client.post(path, BODY, 504)
    assert silent["type"] == "/api/v1/problems/station-silent"


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("evses/0/start", BODY, "path.evse_id"),
        ("evses/one/start", BODY, "path.evse_id"),
        ("evses/1/start", {"id_token": ""}, "body.id_token"),
        ("evses/1/start", {"id_token": "x" * 37}, "body.id_token"),
        ("evses/1/start", {"id_token": "X", "type": "RFID"}, "body.type"),
        ("evses/1/start", {"id_token": "X", "tokentype": "Central"}, "body.tokentype"),
        ("evses/1/start", {}, "body.id_token"),
    ],
)
async def test_a_start_that_is_not_understood(
    client: Client, stations: ConnectedStations, path: str, body: object, where: str
) -> None:
    problem = await client.post(f"/api/v1/charging-stations/CS-1/{path}", body, 422)
    assert [each["where"] for each in problem["errors"]] == [where]
    assert stations.commands == []
