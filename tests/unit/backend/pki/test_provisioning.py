"""Contracts for vehicles, by a provisioning service with real certificates, read as a vehicle reads them."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables import issued_certificates, pki_events
from backend.pki import pool, provisioning, records
from backend.pki.directory import Authorities
from backend.pki.editions import EDITION_2, EDITION_20
from backend.pki.ev_messages import Action
from backend.pki.pool import Contract, OwnPool, PoolUnavailable
from backend.pki.provisioning import Answer, Provisioning
from backend.pki.terms import Wording
from certs.chains import validate
from certs.csr import Subject
from certs.exi.codec import decode
from certs.exi.tables import schema
from certs.issuing import Authority, Terms
from certs.profiles import CONTRACT, CONTRACT_20, PROVISIONING_SERVICE
from tests.unit.backend import seed
from tests.unit.backend.pki.conftest import EMAID, PCID
from tests.unit.backend.pki.vehicles import (
    Holder,
    body_of,
    holder,
    installation,
    installation_20,
    obtain,
    obtain_20,
    renewal,
)

NAMESPACE_2, NAMESPACE_20 = EDITION_2.namespace, EDITION_20.namespace


class Service:
    """A provisioning service on a database, and the station that asks it."""

    def __init__(self, service: Provisioning, database: Database, station_id: int) -> None:
        self.provisioning = service
        self.database = database
        self.station_id = station_id

    async def ask(self, exi: str, action: Action = "Install", namespace: str = NAMESPACE_2) -> Answer:
        return await self.provisioning.answer(namespace, action, exi, self.station_id)

    async def refusal(self, exi: str, action: Action = "Install") -> str:
        """Return the response code that the vehicle gets, of an answer that was processed."""
        answer = await self.ask(exi, action)
        assert answer.is_processed
        assert answer.why
        code: str = body_of(answer.exi)["ResponseCode"]
        return code

    async def last_event(self) -> tuple[str, str, str]:
        query = select(pki_events).order_by(pki_events.c.id.desc()).limit(1)
        row = await self.database.read(lambda db: db.execute(query).one())
        return row.what, row.subject, row.outcome


@pytest.fixture
async def service(sqlite: Database, authorities: Authorities, clock: Callable[[], datetime]) -> Service:
    station_id = await sqlite.write(seed.station)
    await sqlite.write(lambda db: pool.add(db, EMAID, PCID, clock()))
    made = Provisioning(authorities, OwnPool(sqlite), sqlite, Wording(), clock)
    return Service(made, sqlite, station_id)


@pytest.fixture
def vehicle(pki_directory: Path) -> Holder:
    return holder(pki_directory, "oem-2/provisioning")


@pytest.fixture
def contract(pki_directory: Path) -> Holder:
    return holder(pki_directory, "mo-2/contract")


async def test_a_vehicle_gets_its_contract(
    service: Service, vehicle: Holder, authorities: Authorities
) -> None:
    answer = await service.ask(installation(vehicle))
    assert answer.why == ""
    assert len(answer.exi) <= 5600
    found = obtain(answer.exi, vehicle.key)
    assert found.emaid == EMAID
    now = datetime.now(UTC)
    assert validate(found.contract.chain, authorities.roots("MO"), CONTRACT, now).is_valid
    assert validate(found.service, authorities.roots("V2G"), PROVISIONING_SERVICE, now).is_valid
    serial = f"{found.contract.chain[0].serial_number:x}"
    assert await service.last_event() == ("Install", f"{PCID}: {EMAID}", f"issued {serial}")
    query = select(issued_certificates.c.serial_number, issued_certificates.c.common_name)
    assert (await service.database.read(lambda db: db.execute(query).one())) == (serial, EMAID)


async def test_a_contract_is_renewed_for_whoever_has_the_old_key(service: Service, vehicle: Holder) -> None:
    old = obtain((await service.ask(installation(vehicle))).exi, vehicle.key).contract
    answer = await service.ask(renewal(old, EMAID), "Update")
    new = obtain(answer.exi, old.key)
    assert new.emaid == EMAID
    assert new.contract.chain[0].serial_number != old.chain[0].serial_number
    assert (await service.last_event())[0] == "Update"


async def test_a_signature_of_another_key(service: Service, vehicle: Holder) -> None:
    forged = installation(vehicle, ec.generate_private_key(ec.SECP256R1()))
    assert await service.refusal(forged) == "FAILED_SignatureError"
    assert "another key signed it" in (await service.last_event())[2]


async def test_a_vehicle_that_nobody_knows(service: Service, pki_directory: Path, vehicle: Holder) -> None:
    authority = holder(pki_directory, "oem-2/oem-sub-ca-2")
    above = Authority(key=authority.key, certificate=authority.chain[0], chain=authority.chain)
    other = _vehicle(above, "WDXOTHER000000001")
    assert await service.refusal(installation(other)) == "FAILED_NoCertificateAvailable"
    assert "WDXOTHER000000001" in (await service.last_event())[2]


async def test_a_provisioning_certificate_that_has_expired(service: Service, pki_directory: Path) -> None:
    authority = holder(pki_directory, "oem-2/oem-sub-ca-2")
    above = Authority(key=authority.key, certificate=authority.chain[0], chain=authority.chain)
    month = timedelta(days=30)
    old = _vehicle(above, PCID, valid_from=-2 * month, valid_for=month)
    assert await service.refusal(installation(old)) == "FAILED_CertificateExpired"


async def test_a_manufacturer_that_nobody_trusts(service: Service) -> None:
    root = Authority.root(Subject(common_name="Root", organization="Other"))
    other = _vehicle(root.below(Subject(common_name="Sub", organization="Other")), PCID)
    assert await service.refusal(installation(other)) == "FAILED_CertChainError"


async def test_a_contract_that_was_cancelled(service: Service, vehicle: Holder, contract: Holder) -> None:
    at = datetime.now(UTC)
    await service.database.write(lambda db: pool.cancel(db, EMAID, at))
    assert await service.refusal(installation(vehicle)) == "FAILED_ContractCanceled"
    assert await service.refusal(renewal(contract, EMAID), "Update") == "FAILED_ContractCanceled"


async def test_a_certificate_that_was_revoked_is_not_renewed(service: Service, vehicle: Holder) -> None:
    old = obtain((await service.ask(installation(vehicle))).exi, vehicle.key).contract
    issuer, number = records.issuer_of(old.chain[1]), f"{old.chain[0].serial_number:x}"
    at = datetime.now(UTC)
    await service.database.write(lambda db: records.revoke(db, issuer, number, at, "lost"))
    assert await service.refusal(renewal(old, EMAID), "Update") == "FAILED_CertificateRevoked"


async def test_a_contract_of_somebody_else_is_not_renewed(service: Service, contract: Holder) -> None:
    assert await service.refusal(renewal(contract, "DE8AC12E45L7899"), "Update") == "FAILED_CertChainError"


@pytest.mark.parametrize(
    ("exi", "action", "why"),
    [
        ("!", "Install", "no base64"),
        (base64.b64encode(b"\x80nonsense").decode(), "Install", "no message of ISO 15118-2"),
        ("", "Install", "no message of ISO 15118-2"),
    ],
)
async def test_what_cannot_be_read(service: Service, exi: str, action: Action, why: str) -> None:
    answer = await service.ask(exi, action)
    assert not answer.is_processed
    assert why in answer.why
    assert why in (await service.last_event())[2]


async def test_an_action_that_is_not_the_messages(service: Service, vehicle: Holder) -> None:
    answer = await service.ask(installation(vehicle), "Update")
    assert not answer.is_processed
    assert "Update goes with CertificateUpdateReq, it has CertificateInstallationReq" in answer.why


async def test_an_edition_that_nobody_reads(service: Service, vehicle: Holder) -> None:
    answer = await service.ask(installation(vehicle), namespace="urn:din:70121:2012:MsgDef")
    assert not answer.is_processed
    assert "nobody here reads 'urn:din:70121:2012:MsgDef'" in answer.why


async def test_an_answer_that_is_too_long_is_none(
    service: Service, vehicle: Holder, authorities: Authorities, clock: Callable[[], datetime]
) -> None:
    short = Provisioning(
        authorities, OwnPool(service.database), service.database, Wording(), clock, longest=4000
    )
    answer = await short.answer(NAMESPACE_2, "Install", installation(vehicle), service.station_id)
    assert not answer.is_processed
    assert "4000 are allowed" in answer.why
    assert "longest_ev_answer" in answer.why


async def test_a_pool_that_is_away(
    service: Service, vehicle: Holder, authorities: Authorities, clock: Callable[[], datetime]
) -> None:
    class Away(OwnPool):
        async def for_vehicle(self, pcid: str) -> tuple[Contract, ...]:
            raise PoolUnavailable(f"the pool cannot be asked about {pcid}")

    away = Provisioning(authorities, Away(service.database), service.database, Wording(), clock)
    answer = await away.answer(NAMESPACE_2, "Install", installation(vehicle), service.station_id)
    assert not answer.is_processed
    assert answer.why == f"the pool cannot be asked about {PCID}"


async def test_nobody_waits_for_a_pool_for_ever(
    service: Service,
    vehicle: Holder,
    authorities: Authorities,
    clock: Callable[[], datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow(OwnPool):
        async def for_vehicle(self, pcid: str) -> tuple[Contract, ...]:
            await asyncio.Event().wait()
            return await super().for_vehicle(pcid)

    monkeypatch.setattr(provisioning, "ANSWER_WITHIN_S", 0.05)
    slow = Provisioning(authorities, Slow(service.database), service.database, Wording(), clock)
    answer = await slow.answer(NAMESPACE_2, "Install", installation(vehicle), service.station_id)
    assert not answer.is_processed
    assert "not answered within" in answer.why


async def test_the_later_edition(
    service: Service, pki_directory: Path, authorities: Authorities, clock: Callable[[], datetime]
) -> None:
    vehicle = holder(pki_directory, "oem-20/provisioning")
    await service.database.write(lambda db: pool.add(db, "DE8AC12E45L7899", PCID, clock()))
    roomy = Provisioning(
        authorities, OwnPool(service.database), service.database, Wording(), clock, longest=7500
    )
    request = installation_20(vehicle, wished=["NLXYZ0000000000", "de-83d-uien83qgz-d"])
    answer = await roomy.answer(NAMESPACE_20, "Install", request, service.station_id)
    assert answer.why == ""
    found, remaining = obtain_20(answer.exi, vehicle.key)
    assert (found.emaid, remaining) == (EMAID, 1)
    assert validate(found.contract.chain, authorities.roots("MO"), CONTRACT_20, datetime.now(UTC)).is_valid
    update = await roomy.answer(NAMESPACE_20, "Update", request, service.station_id)
    assert not update.is_processed
    assert "no update" in update.why


async def test_the_later_edition_says_no_in_its_own_words(service: Service, pki_directory: Path) -> None:
    vehicle = holder(pki_directory, "oem-20/provisioning")
    forged = replace(vehicle, key=ec.generate_private_key(ec.SECP521R1()))
    answer = await service.ask(installation_20(forged), namespace=NAMESPACE_20)
    assert answer.is_processed
    _, message = decode(schema("iso20_common"), base64.b64decode(answer.exi))
    assert message["ResponseCode"] == "FAILED_SignatureError"


def _vehicle(above: Authority, pcid: str, **terms: timedelta) -> Holder:
    key, chain = above.issue(
        Subject(common_name=pcid, organization="OEM"),
        Terms(usage=("digital_signature", "key_agreement"), **terms),  # type: ignore[arg-type] # times only
    )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificates: tuple[x509.Certificate, ...] = chain
    return Holder(key, certificates)
