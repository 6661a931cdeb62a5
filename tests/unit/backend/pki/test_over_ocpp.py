"""A charging station's certificates over a real connection to the whole backend."""

from __future__ import annotations

import asyncio
import base64
import http.server
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from sqlalchemy import insert, select

from backend.db.engine import Database
from backend.db.tables import certificate_requests, charging_stations, pki_events
from backend.pki import pool, records
from backend.pki.directory import read
from certs.chains import validate
from certs.csr import Subject, new_key, signing_request
from certs.hash_data import HashData
from certs.hashing import hash_data, pairs
from certs.issuing import Authority
from certs.pem import read_bundle, write_bundle
from certs.profiles import CHARGING_STATION, SECC, Profile
from certs.responding import Known, Responder
from certs.revocation import believe, question
from certs.root_files import Kind
from tests.unit.backend import seed
from tests.unit.backend.databases import fresh_url
from tests.unit.backend.pki.conftest import EMAID, PCID
from tests.unit.backend.pki.vehicles import Holder, body_of, holder, installation, obtain
from tests.unit.backend.running import PATIENCE_S, Backend, Charger, backend, charger

TYPES = ("ChargingStationCertificate", "V2GCertificate")
OTHERS = "http://127.0.0.1:9"
_DAMAGED = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"


@asynccontextmanager
async def running(folder: Path, pki_directory: Path, more: str = "") -> AsyncIterator[Backend]:
    section = f'[pki]\ndirectory = "{pki_directory}"\n{more}'
    async with fresh_url("sqlite", folder) as url, backend(url, folder, more=section) as made:
        yield made


@pytest.fixture
async def with_pki(tmp_path: Path, pki_directory: Path) -> AsyncIterator[Backend]:
    async with running(tmp_path, pki_directory) as made:
        await made.add_station("CS-1")
        yield made


def csr(name: str = "S-1", domain: str | None = None) -> str:
    return signing_request(new_key(), Subject(common_name=name, organization="Op", domain_component=domain))


async def signed(station: Charger) -> dict[str, Any]:
    """Wait for CertificateSigned, and answer it as `station.answers` says."""
    async with asyncio.timeout(PATIENCE_S):
        while not (asked := [payload for action, payload in station.asked if action == "CertificateSigned"]):
            await station.call("Heartbeat", {})
            await asyncio.sleep(0.01)
    return asked[-1]


async def until_settled(database: Database, status: str) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            rows = await database.read(lambda db: db.execute(select(certificate_requests)).all())
            if rows and rows[-1].status == status:
                return rows[-1]
            await asyncio.sleep(0.01)


async def events(database: Database) -> list[str]:
    query = select(pki_events.c.outcome).order_by(pki_events.c.id)
    return list(await database.read(lambda db: db.execute(query).scalars()))


@pytest.mark.parametrize(
    ("kind", "domain", "root", "profile"),
    [(TYPES[0], None, "CSMS", CHARGING_STATION), (TYPES[1], "CPO", "V2G", SECC)],
)
async def test_a_station_gets_its_certificate(
    with_pki: Backend, pki_directory: Path, kind: str, domain: str | None, root: Kind, profile: Profile
) -> None:
    """A02, A03."""
    async with charger(with_pki) as station:
        station.answers["CertificateSigned"] = {"status": "Accepted"}
        request = csr(domain=domain)
        answer = await station.call("SignCertificate", {"csr": request, "certificateType": kind})
        assert answer == {"status": "Accepted"}
        got = await signed(station)
        assert got["certificateType"] == kind
        chain = read_bundle(got["certificateChain"])
        now = datetime.now(UTC)
        assert validate(chain, read(pki_directory).roots(root), profile, now).is_valid
        assert chain[0].public_key() == x509.load_pem_x509_csr(request.encode()).public_key()
        settling = asyncio.create_task(station.serve())
        await until_settled(with_pki.database, "Delivered")
        settling.cancel()
    accepted, issued, delivered = await events(with_pki.database)
    assert (accepted, issued, delivered) == (
        "accepted",
        f"issued {chain[0].serial_number:x}",
        "delivered",
    )


async def test_without_a_type_a_certificate_is_for_both_ends(with_pki: Backend, pki_directory: Path) -> None:
    async with charger(with_pki) as station:
        station.answers["CertificateSigned"] = {"status": "Accepted"}
        await station.call("SignCertificate", {"csr": csr(domain="CPO")})
        got = await signed(station)
        assert "certificateType" not in got
        chain, roots = read_bundle(got["certificateChain"]), read(pki_directory).roots("V2G")
        now = datetime.now(UTC)
        assert validate(chain, roots, SECC, now).is_valid
        assert validate(chain, roots, CHARGING_STATION, now).is_valid


@pytest.mark.parametrize(
    ("request_", "kind", "why"),
    [
        (
            csr("SOMEBODY-ELSE"),
            TYPES[0],
            "'SOMEBODY-ELSE', the station is 'CS-1' or 'S-1'",
        ),
        ("no request", TYPES[0], "there is no signing request (PEM) in it"),
        (_DAMAGED, TYPES[1], "no signing request that can be read"),
    ],
)
async def test_a_request_that_is_refused(with_pki: Backend, request_: str, kind: str, why: str) -> None:
    async with charger(with_pki) as station:
        answer = await station.call("SignCertificate", {"csr": request_, "certificateType": kind})
    assert answer["status"] == "Rejected"
    assert answer["statusInfo"]["reasonCode"] == "InvalidCSR"
    assert why in answer["statusInfo"]["additionalInfo"]
    assert why in (await events(with_pki.database))[0]


async def test_a_station_that_left_gets_its_certificate_when_it_is_back(with_pki: Backend) -> None:
    async with charger(with_pki) as station:
        assert (await station.call("SignCertificate", {"csr": csr()}))["status"] == "Accepted"
    await until_settled(with_pki.database, "Issued")
    async with charger(with_pki, boots=False) as station:
        station.answers["CertificateSigned"] = {"status": "Accepted"}
        await signed(station)
        serving = asyncio.create_task(station.serve())
        await until_settled(with_pki.database, "Delivered")
        serving.cancel()


async def test_a_backend_that_was_killed_goes_on_where_it_was(tmp_path: Path, pki_directory: Path) -> None:
    """What was acknowledged is in the database, and nothing else needs to be."""
    async with running(tmp_path, pki_directory) as first:
        await first.add_station("CS-1")
    at, database = datetime.now(UTC), Database(f"sqlite+aiosqlite:///{tmp_path / 'chargehand.db'}")
    waiting = {"csr": csr("CS-1"), "requested_at": at, "status": "Waiting", "type": TYPES[0]}
    station_id = select(charging_stations.c.id).scalar_subquery()
    await database.write(
        lambda db: db.execute(insert(certificate_requests).values(station_id=station_id, **waiting))
    )
    await database.close()
    async with running(tmp_path, pki_directory) as again, charger(again) as station:
        station.answers["CertificateSigned"] = {"status": "Accepted"}
        await signed(station)


async def test_a_station_may_refuse_its_certificate(with_pki: Backend) -> None:
    async with charger(with_pki) as station:
        info = {"reasonCode": "NoRoot", "additionalInfo": "install it"}
        station.answers["CertificateSigned"] = {"status": "Rejected", "statusInfo": info}
        await station.call("SignCertificate", {"csr": csr()})
        await signed(station)
        serving = asyncio.create_task(station.serve())
        assert (await until_settled(with_pki.database, "Refused")).why == "NoRoot install it"
        serving.cancel()


async def test_a_request_sent_again_is_one_request_and_a_newer_one_takes_its_place(
    with_pki: Backend,
) -> None:
    first, second = csr(), csr()
    async with charger(with_pki) as station:
        for request in (first, first, second):
            assert (await station.call("SignCertificate", {"csr": request}))["status"] == "Accepted"
    query = select(certificate_requests.c.csr, certificate_requests.c.status)
    rows = await with_pki.database.read(lambda db: db.execute(query).all())
    assert [row.csr for row in rows] == [first, second]
    assert rows[0].status == "Superseded"


async def test_a_vehicle_gets_a_contract_through_its_station(with_pki: Backend, pki_directory: Path) -> None:
    """M01."""
    at = datetime.now(UTC)
    await with_pki.database.write(lambda db: pool.add(db, EMAID, PCID, at))
    vehicle = holder(pki_directory, "oem-2/provisioning")
    request = {
        "iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef",
        "action": "Install",
        "exiRequest": installation(vehicle),
    }
    async with charger(with_pki) as station:
        answer = await station.call("Get15118EVCertificate", request)
        assert answer["status"] == "Accepted"
        assert obtain(answer["exiResponse"], vehicle.key).emaid == EMAID
        forged = installation(vehicle, new_key())
        refused = await station.call("Get15118EVCertificate", request | {"exiRequest": forged})
        assert refused["status"] == "Accepted", "the vehicle is told, by its own message"
        assert body_of(refused["exiResponse"])["ResponseCode"] == "FAILED_SignatureError"
        failed = await station.call("Get15118EVCertificate", request | {"exiRequest": "gA=="})
        assert (failed["status"], failed["exiResponse"]) == ("Failed", "")
        assert failed["statusInfo"]["reasonCode"] == "NotProcessed"


def asked(named: HashData, url: str = OTHERS) -> dict[str, str]:
    return {
        "hashAlgorithm": named.algorithm,
        "issuerNameHash": named.issuer_name_hash,
        "issuerKeyHash": named.issuer_key_hash,
        "serialNumber": named.serial_number,
        "responderURL": url,
    }


async def test_the_status_of_our_own_certificates(with_pki: Backend, pki_directory: Path) -> None:
    """M06."""
    contract = holder(pki_directory, "mo-2/contract")
    leaf, issuer = contract.chain[:2]
    named = asked(hash_data(leaf, issuer))
    async with charger(with_pki) as station:
        good = await station.call("GetCertificateStatus", {"ocspRequestData": named})
        assert _said(good, leaf, issuer) == "good"
        await revoke(with_pki.database, contract)
        revoked = await station.call("GetCertificateStatus", {"ocspRequestData": named})
        assert _said(revoked, leaf, issuer) == "revoked"
        unknown = await station.call(
            "GetCertificateStatus", {"ocspRequestData": named | {"serialNumber": "5"}}
        )
        assert unknown["status"] == "Accepted"
        wrong = await station.call("GetCertificateStatus", {"ocspRequestData": named | {"serialNumber": "x"}})
        assert wrong["status"] == "Failed"


async def test_nobody_is_asked_whom_the_operator_did_not_allow(with_pki: Backend) -> None:
    root = Authority.root(Subject(common_name="Other", organization="O"))
    named = asked(hash_data(root.certificate, root.certificate))
    async with charger(with_pki) as station:
        answer = await station.call("GetCertificateStatus", {"ocspRequestData": named})
    assert answer["status"] == "Failed"
    assert "not among [pki] responders" in answer["statusInfo"]["additionalInfo"]


async def test_a_responder_outside_is_asked_once_while_its_answer_lasts(
    tmp_path: Path, pki_directory: Path
) -> None:
    root = Authority.root(Subject(common_name="Other", organization="O"))
    leaf = root.issue(Subject(common_name="DE8AC12E45L7899", organization="O"))[1][0]
    with responder(root) as (url, questions):
        async with running(tmp_path, pki_directory, f'responders = ["{url}"]') as made:
            await made.add_station("CS-1")
            async with charger(made) as station:
                for _ in range(2):
                    request = {"ocspRequestData": asked(hash_data(leaf, root.certificate), f"{url}/ask?a=1")}
                    answer = await station.call("GetCertificateStatus", request)
                    assert _said(answer, leaf, root.certificate) == "good"
    assert questions == ["/ask?a=1"]


@contextmanager
def responder(authority: Authority) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of an OCSP responder on its own thread, and the paths that were asked."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            request = self.rfile.read(int(self.headers["Content-Length"]))
            body = Responder.of(authority).respond(request, lambda _: Known(), datetime.now(UTC))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            del arguments

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", paths
        finally:
            server.shutdown()
            thread.join()


async def test_a_contract_that_may_charge(with_pki: Backend, pki_directory: Path) -> None:
    """C07: by hashes of a chain that the station checked, or by the chain itself."""
    contract = holder(pki_directory, "mo-2/contract")
    root = read(pki_directory).roots("MO")[0]
    await with_pki.database.write(lambda db: seed.token(db, EMAID, type="EMAID"))
    hashes = [asked(hash_data(*pair)) for pair in pairs((*contract.chain, root))][:3]
    token = {"idToken": {"idToken": "DE-83D-UIEN83QGZ-D", "type": "eMAID"}}
    by_hash = token | {"iso15118CertificateHashData": hashes}
    by_chain = token | {"certificate": write_bundle(contract.chain)}
    async with charger(with_pki) as station:
        for request in (by_hash, by_chain):
            answer = await station.call("Authorize", request)
            assert answer["certificateStatus"] == "Accepted"
            assert answer["idTokenInfo"]["status"] == "Accepted"
        assert (await station.call("Authorize", token))["idTokenInfo"]["status"] == "Accepted"
        await revoke(with_pki.database, contract)
        for request in (by_hash, by_chain):
            answer = await station.call("Authorize", request)
            assert answer["certificateStatus"] == "CertificateRevoked"
            assert answer["idTokenInfo"]["status"] == "Invalid"


async def test_contracts_that_may_not_charge(with_pki: Backend, pki_directory: Path) -> None:
    contract = holder(pki_directory, "mo-2/contract")
    chain = write_bundle(contract.chain)
    at = datetime.now(UTC)
    await with_pki.database.write(lambda db: seed.token(db, EMAID, type="EMAID"))
    await with_pki.database.write(lambda db: seed.token(db, "DE8AC12E45L7899", type="EMAID"))
    other = Authority.root(Subject(common_name="Other", organization="O"))
    elsewhere = other.issue(Subject(common_name=EMAID, organization="O"))[1]
    known = hash_data(contract.chain[0], contract.chain[1])
    never_issued = HashData(
        algorithm="SHA256",
        issuer_name_hash=known.issuer_name_hash,
        issuer_key_hash=known.issuer_key_hash,
        serial_number="77",
    )
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("DE8AC12E45L7899", {"certificate": chain}, "CertChainError"),
        (EMAID, {"certificate": "nonsense"}, "CertChainError"),
        (EMAID, {"certificate": write_bundle(elsewhere)}, "CertChainError"),
        (EMAID, {"iso15118CertificateHashData": [asked(never_issued)]}, "NoCertificateAvailable"),
        (
            EMAID,
            {"iso15118CertificateHashData": [asked(hash_data(elsewhere[0], other.certificate))]},
            "NoCertificateAvailable",
        ),
    ]
    async with charger(with_pki) as station:
        for emaid, more, status in cases:
            request = {"idToken": {"idToken": emaid, "type": "eMAID"}} | more
            answer = await station.call("Authorize", request)
            assert (answer["certificateStatus"], answer["idTokenInfo"]["status"]) == (status, "Invalid")
        await with_pki.database.write(lambda db: pool.add(db, EMAID, PCID, at))
        await with_pki.database.write(lambda db: pool.cancel(db, EMAID, at))
        request = {"idToken": {"idToken": EMAID, "type": "eMAID"}, "certificate": chain}
        answer = await station.call("Authorize", request)
        assert answer["certificateStatus"] == "ContractCancelled"
        assert answer["idTokenInfo"]["status"] == "Invalid"
        stranger = {"idToken": {"idToken": "CARD", "type": "ISO14443"}}
        assert (await station.call("Authorize", stranger))["idTokenInfo"]["status"] == "Unknown"


async def test_anybody_may_ask_over_http(with_pki: Backend, pki_directory: Path) -> None:
    contract = holder(pki_directory, "mo-2/contract")
    leaf, issuer = contract.chain[:2]
    await revoke(with_pki.database, contract)
    asking = question(leaf, issuer, nonce=b"12345678")
    async with httpx.AsyncClient(base_url=with_pki.api_url) as client:
        posted = await client.post("/pki/ocsp", content=asking)
        got = await client.get(f"/pki/ocsp/{base64.b64encode(question(leaf, issuer)).decode()}")
        number = records.issuer_of(issuer)[:16]
        listed = await client.get(f"/pki/crl/{number}.crl")
        assert (await client.get("/pki/crl/none.crl")).status_code == 404
        assert (await client.get("/pki/ocsp/!")).status_code == 422
        assert (await client.post("/pki/ocsp", content=bytes(5_000))).status_code == 422
        malformed = await client.post("/pki/ocsp", content=b"x")
    now = datetime.now(UTC)
    assert posted.headers["content-type"] == "application/ocsp-response"
    assert believe(posted.content, leaf, issuer, now, b"12345678").status == "revoked"
    assert believe(got.content, leaf, issuer, now).status == "revoked"
    crl = x509.load_der_x509_crl(listed.content)
    assert [one.serial_number for one in crl] == [leaf.serial_number]
    assert x509.ocsp.load_der_ocsp_response(malformed.content).response_status.name == "MALFORMED_REQUEST"


async def revoke(database: Database, contract: Holder) -> None:
    issuer, number = records.issuer_of(contract.chain[1]), f"{contract.chain[0].serial_number:x}"
    at = datetime.now(UTC)
    await database.write(lambda db: records.revoke(db, issuer, number, at, "lost"))


def _said(answer: dict[str, Any], leaf: x509.Certificate, issuer: x509.Certificate) -> str:
    assert answer["status"] == "Accepted"
    der = base64.b64decode(answer["ocspResult"])
    return believe(der, leaf, issuer, datetime.now(UTC)).status
