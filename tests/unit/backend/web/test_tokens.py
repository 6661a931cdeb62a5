from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from backend.db.engine import Database
from tests.unit.backend import seed
from tests.unit.backend.web.conftest import Client


async def test_tokens_newest_first(client: Client, database: Database) -> None:
    def prepare(db: Connection) -> None:
        seed.token(db, "CARD-1", expires_at=seed.NOW + timedelta(days=1))
        seed.token(db, "driver-17", type="APP_USER", blocked=True, group_id="FLEET")

    await database.write(prepare)
    page = await client.get("/api/v1/tokens")
    assert page["next"] is None
    assert [(token["uid"], token["type"], token["blocked"]) for token in page["items"]] == [
        ("driver-17", "APP_USER", True),
        ("CARD-1", "RFID", False),
    ]
    assert page["items"][1]["expires_at"] == "2026-03-12T09:00:00Z"
    assert (await client.get("/api/v1/tokens?limit=1"))["next"] == "/api/v1/tokens?limit=1&offset=1"
