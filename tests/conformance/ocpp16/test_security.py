"""The security extension: section 25 of the OCA's test cases, without files."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from websockets.datastructures import Headers

from certs.issuing import Authority
from certs.pem import read_bundle
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import Start
from tests.conformance.ocpp16.sessions import asked, configuration
from tests.conformance.station import PASSWORD, STATION_ID, StationUnderTest
from tests.conformance.tls import OLD, ROOT, Operator, behind_tls, client_of, url_of

NEW = "the-second-password-1"


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def credentials(csms: Csms) -> str:
    scheme, _, encoded = csms.requests[-1]["Authorization"].partition(" ")
    assert scheme == "Basic"
    return base64.b64decode(encoded, validate=True).decode()


async def event(csms: Csms, kind: str) -> None:
    await csms.expect("SecurityEventNotification", lambda told: told["type"] == kind)


async def certified(csms: Csms, operator: Operator) -> Payload:
    """Have the charge point ask for a certificate, and return the request."""
    csms.script["SignCertificate"] = {"status": "Accepted"}
    wanted = {"requestedMessage": "SignChargePointCertificate"}
    assert await asked(csms, "ExtendedTriggerMessage", **wanted) == "Accepted"
    return (await csms.expect("SignCertificate")).payload


async def test_tc_073_085_the_password(csms: Csms, start: Start) -> None:
    """TC_085: who it says it is; TC_073: another password is used at once, and told to nobody."""
    await start()
    assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"
    short = {"key": "AuthorizationKey", "value": "short"}
    assert await asked(csms, "ChangeConfiguration", **short) == "Rejected"
    assert await asked(csms, "ChangeConfiguration", key="AuthorizationKey", value=NEW) == "Accepted"
    await csms.until(lambda: csms.connections == 2)
    assert credentials(csms) == f"{STATION_ID}:{NEW}"
    assert "value" not in (await configuration(csms, "AuthorizationKey"))["AuthorizationKey"]


async def change(csms: Csms, key: str) -> None:
    connections = csms.connections
    assert await asked(csms, "ChangeConfiguration", key="AuthorizationKey", value=key) == "Accepted"
    await csms.until(lambda: csms.connections > connections)
    await csms.until(lambda: csms.is_connected)


def sent(csms: Csms) -> bytes:
    encoded = csms.requests[-1]["Authorization"].partition(" ")[2]
    return base64.b64decode(encoded, validate=True).removeprefix(f"{STATION_ID}:".encode())


async def test_tc_073_a_key_is_what_its_digits_stand_for(csms: Csms, start: Start) -> None:
    """OCPP-J 1.6 and the security extension: 16 to 20 bytes in hexadecimal, which need be no text."""
    station: StationUnderTest = await start()
    await change(csms, b"OCA_OCTT_admin_test".hex())
    assert sent(csms) == b"OCA_OCTT_admin_test"
    secret = bytes(range(0x80, 0x94))
    await change(csms, secret.hex().upper())
    assert sent(csms) == secret
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert sent(csms) == secret


async def test_a_backend_that_means_the_digits_themselves(csms: Csms, start: Start) -> None:
    """Each form is tried in turns, the old password last; what worked stays."""
    await start()
    digits = "00112233445566778899aabbccddeeff"

    def right(headers: Headers) -> bool:
        return (
            headers["Authorization"]
            == "Basic " + base64.b64encode(f"{STATION_ID}:{digits}".encode()).decode()
        )

    csms.takes = right
    await change(csms, digits)
    assert sent(csms) == digits.encode()
    attempts = len(csms.requests)
    await csms.drop()
    await csms.until(lambda: csms.is_connected)
    assert len(csms.requests) == attempts + 1, "it is tried first from now on"
    assert sent(csms) == digits.encode()


async def test_tc_074_077_087_a_certificate_of_its_own(csms: Csms, operator: Operator, start: Start) -> None:
    """TC_087: TLS with it; TC_077: one that is not ours is refused and told; TC_074: a new one is used."""
    with behind_tls(csms, operator.mutual()) as front:
        await start(url=url_of(front), keys=operator.station(OLD))
        assert "Authorization" not in csms.requests[-1]
        before = client_of(front)
        csr = (await certified(csms, operator))["csr"]
        stranger = Operator(operator.directory, Authority.root(ROOT)).answer(csr)
        assert await asked(csms, "CertificateSigned", certificateChain=stranger) == "Rejected"
        await event(csms, "InvalidChargePointCertificate")
        assert client_of(front) == before
        csr = (await certified(csms, operator))["csr"]
        chain = operator.answer(csr)
        assert await asked(csms, "CertificateSigned", certificateChain=chain) == "Accepted"
        await csms.until(lambda: csms.connections == 2)
        assert client_of(front) == read_bundle(chain)[0]


@pytest.mark.parametrize("kind", ["ManufacturerRootCertificate", "CentralSystemRootCertificate"])
async def test_tc_075_1_075_2_076_roots(csms: Csms, operator: Operator, start: Start, kind: str) -> None:
    """TC_075_1, TC_075_2: installed and listed; TC_076: deleted, once."""
    await start()
    root = {"certificateType": kind, "certificate": operator.root_pem}
    assert await asked(csms, "InstallCertificate", **root) == "Accepted"
    listed = await csms.call("GetInstalledCertificateIds", {"certificateType": kind})
    [named] = listed["certificateHashData"]
    assert int(named["serialNumber"], 16) == operator.root.certificate.serial_number
    for status in ("Accepted", "NotFound"):
        assert await asked(csms, "DeleteCertificate", certificateHashData=named) == status
    gone = await csms.call("GetInstalledCertificateIds", {"certificateType": kind})
    assert gone == {"status": "NotFound"}


async def raise_security(csms: Csms) -> StationUnderTest | None:
    assert await asked(csms, "ChangeConfiguration", key="SecurityProfile", value="2") == "RebootRequired"
    assert await asked(csms, "Reset", type="Hard") == "Accepted"
    return None


async def profile_of(csms: Csms) -> str:
    value: str = (await configuration(csms, "SecurityProfile"))["SecurityProfile"]["value"]
    return value


async def test_tc_083_084_086_a_higher_security_profile(csms: Csms, operator: Operator, start: Start) -> None:
    """TC_083: first the root, then with the next start; TC_086: over TLS; TC_084: never back."""
    port = csms.port
    await start(url=f"ws://localhost:{port}/ocpp")
    higher = {"key": "SecurityProfile", "value": "2"}
    assert await asked(csms, "ChangeConfiguration", **higher) == "Rejected", "it could check nobody"
    root = {"certificateType": "CentralSystemRootCertificate", "certificate": operator.root_pem}
    assert await asked(csms, "InstallCertificate", **root) == "Accepted"
    assert await profile_of(csms) == "1"
    await raise_security(csms)
    await csms.close()
    await csms.listen(0)
    with behind_tls(csms, operator.server(), port) as front:
        await csms.expect("BootNotification")
        assert front.handshakes
        assert await profile_of(csms) == "2"
        lower = {"key": "SecurityProfile", "value": "1"}
        assert await asked(csms, "ChangeConfiguration", **lower) == "Rejected"


async def test_tc_078_a_central_system_that_cannot_be_trusted(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """It is left for the way that worked before, which hears of it."""
    port = csms.port
    await start(url=f"ws://localhost:{port}/ocpp", OCPPCommCtrlr__NetworkProfileConnectionAttempts=1)
    root = {"certificateType": "CentralSystemRootCertificate", "certificate": operator.root_pem}
    assert await asked(csms, "InstallCertificate", **root) == "Accepted"
    await raise_security(csms)
    await csms.close()
    await csms.listen(0)
    stranger = operator.server(issuer=Authority.root(ROOT))
    with behind_tls(csms, stranger, port) as front:
        await csms.until(lambda: len(front.handshakes) > 0)
    await csms.close()
    await csms.listen(port)
    await csms.expect("BootNotification")
    await event(csms, "InvalidCentralSystemCertificate")
    assert await profile_of(csms) == "1"
