"""What is kept of certificates and contracts, on each kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.csms.certificates import installed_of, remembered
from backend.db.engine import Database
from backend.db.tables import certificate_requests, station_certificates
from backend.db.upsert import upsert
from backend.pki import pool, records, signing
from backend.pki.directory import Authorities
from backend.pki.pool import Contract, ContractExists, OwnPool
from backend.pki.records import Event
from backend.pki.signing import StationRequest
from backend.pki.terms import Wording
from certs.csr import Subject, new_key, signing_request
from certs.responding import Known
from tests.unit.backend import seed

HOUR = timedelta(hours=1)
CSR = signing_request(new_key(), Subject(common_name="CS-1", organization="O"))


async def test_contracts_of_a_vehicle_are_the_newest_first_and_cancelled_ones_last(
    database: Database,
) -> None:
    for number, emaid in enumerate(("DE8AA1AAAAAAAAA", "DE8AA2BBBBBBBBB", "DE8AA3CCCCCCCCC")):
        await database.write(lambda db, e=emaid, n=number: pool.add(db, e, "WDX", seed.NOW + n * HOUR))  # type: ignore[misc] # bound now
    assert await database.write(lambda db: pool.cancel(db, "de-8aa-3ccccccccc", seed.NOW))
    assert not await database.write(lambda db: pool.cancel(db, "DE8AA4", seed.NOW))
    own = OwnPool(database)
    assert await own.for_vehicle("WDX") == (
        Contract(emaid="DE8AA2BBBBBBBBB", pcid="WDX"),
        Contract(emaid="DE8AA1AAAAAAAAA", pcid="WDX"),
        Contract(emaid="DE8AA3CCCCCCCCC", pcid="WDX", is_cancelled=True),
    )
    assert await own.for_vehicle("other") == ()
    assert await own.find("de-8aa-1aaaaaaaaa") == Contract(emaid="DE8AA1AAAAAAAAA", pcid="WDX")
    assert await own.find("DE8AA9") is None
    with pytest.raises(ContractExists):
        await database.write(lambda db: pool.add(db, "DE-8AA-1AAAAAAAAA", "W", seed.NOW))


async def test_what_was_issued_is_good_until_it_is_revoked(
    database: Database, authorities: Authorities
) -> None:
    contract = next(one for one in authorities.holdings if one.file == "contract")
    issuer = records.issuer_of(contract.chain[1])
    serial = contract.certificate.serial_number

    async def known() -> object:
        return await database.read(lambda db: records.known(db, issuer, serial, is_in_directory=False))

    assert await known() is None
    await database.write(lambda db: records.add_issued(db, contract.chain, "contracts", seed.NOW))
    assert await known() == Known()
    assert await database.read(lambda db: records.issuers_of(db, f"{serial:x}")) == [issuer]
    for later in (seed.NOW, seed.NOW + HOUR):
        await database.write(lambda db, at=later: records.revoke(db, issuer, f"{serial:x}", at, "lost"))  # type: ignore[misc] # bound now
    assert await known() == Known(revoked_at=seed.NOW)
    assert await database.read(lambda db: records.revoked(db, issuer)) == [(serial, seed.NOW)]
    [row] = await database.read(lambda db: records.issued(db, 10, 0))
    assert (row.duty, row.revoked_at, row.identity) == ("contracts", seed.NOW, None)


async def test_events_are_the_newest_first(database: Database) -> None:
    station_id = await database.write(seed.station)
    for event in (
        Event(what="CSR", subject="a", outcome="accepted", station_id=station_id),
        Event(what="contract", subject="b", outcome="added"),
    ):
        await database.write(lambda db, e=event: records.note(db, e, seed.NOW))  # type: ignore[misc] # bound now
    rows = await database.read(lambda db: records.events(db, 10, 0))
    assert [(row.what, row.identity) for row in rows] == [("contract", None), ("CSR", "CS-1")]


async def test_a_request_from_its_coming_to_its_delivery(
    database: Database, authorities: Authorities
) -> None:
    station_id = await database.write(seed.station)
    asked = StationRequest(station_id=station_id, type=None, csr=CSR, received_at=seed.NOW)
    assert await database.write(lambda db: signing.take(db, authorities, asked)) is None
    [row] = await database.read(signing.open_requests)
    assert (row.status, row.identity) == ("Waiting", "CS-1")
    at = authorities.need("stations").certificate.not_valid_before_utc + HOUR
    duty, chain = signing.answer(authorities, Wording(), row.csr, row.type, at)
    await database.write(lambda db: signing.keep_issued(db, row, duty, chain, at))
    [row] = await database.read(signing.open_requests)
    assert row.status == "Issued"
    await database.write(lambda db: signing.settle(db, row, "Delivered", None, at))
    assert await database.read(signing.open_requests) == []
    await database.write(lambda db: signing.settle(db, row, "Refused", "too late", at))
    query = select(certificate_requests.c.status)
    assert await database.read(lambda db: db.execute(query).scalar_one()) == "Delivered"


async def test_what_a_station_has(database: Database) -> None:
    station_id = await database.write(seed.station)
    row = {
        "station_id": station_id,
        "type": "V2GRootCertificate",
        "hash_algorithm": "SHA256",
        "issuer_name_hash": "aa",
        "issuer_key_hash": "bb",
        "serial_number": "1",
        "seen_at": seed.NOW,
    }
    await database.write(lambda db: upsert(db, station_certificates, [row, row]))
    [found] = await database.read(lambda db: remembered(db, "CS-1"))
    assert installed_of(found).named.word == "bb-1"
    assert await database.read(lambda db: remembered(db, "CS-2")) == []
