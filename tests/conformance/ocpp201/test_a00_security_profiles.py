"""A00 (security profiles 2 and 3) over real TLS: whom the station believes, and what it shows of itself."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from certs.csr import Subject
from certs.issuing import Authority, Terms
from tests.conformance.kit import PATIENCE_S, Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import event, install, told
from tests.conformance.ocpp201.sessions import get_variables, set_variables
from tests.conformance.ocpp201.test_a01_password import credentials
from tests.conformance.station import PASSWORD, STATION_ID
from tests.conformance.tls import (
    EXPIRED,
    OLD,
    ROOT,
    SERVER,
    Operator,
    behind_tls,
    client_of,
    name_of_client,
    url_of,
)
from tests.stack.process import ProcessDied

SUITES = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


async def security_profile(csms: Csms) -> str:
    [result] = await get_variables(csms, "SecurityCtrlr.SecurityProfile")
    value: str = result["attributeValue"]
    return value


async def test_tc_a_04_cs_tls_server_side_certificate(csms: Csms, operator: Operator, start: Start) -> None:
    """A00.FR.301, A00.FR.302, A00.FR.303, A00.FR.304, A00.FR.308, A00.FR.312, A00.FR.313, A00.FR.319."""
    only_12 = operator.server()
    only_12.maximum_version = ssl.TLSVersion.TLSv1_2
    with behind_tls(csms, operator.server()) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file})
        assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"
        assert await security_profile(csms) == "2"
        assert front.handshakes[-1].startswith("TLSv1.3")
        for suite in SUITES:
            only_12.set_ciphers(suite)
            front.context = only_12
            count = csms.connections
            await csms.drop()
            await csms.until(lambda count=count: csms.connections > count)  # type: ignore[misc]  # bound now
            assert front.handshakes[-1] == f"TLSv1.2 {suite}"


@pytest.mark.parametrize("what", ["unknown root", "expired", "other host", "leaf as authority"])
async def test_tc_a_05_cs_invalid_server_certificate(
    csms: Csms, operator: Operator, start: Start, what: str
) -> None:
    """A00.FR.308, A00.FR.309, A00.FR.310, A00.FR.311: such a backend is told nothing."""
    wrong = {
        "unknown root": lambda: operator.server(issuer=Authority.root(ROOT)),
        "expired": lambda: operator.server(terms=EXPIRED),
        "other host": lambda: operator.server(replace(SERVER, common_name="csms.example")),
        "leaf as authority": lambda: operator.server(
            issuer=operator.root.below(Subject(common_name="Leaf", organization="O"), Terms())
        ),
    }[what]()
    csms.boot_interval_s = 1
    with behind_tls(csms, wrong) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, booted=False)
        await csms.until(lambda: len(front.handshakes) >= 2)
        assert csms.requests == [], "no password to a backend that was not believed"
        front.context = operator.server()
        await csms.expect("BootNotification")
        await event(csms, "InvalidCsmsCertificate")
        await csms.expect("Heartbeat")
        assert told(csms) == ["StartupOfTheDevice", "InvalidCsmsCertificate"], "in order, once"


async def test_tc_a_06_cs_tls_version_too_low(csms: Csms, operator: Operator, start: Start) -> None:
    """A00.FR.313, A00.FR.314, A00.FR.316."""
    with behind_tls(csms, operator.outdated_server()) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, booted=False)
        await csms.until(lambda: len(front.handshakes) >= 1)
        assert csms.requests == []
        front.context = operator.server()
        await event(csms, "InvalidTLSVersion")


async def test_a00_fr_323_a_weak_cipher_suite_is_not_spoken(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A00.FR.320, A00.FR.323, A00.FR.423, A00.FR.426."""
    weak = operator.server()
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("ECDHE-ECDSA-AES128-SHA")
    with behind_tls(csms, weak) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, booted=False)
        await csms.until(lambda: len(front.handshakes) >= 1)
        front.context = operator.server()
        await event(csms, "InvalidTLSCipherSuite")


async def test_tc_a_07_cs_client_side_certificate(csms: Csms, operator: Operator, start: Start) -> None:
    """A00.FR.401, A00.FR.402, A00.FR.411, A00.FR.412, A00.FR.415, A00.FR.416, A00.FR.417, A00.FR.422."""
    with behind_tls(csms, operator.mutual()) as front:
        await start(url=url_of(front), keys={**operator.station(OLD), "security_profile": 3})
        assert name_of_client(front) == "0001"
        assert client_of(front).not_valid_before_utc.year
        assert "Authorization" not in csms.requests[-1]
        assert await security_profile(csms) == "3"


@pytest.mark.parametrize("what", ["certificate", "version"])
async def test_a00_profile_3_believes_no_more_than_profile_2(
    csms: Csms, operator: Operator, start: Start, what: str
) -> None:
    """A00.FR.413, A00.FR.414, A00.FR.419."""
    stranger = operator.server(issuer=Authority.root(ROOT))
    wrong = stranger if what == "certificate" else operator.outdated_server()
    with behind_tls(csms, wrong) as front:
        await start(url=url_of(front), keys=operator.station(OLD), booted=False)
        await csms.until(lambda: len(front.handshakes) >= 1)
        assert csms.requests == []
        front.context = operator.mutual()
        await event(csms, "InvalidCsmsCertificate" if what == "certificate" else "InvalidTLSVersion")


async def test_a00_credentials_that_the_backend_refuses_are_told_once(csms: Csms, start: Start) -> None:
    csms.takes, csms.boot_interval_s = lambda _: False, 1
    await start(booted=False)
    await csms.until(lambda: len(csms.requests) >= 3)
    csms.takes = lambda _: True
    await event(csms, "FailedToAuthenticateAtCsms")
    await csms.expect("Heartbeat")
    assert told(csms) == ["StartupOfTheDevice", "FailedToAuthenticateAtCsms"]


async def test_a00_fr_005_the_profile_is_not_lowered_over_ocpp(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A00.FR.005, A05.FR.02; TC_A_22_CS."""
    with behind_tls(csms, operator.server()) as front:
        await start(url=url_of(front), keys={"ca_file": operator.ca_file})
        assert await set_variables(csms, {"SecurityCtrlr.SecurityProfile": "1"}) == ["Rejected"]
        assert await set_profile(csms, 1, csms.url) == "Rejected"


async def set_profile(csms: Csms, security: int, url: str, slot: int = 2) -> str:
    """Set a network profile, and return the status of the answer."""
    data = {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": url,
        "messageTimeout": 30,
        "securityProfile": security,
        "ocppInterface": "Wired0",
    }
    answer = await csms.call("SetNetworkProfile", {"configurationSlot": slot, "connectionData": data})
    status: str = answer["status"]
    return status


PRIORITY = "OCPPCommCtrlr.NetworkConfigurationPriority"


async def priority(csms: Csms) -> str:
    [result] = await get_variables(csms, PRIORITY)
    value: str = result["attributeValue"]
    return value


async def test_tc_a_19_cs_upgrade_accepted(csms: Csms, operator: Operator, start: Start) -> None:
    """A05.FR.04, A05.FR.05, A05.FR.06; TC_A_20_CS, TC_A_21_CS: first what is missing is asked for."""
    with behind_tls(csms, operator.mutual()) as front:
        station = await start(OCPPCommCtrlr__NetworkProfileConnectionAttempts=1)
        for slot, security in ((2, 2), (3, 3)):
            assert await set_profile(csms, security, url_of(front), slot) == "Accepted"
        assert await set_variables(csms, {PRIORITY: "2,1"}) == ["Rejected"], "A05.FR.03: no root"
        assert await install(csms, operator.root_pem) == "Accepted"
        assert await set_variables(csms, {PRIORITY: "3,1"}) == ["Rejected"], "A05.FR.03: no certificate"
        assert await set_variables(csms, {PRIORITY: "2,1"}) == ["RebootRequired"]
        front.context = operator.server()
        assert (await csms.call("Reset", {"type": "Immediate"}))["status"] == "Accepted"
        await csms.until(lambda: len(front.handshakes) >= 1)
        await csms.expect("BootNotification", lambda told: told["reason"] == "RemoteReset")
        assert await security_profile(csms) == "2"
        async with asyncio.timeout(PATIENCE_S):
            while await priority(csms) != "2":  # A05.FR.06: kept once the station was accepted
                await asyncio.sleep(0.05)
        await station.cut_power()
        await station.power_on()
        await csms.expect("BootNotification")
        assert await security_profile(csms) == "2"


async def test_a05_what_does_not_work_is_given_up_for_what_did(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A05: a higher profile that brings no connection leaves the station with the one before."""
    with behind_tls(csms, operator.server(issuer=Authority.root(ROOT))) as front:
        await start(OCPPCommCtrlr__NetworkProfileConnectionAttempts=1)
        assert await set_profile(csms, 2, url_of(front)) == "Accepted"
        assert await install(csms, operator.root_pem) == "Accepted"
        assert await set_variables(csms, {PRIORITY: "2,1"}) == ["RebootRequired"]
        await csms.call("Reset", {"type": "Immediate"})
        await csms.expect("BootNotification", lambda told: told["reason"] == "RemoteReset")
        assert front.handshakes
        assert await security_profile(csms) == "1"
        await event(csms, "InvalidCsmsCertificate")


async def test_a_station_file_lowers_nothing_without_saying_so(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """A00.FR.005: on site, too."""
    with behind_tls(csms, operator.server()) as front:
        station = await start(url=url_of(front), keys={"ca_file": operator.ca_file})
        await csms.expect("SecurityEventNotification")
        await station.switch_off()
        station.url, station.csms = csms.url, {}
        station.configure({})
        with pytest.raises(ProcessDied, match="allow_lower_security"):
            await station.power_on()
        assert await station.agent.stop() == 78, "EX_CONFIG"
        station.csms = {"allow_lower_security": True}
        station.configure({})
        await station.power_on()
        await csms.expect("BootNotification")
        await event(csms, "ReconfigurationOfSecurityParameters")
