"""The whole backend in the test's process, on real sockets, and chargers that talk to it frame by frame."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection
from websockets.asyncio.client import ClientConnection, connect

from backend.app import running
from backend.config import load_config
from backend.csms.passwords import hash_password
from backend.db.engine import Database
from tests.unit.backend import seed
from tests.unit.backend.databases import made_new

PASSWORD = "a-password-of-24-letters"
PATIENCE_S = 20.0
CONFIG = """\
[database]
url = "{url}"
[ocpp]
port = 0
{ocpp}
[api]
port = 0
[cpo]
country_code = "DE"
party_id = "CHH"
currency = "EUR"
time_zone = "Europe/Berlin"
{more}
"""


@dataclass(frozen=True, slots=True)
class Backend:
    """A running backend. `database` looks into its database beside it."""

    ocpp_url: str
    api_url: str
    token: str
    database: Database

    async def add_station(self, identity: str, **columns: Any) -> None:
        hashed = hash_password(PASSWORD, generated=True)
        await self.database.write(lambda db: seed.station(db, identity, password_hash=hashed, **columns))

    async def get(self, path: str) -> Any:
        answer = await self.request("GET", path)
        answer.raise_for_status()
        return answer.json()

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=f"{self.api_url}/api/v1/", headers=headers) as client:
            return await client.request(method, path, **more)


@asynccontextmanager
async def backend(url: str, folder: Path, ocpp: str = "", more: str = "") -> AsyncIterator[Backend]:
    file = folder / "backend.toml"
    file.write_text(CONFIG.format(url=url, ocpp=ocpp, more=more))
    await made_new(url)
    async with running(load_config(file)) as (ocpp_line, api_line):
        database = Database(url)
        try:
            yield Backend(
                ocpp_line.removeprefix("ocpp "),
                api_line.removeprefix("api "),
                (folder / "api-token").read_text().strip(),
                database,
            )
        finally:
            await database.close()


class Refused(Exception):
    """The backend answered with a CALLERROR."""

    def __init__(self, code: str, description: str, details: dict[str, Any]) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.details = details


@dataclass
class Charger:
    """A charging station; answers calls of the backend from `answers`."""

    socket: ClientConnection
    identity: str
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def send(self, frame: Any) -> None:
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def receive(self) -> list[Any]:
        """Return the next frame that is no call of the backend's."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: list[Any] = json.loads(await self.socket.recv())
                if frame[0] != 2:
                    return frame
                await self._asked(frame)

    async def serve(self) -> None:
        """Answer calls until the connection ends."""
        async for text in self.socket:
            await self._asked(json.loads(text))

    async def _asked(self, frame: list[Any]) -> None:
        _, message_id, action, payload = frame
        self.asked.append((action, payload))
        if (answer := self.answers.get(action)) is not None:
            await self.send([3, message_id, answer])

    async def call(self, action: str, payload: dict[str, Any], message_id: str = "") -> dict[str, Any]:
        """Call and return the payload of the answer; raises Refused for a CALLERROR."""
        message_id = message_id or str(uuid.uuid4())
        await self.send([2, message_id, action, payload])
        frame = await self.receive()
        assert frame[1] == message_id, frame
        if frame[0] == 4:
            raise Refused(*frame[2:])
        answer: dict[str, Any] = frame[2]
        return answer

    async def boot(self) -> dict[str, Any]:
        station = {"model": "M", "vendorName": "V", "serialNumber": "S-1", "firmwareVersion": "1.0"}
        return await self.call("BootNotification", {"reason": "PowerUp", "chargingStation": station})


def authorization(identity: str, password: str = PASSWORD) -> dict[str, str]:
    request = httpx.Request("GET", "http://x", headers={})
    flow = httpx.BasicAuth(identity, password).auth_flow(request)
    return {"Authorization": next(flow).headers["Authorization"]}


@asynccontextmanager
async def charger(backend: Backend, identity: str = "CS-1", *, boots: bool = True) -> AsyncIterator[Charger]:
    async with connect(
        f"{backend.ocpp_url}/{identity}",
        subprotocols=["ocpp2.0.1"],  # type: ignore[list-item] # Subprotocol is a NewType of str
        additional_headers=authorization(identity),
        compression=None,
    ) as socket:
        made = Charger(socket, identity)
        if boots:
            assert (await made.boot())["status"] == "Accepted"
        yield made


def transaction_event(seq_no: int, kind: str = "", **members: Any) -> dict[str, Any]:
    """Return a TransactionEvent's payload; `wh`, `state` and `transaction_id` are put where they belong."""
    info: dict[str, Any] = {"transactionId": members.pop("transaction_id", "T-1")}
    if state := members.pop("state", None):
        info["chargingState"] = state
    info |= members.pop("info", {})
    at = members.pop("at", datetime(2026, 3, 11, 9, seq_no, tzinfo=UTC)).isoformat()
    payload: dict[str, Any] = {
        "eventType": kind or ("Started" if seq_no == 0 else "Updated"),
        "timestamp": at,
        "triggerReason": "MeterValuePeriodic",
        "seqNo": seq_no,
        "transactionInfo": info,
    }
    if (energy_wh := members.pop("wh", None)) is not None:
        payload["meterValue"] = [{"timestamp": at, "sampledValue": [{"value": energy_wh}]}]
    return payload | members


def write(work: Any) -> Any:
    """Return work on the database that ignores what it returns."""

    def ignoring(db: Connection) -> None:
        work(db)

    return ignoring
