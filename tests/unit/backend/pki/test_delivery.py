"""The way of a certificate to a station that is silent, refuses, or cannot have one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from backend.csms.errors import StationRefused, StationSilent
from backend.db.engine import Database
from backend.db.tables import certificate_requests
from backend.pki import signing
from backend.pki.delivery import Delivery, Send
from backend.pki.directory import Authorities
from backend.pki.signing import StationRequest
from backend.pki.terms import Wording
from certs.csr import Subject, new_key, signing_request
from tests.unit.backend import seed
from tests.unit.backend.running import PATIENCE_S

Outcome = str | Exception | None


class Here:
    """One station is connected."""

    def may_be_asked(self, identity: str) -> bool:
        return identity == "CS-1"


class Stations:
    """Answers CertificateSigned with one outcome after the other."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.chains: list[str] = []

    async def __call__(self, identity: str, chain: str, type_: str | None) -> str | None:
        self.chains.append(chain)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@asynccontextmanager
async def delivering(
    database: Database,
    authorities: Authorities,
    send: Send,
) -> AsyncIterator[Delivery]:
    delivery = Delivery(authorities, database, Wording(), lambda: datetime.now(UTC), Here(), send)
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        task.cancel()
        await asyncio.wait([task])


async def ask(database: Database, authorities: Authorities) -> None:
    station_id = await database.write(seed.station)
    csr = signing_request(new_key(), Subject(common_name="CS-1", organization="O"))
    asked = StationRequest(
        station_id=station_id, type="ChargingStationCertificate", csr=csr, received_at=datetime.now(UTC)
    )
    assert await database.write(lambda db: signing.take(db, authorities, asked)) is None


async def settled(database: Database) -> Any:
    newest = select(certificate_requests).order_by(certificate_requests.c.id.desc()).limit(1)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            row = await database.read(lambda db: db.execute(newest).one())
            if row.settled_at is not None:
                return row
            await asyncio.sleep(0.01)


async def test_a_silent_station_is_sent_the_same_chain_again(
    sqlite: Database, authorities: Authorities
) -> None:
    await ask(sqlite, authorities)
    stations = Stations(StationSilent("CS-1", "no answer in time"), None)
    async with delivering(sqlite, authorities, stations) as delivery:
        async with asyncio.timeout(PATIENCE_S):
            while len(stations.chains) < 2:
                delivery.wake()
                await asyncio.sleep(0.01)
        assert (await settled(sqlite)).status == "Delivered"
    assert stations.chains[0] == stations.chains[1]


async def test_an_error_of_the_station_is_a_refusal(sqlite: Database, authorities: Authorities) -> None:
    await ask(sqlite, authorities)
    error = StationRefused("CS-1", "NotImplemented", "no certificates here")
    async with delivering(sqlite, authorities, Stations(error)):
        row = await settled(sqlite)
    assert row.status == "Refused"
    assert "no certificates here" in row.why


async def test_what_cannot_be_certified_any_more(sqlite: Database, authorities: Authorities) -> None:
    """The authority has gone since the request was taken."""
    await ask(sqlite, authorities)
    async with delivering(sqlite, Authorities([]), Stations()):
        row = await settled(sqlite)
    assert row.status == "Failed"
    assert "nobody here certifies charging stations' keys for OCPP" in row.why


async def test_an_error_of_ours_is_no_end(sqlite: Database, authorities: Authorities) -> None:
    await ask(sqlite, authorities)
    stations = Stations(RuntimeError("unforeseen"), None)
    async with delivering(sqlite, authorities, stations) as delivery:
        async with asyncio.timeout(PATIENCE_S):
            while len(stations.chains) < 2:
                delivery.wake()
                await asyncio.sleep(0.01)
        assert (await settled(sqlite)).status == "Delivered"


async def test_many_stations_that_are_away_keep_nobody_waiting(
    sqlite: Database, authorities: Authorities
) -> None:
    def leave_open(db: Connection) -> None:
        away = {
            "station_id": seed.station(db, "CS-AWAY"),
            "csr": "",
            "chain": "",
            "status": "Issued",
            "requested_at": datetime.now(UTC),
        }
        db.execute(insert(certificate_requests), [away] * 501)

    await sqlite.write(leave_open)
    await ask(sqlite, authorities)
    async with delivering(sqlite, authorities, Stations(None)):
        assert (await settled(sqlite)).status == "Delivered"
