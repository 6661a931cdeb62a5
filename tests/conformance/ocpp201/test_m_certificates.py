"""M03, M04 and M05: root certificates are installed, listed and deleted."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certs.issuing import AUTHORITY, Authority, Terms
from certs.pem import write_bundle
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import (
    V2G,
    ask_to_sign,
    delete,
    event,
    install,
    installed,
    renew,
    signed,
)
from tests.conformance.ocpp201.sessions import get_variables
from tests.conformance.tls import OLD, ROOT, STATION, Operator, behind_tls, client_of, url_of
from tests.stack.ocsp import answer, as_text

KINDS = (
    "CSMSRootCertificate",
    "ManufacturerRootCertificate",
    "MORootCertificate",
    "V2GRootCertificate",
)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def new_root() -> str:
    return write_bundle((Authority.root(ROOT).certificate,))


def named(root: Authority, digest: str = "SHA256", serial: str | None = None) -> Payload:
    """Return the hash data of a root, computed without the code under test."""
    made = hashlib.new(digest.lower())
    name, key = made.copy(), made.copy()
    name.update(root.certificate.subject.public_bytes())
    key.update(root.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return {
        "hashAlgorithm": digest,
        "issuerNameHash": name.hexdigest(),
        "issuerKeyHash": key.hexdigest(),
        "serialNumber": serial or f"{root.certificate.serial_number:X}",
    }


async def entries(csms: Csms) -> str:
    [result] = await get_variables(csms, "SecurityCtrlr.CertificateEntries")
    value: str = result["attributeValue"]
    return value


async def test_tc_m_01_cs_install_and_retrieve_every_type(csms: Csms, start: Start) -> None:
    """M05.FR.01, M05.FR.02, M03.FR.01, M03.FR.03, M03.FR.04: each type, several and all, over a power cut.

    TC_M_02_CS, TC_M_03_CS, TC_M_04_CS, TC_M_12_CS, TC_M_13_CS, TC_M_14_CS, TC_M_16_CS, TC_M_17_CS, and
    TC_M_18_CS.
    """
    station = await start()
    roots = {kind: Authority.root(ROOT) for kind in KINDS}
    for kind, root in roots.items():
        assert await install(csms, write_bundle((root.certificate,)), kind) == "Accepted"
        await event(csms, "ReconfigurationOfSecurityParameters")
        [listed] = await installed(csms, kind)
        assert listed["certificateType"] == kind
        expected = {name: text.lower() for name, text in named(root).items()}
        assert {name: text.lower() for name, text in listed["certificateHashData"].items()} == expected
    assert await entries(csms) == "4"
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert {listed["certificateType"] for listed in await installed(csms)} == set(KINDS)
    assert len(await installed(csms, KINDS[0], KINDS[2])) == 2


async def test_tc_m_19_cs_nothing_of_the_type_is_installed(csms: Csms, start: Start) -> None:
    """M03.FR.01, M03.FR.02."""
    await start()
    assert await installed(csms) == []
    assert await install(csms, new_root(), "MORootCertificate") == "Accepted"
    assert await installed(csms, "V2GRootCertificate", "V2GCertificateChain") == []


@pytest.mark.parametrize("what", ["no certificate", "expired", "leaf", "sub-CA", "two of them"])
async def test_tc_m_07_cs_install_rejected(csms: Csms, operator: Operator, start: Start, what: str) -> None:
    """M05.FR.07: what is no valid root is neither trusted nor in the way."""
    await start()
    match what:
        case "expired":
            past = replace(AUTHORITY, valid_from=timedelta(days=-9), valid_for=timedelta(days=8))
            pem = write_bundle((Authority.root(ROOT, past).certificate,))
        case "leaf":
            pem = write_bundle(operator.root.issue(STATION)[1])
        case "sub-CA":
            pem = write_bundle((operator.root.below(STATION).certificate,))
        case "two of them":
            pem = new_root() + new_root()
        case _:
            pem = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"
    assert await install(csms, pem) == "Rejected"
    assert await installed(csms) == []
    assert await entries(csms) == "0"


async def test_m05_there_is_room_for_so_many(csms: Csms, start: Start) -> None:
    """M05.FR.06, M05.FR.17: one that is there already needs no room; a deleted one makes some."""
    await start()
    roots = [new_root() for _ in range(11)]
    for root in roots[:10]:
        assert await install(csms, root, "V2GRootCertificate") == "Accepted"
    assert await install(csms, roots[10], "V2GRootCertificate") == "Rejected"
    assert await install(csms, roots[0], "V2GRootCertificate") == "Accepted"
    found = await installed(csms, "V2GRootCertificate")
    assert len(found) == 10
    assert await delete(csms, found[0]["certificateHashData"]) == "Accepted"
    assert await install(csms, roots[10], "V2GRootCertificate") == "Accepted"


async def test_m05_fr_03_a_disk_that_fails(csms: Csms, start: Start, tmp_path: Path) -> None:
    """M05.FR.03, M04.FR.03."""
    await start()
    store = tmp_path / "agent-state" / "certificates"
    assert await install(csms, new_root()) == "Accepted"
    store.rename(store.with_name("gone"))
    store.write_text("in the way")
    assert await install(csms, new_root()) == "Failed"
    store.unlink()
    store.with_name("gone").rename(store)
    assert len(await installed(csms)) == 1


@pytest.mark.parametrize("digest", ["SHA256", "SHA384", "SHA512"])
async def test_tc_m_20_cs_delete(csms: Csms, start: Start, digest: str) -> None:
    """M04.FR.01, M04.FR.02: by any of the hash algorithms, digits in any case, over a power cut."""
    station = await start()
    root, other = Authority.root(ROOT), Authority.root(ROOT)
    for one in (root, other):
        assert await install(csms, write_bundle((one.certificate,)), "MORootCertificate") == "Accepted"
    assert await delete(csms, named(root, digest)) == "Accepted"
    await event(csms, "ReconfigurationOfSecurityParameters")
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert len(await installed(csms)) == 1
    assert await delete(csms, named(root, digest)) == "NotFound"


async def test_tc_m_22_cs_delete_what_is_not_there(csms: Csms, start: Start) -> None:
    """M04.FR.04."""
    await start()
    root = Authority.root(ROOT)
    assert await install(csms, write_bundle((root.certificate,))) == "Accepted"
    assert await delete(csms, named(root, serial="1")) == "NotFound"
    assert len(await installed(csms)) == 1


async def test_tc_m_23_cs_own_certificate_and_root_in_use_stay(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """M04.FR.06, M04.FR.08: the link to the backend is not cut off by a deletion."""
    with behind_tls(csms, operator.mutual()) as front:
        await start(url=url_of(front), keys=operator.station(OLD))
        [root] = await installed(csms, "CSMSRootCertificate")
        assert await delete(csms, root["certificateHashData"]) == "Failed"
        first = client_of(front)
        await renew(csms, operator)
        await csms.until(lambda: csms.connections == 2)
        assert client_of(front) != first
        spare = Authority.root(ROOT)
        assert await install(csms, write_bundle((spare.certificate,))) == "Accepted"
        assert await delete(csms, named(spare)) == "Accepted", "nothing depends on it"
        assert await delete(csms, root["certificateHashData"]) == "Failed"
        own = client_of(front)
        issuer = named(operator.sub_ca, serial=f"{own.serial_number:x}")
        assert await delete(csms, issuer) == "Failed", "the charging station certificate"
        await csms.drop()
        await csms.until(lambda: csms.connections == 3)


CHECKED = {"SecurityCtrlr__AdditionalRootCertificateCheck": True}


async def test_m05_a_root_is_replaced_by_one_that_it_signed(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """M05.FR.09, M05.FR.10, M05.FR.11, M05.FR.12, M05.FR.13, M05.FR.14; TC_M_09_CS."""
    with behind_tls(csms, operator.server()) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, **CHECKED)
        assert await install(csms, new_root()) == "Rejected", "the root there is did not sign it"
        new = operator.root.below(replace(ROOT, common_name="New Root"))
        assert await install(csms, write_bundle((new.certificate,))) == "Accepted"
        assert len(await installed(csms, "CSMSRootCertificate")) == 2, "the old one stays for a while"
        front.context = operator.server(issuer=Operator(operator.directory).root)
        handshakes = len(front.handshakes)
        await csms.drop()
        await csms.until(lambda: len(front.handshakes) >= handshakes + 2)
        front.context = operator.server(issuer=new)
        await csms.until(lambda: csms.is_connected)
        [left] = await until_installed(csms, 1)
        assert int(left["certificateHashData"]["serialNumber"], 16) == new.certificate.serial_number
        await csms.drop()
        await csms.until(lambda: csms.is_connected)


async def test_m05_fr_14_the_root_before_is_fallen_back_to(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """M05.FR.14: the new one does not fit what the backend shows."""
    with behind_tls(csms, operator.server()) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, **CHECKED)
        new = operator.root.below(replace(ROOT, common_name="New Root"))
        assert await install(csms, write_bundle((new.certificate,))) == "Accepted"
        await csms.drop()
        await csms.until(lambda: csms.is_connected)
        await event(csms, "InvalidCsmsCertificate")
        assert len(await installed(csms, "CSMSRootCertificate")) == 2


async def until_installed(csms: Csms, count: int) -> list[Payload]:
    """Wait until so many CSMS roots are installed, and return them."""
    while len(found := await installed(csms, "CSMSRootCertificate")) != count:
        await asyncio.sleep(0.05)
    return found


SECC = Terms(usage=("digital_signature", "key_agreement"), ocsp_url="http://ocsp.example/")


async def test_tc_m_24_the_status_of_certificates_for_vehicles_is_asked_for_ahead(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """M06.FR.06: of each one below the root; again for the next one (M06.FR.07), not after a power cut.

    TC_M_25: a backend that has none is not asked all the time.
    """
    station = await start(SecurityCtrlr__OrganizationName="Operator")
    terms = replace(AUTHORITY, ocsp_url="http://ca.example/")
    sub_ca = operator.root.below(replace(ROOT, common_name="V2G Sub-CA"), terms)
    issued = {sub_ca.certificate.serial_number: (sub_ca.certificate, operator.root)}

    def status(payload: Payload) -> Payload:
        one = issued[int(payload["ocspRequestData"]["serialNumber"], 16)]
        return {"status": "Accepted", "ocspResult": as_text(answer(*one))}

    async def certified(age: timedelta) -> list[tuple[int, str]]:
        csr = (await ask_to_sign(csms, "SignV2GCertificate"))["csr"]
        leaf, *above = sub_ca.answer(csr, replace(SECC, valid_from=-age))
        issued[leaf.serial_number] = leaf, sub_ca
        assert await signed(csms, write_bundle((leaf, *above)), V2G) == "Accepted"
        urls = "http://ocsp.example/", "http://ca.example/"
        return list(zip((leaf.serial_number, sub_ca.certificate.serial_number), urls, strict=True))

    async def asked() -> list[tuple[int, str]]:
        questions = [(await csms.expect("GetCertificateStatus")).payload["ocspRequestData"] for _ in range(2)]
        return [(int(one["serialNumber"], 16), one["responderURL"]) for one in questions]

    assert await install(csms, operator.root_pem, "V2GRootCertificate") == "Accepted"
    csms.script["GetCertificateStatus"] = {"status": "Failed"}
    assert await certified(timedelta(days=2)) == await asked()
    await csms.nothing_more(0.3, "GetCertificateStatus")
    csms.script["GetCertificateStatus"] = status
    assert await certified(timedelta(days=1)) == await asked()
    await csms.until(lambda: station.log.count(", shown to vehicles, is good") == 2)
    await station.cut_power()
    csms.forget()
    await station.power_on()
    await csms.expect("StatusNotification")
    await csms.nothing_more(0.3, "GetCertificateStatus")
