from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert

from backend.authorization.lookup import REMOTE_START_HOLDS, Question, look_up
from backend.db.engine import Database
from backend.db.tables import remote_starts
from tests.unit.backend import seed

DAY = timedelta(days=1)


async def ask(database: Database, *questions: Question) -> list[str]:
    verdicts = await database.read(lambda db: look_up(db, set(questions), seed.NOW, DAY))
    return [verdicts[question].status for question in questions]


@pytest.fixture
async def ready(database: Database) -> Database:
    def write(db: Connection) -> None:
        seed.station(db, "CS-1")
        seed.station(db, "CS-2")
        seed.token(db, "0A1B2C")
        seed.token(db, "BLOCKED", blocked=True)
        now, old = timedelta(minutes=1), REMOTE_START_HOLDS
        requests = (("APP-1", now, "Accepted"), ("APP-OLD", old, None), ("NO", now, "Rejected"))
        for identifier, before, status in requests:
            db.execute(
                insert(remote_starts).values(
                    station_id=1,
                    evse_id=1,
                    id_token=identifier,
                    id_token_type="Central",
                    requested_at=seed.NOW - before,
                    status=status,
                )
            )

    await database.write(write)
    return database


async def test_many_questions_in_two_queries(ready: Database) -> None:
    questions = [(1, "0a1b2c", "ISO14443"), (2, "Blocked", "ISO14443"), (1, "nobody", "ISO14443")]
    assert await ask(ready, *questions) == ["Accepted", "Blocked", "Unknown"]


async def test_a_remote_start_counts_for_its_station_its_type_and_its_time(ready: Database) -> None:
    questions = [
        (1, "app-1", "Central"),
        (2, "APP-1", "Central"),
        (1, "APP-1", "ISO14443"),
        (1, "APP-OLD", "Central"),
        (1, "NO", "Central"),
    ]
    assert await ask(ready, *questions) == ["Accepted"] + ["Unknown"] * 4
