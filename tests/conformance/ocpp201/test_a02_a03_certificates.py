"""A02 and A03: certificates of the station's own, asked for, checked, used, and given up again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from certs.csr import Subject, new_key, signing_request
from certs.issuing import Authority, Terms
from certs.pem import read_bundle
from certs.rules import common_name
from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import (
    CLIENT,
    V2G,
    ask_to_sign,
    event,
    install,
    installed,
    renew,
    signed,
)
from tests.conformance.ocpp201.sessions import trigger
from tests.conformance.tls import (
    OLD,
    ROOT,
    SERIAL,
    Operator,
    behind_tls,
    client_of,
    name_of_client,
    url_of,
)

QUICK = {"SecurityCtrlr__CertSigningWaitMinimum": 1, "SecurityCtrlr__CertSigningRepeatTimes": 1}
SECC = Terms(usage=("digital_signature",))


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def test_tc_a_11_cs_charging_station_certificate(csms: Csms, operator: Operator, start: Start) -> None:
    """A02.FR.02, A02.FR.03, A02.FR.06, A02.FR.08, A02.FR.09, A02.FR.13, A00.FR.511."""
    with behind_tls(csms, operator.mutual()) as front:
        station = await start(
            url=url_of(front), keys=operator.station(OLD), SecurityCtrlr__OrganizationName="Operator"
        )
        before = client_of(front)
        request = await ask_to_sign(csms)
        assert request["certificateType"] == "ChargingStationCertificate"
        csr = x509.load_pem_x509_csr(request["csr"].encode())
        assert csr.is_signature_valid
        assert csr.public_key() != before.public_key(), "a fresh key"
        assert csr.subject == Subject(common_name=SERIAL, organization="Operator").name
        chain = operator.answer(request["csr"])
        assert await signed(csms, chain) == "Accepted"
        await csms.until(lambda: csms.connections == 2)
        assert client_of(front) == read_bundle(chain)[0], "in use at once, on a new connection"
        await event(csms, "ReconfigurationOfSecurityParameters")
        await station.cut_power()
        await station.power_on()
        await csms.expect("BootNotification")
        assert client_of(front) == read_bundle(chain)[0]
        assert "PRIVATE KEY" not in station.log + str(csms.frames), "A02.FR.05, A03.FR.05: it stays here"


async def test_tc_a_12_cs_v2g_certificate(csms: Csms, operator: Operator, start: Start) -> None:
    """A02.FR.02, A02.FR.03, A02.FR.06, A02.FR.13, M03.FR.05; TC_M_15_CS."""
    await start()
    request = await ask_to_sign(csms, "SignV2GCertificate")
    assert request["certificateType"] == V2G
    chain = operator.answer(request["csr"], SECC)
    assert await signed(csms, chain, V2G) == "Rejected", "its hierarchy is not known here"
    assert await install(csms, operator.root_pem, "V2GRootCertificate") == "Accepted"
    assert await signed(csms, chain, V2G) == "Accepted"
    [listed] = await installed(csms, "V2GCertificateChain")
    leaf, sub_ca = read_bundle(chain)
    assert int(listed["certificateHashData"]["serialNumber"], 16) == leaf.serial_number
    [child] = listed["childCertificateHashData"]
    assert int(child["serialNumber"], 16) == sub_ca.serial_number


async def test_a02_one_certificate_for_both(csms: Csms, operator: Operator, start: Start) -> None:
    """SignCombinedCertificate asks without a type, and is answered so."""
    await start()
    for kind in ("CSMSRootCertificate", "V2GRootCertificate"):
        assert await install(csms, operator.root_pem, kind) == "Accepted"
    request = await ask_to_sign(csms, "SignCombinedCertificate")
    assert "certificateType" not in request
    assert await signed(csms, operator.answer(request["csr"], SECC), None) == "Accepted"
    assert len(await installed(csms, "V2GCertificateChain")) == 1


@pytest.mark.parametrize("what", ["other root", "other key", "not asked for", "expired"])
async def test_tc_a_14_cs_invalid_certificate(
    csms: Csms, operator: Operator, start: Start, what: str
) -> None:
    """A02.FR.06, A02.FR.07: discarded, told, and what was in use goes on."""
    with behind_tls(csms, operator.mutual()) as front:
        await start(url=url_of(front), keys=operator.station(OLD))
        before = client_of(front)
        if what == "not asked for":
            chain = operator.answer(signing_request(new_key(), Subject(common_name=SERIAL, organization="X")))
            assert await signed(csms, chain) == "Rejected"
        else:
            csr = (await ask_to_sign(csms))["csr"]
            assert await signed(csms, wrong(what, operator, csr)) == "Rejected"
            await event(csms, "InvalidChargingStationCertificate")
        await csms.drop()
        await csms.until(lambda: csms.is_connected)
        assert client_of(front) == before


def wrong(what: str, operator: Operator, csr: str) -> str:
    match what:
        case "other root":
            return Operator(operator.directory, Authority.root(ROOT)).answer(csr)
        case "other key":
            return operator.answer(
                signing_request(new_key(), Subject(common_name=SERIAL, organization="Operator"))
            )
        case _:
            return operator.answer(csr, Terms(valid_from=timedelta(days=-9), valid_for=timedelta(days=8)))


async def test_tc_a_15_cs_sign_certificate_rejected(csms: Csms, start: Start) -> None:
    """A02.FR.20."""
    await start(**QUICK)
    csms.script["SignCertificate"] = {"status": "Rejected"}
    await ask_to_sign(csms)
    await csms.nothing_more(1.5, "SignCertificate")
    csms.script["SignCertificate"] = {"status": "Accepted"}
    await ask_to_sign(csms)


async def test_tc_a_23_cs_certificate_signed_timeout(csms: Csms, operator: Operator, start: Start) -> None:
    """A02.FR.17, A02.FR.18, A02.FR.19: what comes late is as welcome."""
    await start(**{**QUICK, "SecurityCtrlr__CertSigningRepeatTimes": 2})
    assert await install(csms, operator.root_pem) == "Accepted"
    await ask_to_sign(csms)
    asked = [call.at_s for call in csms.calls("SignCertificate")]
    for _ in range(2):
        again = await csms.expect("SignCertificate")
        asked.append(again.at_s)
    assert asked[1] - asked[0] >= 0.95
    assert asked[2] - asked[1] >= 1.95, "twice as long"
    await csms.nothing_more(0.5, "SignCertificate")
    assert await signed(csms, operator.answer(again.payload["csr"])) == "Accepted"


async def test_a03_the_station_renews_its_certificate_by_itself(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A03.FR.02, A03.FR.03, A03.FR.08, A03.FR.09, A03.FR.13: it has less than a month left."""
    csms.script["SignCertificate"] = {"status": "Accepted"}
    ending = Terms(valid_from=timedelta(days=-80), valid_for=timedelta(days=100))
    with behind_tls(csms, operator.mutual()) as front:
        await start(
            url=url_of(front), keys=operator.station(ending), SecurityCtrlr__OrganizationName="Operator"
        )
        request = (await csms.expect("SignCertificate")).payload
        assert request["certificateType"] == CLIENT
        chain = operator.answer(request["csr"])
        assert await signed(csms, chain) == "Accepted"
        await csms.until(lambda: csms.connections == 2)
        assert client_of(front) == read_bundle(chain)[0]
        assert common_name(client_of(front)) == SERIAL


async def test_a02_a_certificate_that_the_backend_refuses_is_given_up(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A02.FR.10, A02.FR.28, A02.FR.29, A03.FR.24, A03.FR.25: the one before is there to fall back to."""
    with behind_tls(csms, operator.mutual()) as front:
        station = await start(url=url_of(front), keys=operator.station(OLD))
        before = client_of(front)
        csms.takes = lambda _: client_of(front) == before
        await renew(csms, operator)
        await csms.until(lambda: csms.connections == 2)
        assert client_of(front) == before
        await csms.expect(
            "SecurityEventNotification",
            lambda told: told["type"] == "DiscardedRenewedClientCertificate",
        )
        refused = len(front.clients)
        await csms.drop()
        await csms.until(lambda: csms.connections == 3)
        assert [client_of(front)] * (len(front.clients) - refused) == [before]
        assert station.log.count("FailedToAuthenticateAtCsms") == 1


async def test_a02_a_backend_that_says_no_in_tls_is_understood(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A new certificate that the server's TLS refuses: an alert that comes after the handshake in TLS 1.3."""
    picky = operator.mutual()
    with behind_tls(csms, picky) as front:
        await start(url=url_of(front), keys=operator.station(OLD))
        other = Operator(operator.directory, Authority.root(ROOT))
        assert await install(csms, other.root_pem) == "Accepted"
        request = await ask_to_sign(csms)
        assert await signed(csms, other.answer(request["csr"])) == "Accepted"
        await csms.until(lambda: csms.connections == 2)
        assert any("CERTIFICATE_VERIFY_FAILED" in handshake for handshake in front.handshakes)
        assert name_of_client(front) == SERIAL
        await event(csms, "FailedToAuthenticateAtCsms")


@pytest.mark.parametrize("moment", ["key made", "request sent", "chain installed"])
async def test_a02_the_power_goes_on_the_way_to_a_new_certificate(
    csms: Csms, operator: Operator, start: Start, moment: str
) -> None:
    """At every moment the station has one identity that works, and the new one comes about all the same."""
    csms.script["SignCertificate"] = {"status": "Accepted"}
    with behind_tls(csms, operator.mutual()) as front:
        station = await start(url=url_of(front), keys=operator.station(OLD))
        before = client_of(front)
        assert await trigger(csms, "SignChargingStationCertificate") == "Accepted"
        if moment == "key made":
            await station.cut_power()
            csms.forget()
        else:
            csr = (await csms.expect("SignCertificate")).payload["csr"]
            if moment == "chain installed":
                assert await signed(csms, operator.answer(csr)) == "Accepted"
            await station.cut_power()
        await station.power_on()
        await csms.expect("BootNotification")
        if moment == "chain installed":
            assert client_of(front) != before
            await csms.nothing_more(0.3, "SignCertificate")
            return
        assert client_of(front) == before
        csr = (await csms.expect("SignCertificate")).payload["csr"]
        count = csms.connections
        assert await signed(csms, operator.answer(csr)) == "Accepted"
        await csms.until(lambda: csms.connections > count)
        assert client_of(front) != before
