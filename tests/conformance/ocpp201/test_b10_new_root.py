"""B10 (migrate to another CSMS) where the other has a root certificate of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from certs.pem import write_bundle
from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import install, installed
from tests.conformance.ocpp201.sessions import get_variables, set_variables
from tests.conformance.ocpp201.test_a00_security_profiles import PRIORITY, set_profile
from tests.conformance.station import CARD
from tests.conformance.tls import ROOT, Operator, behind_tls, url_of

BOOT = "BootNotification"
ATTEMPTS = 2


@pytest.fixture
async def other() -> AsyncIterator[Csms]:
    """Another CSMS."""
    async with Csms(tokens={CARD: {"status": "Accepted"}}) as csms:
        yield csms


@pytest.fixture
def operators(tmp_path: Path) -> tuple[Operator, Operator]:
    """Two operators, each with an authority of its own."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    return Operator(tmp_path / "old"), Operator(tmp_path / "new")


@pytest.mark.parametrize("is_believed", [True, False])
async def test_tc_b_50_cs_a_new_root_for_a_new_csms(
    csms: Csms, other: Csms, operators: tuple[Operator, Operator], start: Start, is_believed: bool
) -> None:
    """B10.FR.03, B10.FR.04, B10.FR.07; TC_B_47_CS: back to the old one if the new is not believed."""
    old, new = operators
    server = new.server() if is_believed else Operator(new.directory).server()
    with behind_tls(csms, old.server()) as old_front, behind_tls(other, server) as new_front:
        await start(
            url=url_of(old_front),
            keys={"ca_file": old.ca_file},
            OCPPCommCtrlr__NetworkProfileConnectionAttempts=ATTEMPTS,
        )
        assert await install(csms, new.root_pem) == "Accepted"
        assert await set_profile(csms, 2, url_of(new_front)) == "Accepted"
        assert await set_variables(csms, {PRIORITY: "2"}) == ["RebootRequired"]
        csms.forget()
        assert (await csms.call("Reset", {"type": "OnIdle"}))["status"] == "Accepted"
        at = other if is_believed else csms
        assert (await at.expect(BOOT)).payload["reason"] == "RemoteReset"
        [active] = await get_variables(at, "OCPPCommCtrlr.ActiveNetworkProfile")
        assert active["attributeValue"] == ("2" if is_believed else "1")
        assert is_believed or (other.requests, len(new_front.handshakes)) == ([], ATTEMPTS)


async def test_a_new_csms_that_the_new_root_does_not_vouch_for(
    csms: Csms, other: Csms, operators: tuple[Operator, Operator], start: Start
) -> None:
    """M05.FR.15, M05.FR.16: so many attempts, then back to the old CSMS, for which the old root vouches."""
    old, new = operators
    with behind_tls(csms, old.server()) as old_front, behind_tls(other, new.server()) as new_front:
        await start(
            url=url_of(old_front),
            keys={"ca_file": old.ca_file},
            OCPPCommCtrlr__NetworkProfileConnectionAttempts=ATTEMPTS,
            SecurityCtrlr__AdditionalRootCertificateCheck=True,
        )
        successor = old.root.below(replace(ROOT, common_name="New Root"))
        assert await install(csms, write_bundle((successor.certificate,))) == "Accepted"
        assert await set_profile(csms, 2, url_of(new_front)) == "Accepted"
        assert await set_variables(csms, {PRIORITY: "2"}) == ["RebootRequired"]
        csms.forget()
        assert (await csms.call("Reset", {"type": "OnIdle"}))["status"] == "Accepted"
        await csms.expect(BOOT)
        [active] = await get_variables(csms, "OCPPCommCtrlr.ActiveNetworkProfile")
        assert active["attributeValue"] == "1"
        assert (other.requests, len(new_front.handshakes)) == ([], ATTEMPTS)
        assert len(await installed(csms, "CSMSRootCertificate")) == 2, "the old root is still needed"
