"""M07: which certificates of a contract's chain have been revoked, as OCPP 2.1 can ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.contracts import EMAID, OCSP, Operator, refused, show
from tests.conformance.kit import Csms, Payload, Refuse, Script
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.security import install
from tests.conformance.ocpp201.sessions import plug_in
from tests.conformance.ocpp201.test_c07_contracts import leave

ACTION = "GetCertificateChainStatus"


@pytest.fixture(scope="module")
def operator() -> Operator:
    return Operator.new()


def answering(*statuses: str, lasts: timedelta = timedelta(days=1)) -> Callable[[Payload], Payload]:
    """Answer so about the certificates that are asked about, leaf first; the answers come in any order."""

    def answer(request: Payload) -> Payload:
        until = (datetime.now(UTC) + lasts).isoformat()
        asked: list[dict[str, Any]] = request["certificateStatusRequests"]
        found = [
            {
                "certificateHashData": one["certificateHashData"],
                "source": one["source"],
                "status": status,
                "nextUpdate": until,
            }
            for one, status in zip(asked, statuses, strict=True)
        ]
        return {"certificateStatus": found[::-1]}

    return answer


async def ready(csms: Csms, operator: Operator, start: Start, answer: Script) -> Any:
    """A station with the operator's root and a vehicle, and a backend that accepts the contract's number."""
    csms.script[ACTION] = answer
    csms.tokens[EMAID] = {"status": "Accepted"}
    station = await start()
    assert await install(csms, operator.root, "MORootCertificate") == "Accepted"
    await plug_in(station, csms)
    return station


async def test_good_certificates_are_asked_about_once(csms: Csms, operator: Operator, start: Start) -> None:
    """Each certificate below the root, with its responder; the answers are kept, over a power cut too."""
    station = await ready(csms, operator, start, answering("Good", "Good", "Good"))
    assert (await show(station, operator.chain))["accepted"]
    [asked] = (call.payload["certificateStatusRequests"] for call in csms.calls(ACTION))
    assert [(one["source"], one["urls"]) for one in asked] == [("OCSP", [OCSP])] * 3
    assert len({one["certificateHashData"]["serialNumber"] for one in asked}) == 3
    await csms.event(chargingState="Charging")
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert (await show(station, operator.chain))["accepted"]
    assert len(csms.calls(ACTION)) == 1
    assert len(csms.calls("Authorize")) == 2


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_revoked_certificate_refuses_the_contract_for_as_long_as_it_is_known(
    csms: Csms, operator: Operator, start: Start, place: int
) -> None:
    """The driver's, or an authority's above it: although the backend accepts the number; offline, too."""
    statuses = ["Good"] * 3
    statuses[place] = "Revoked"
    station = await ready(csms, operator, start, answering(*statuses))
    assert await refused(station, operator.chain) == ("Invalid", "CertificateRevoked")
    assert await refused(station, operator.chain) == ("Invalid", "CertificateRevoked")
    assert (len(csms.calls(ACTION)), len(csms.calls("Authorize"))) == (1, 1), "nobody had to be asked again"
    await leave(station, csms)
    assert await refused(station, operator.chain) == ("Invalid", "CertificateRevoked")
    assert csms.events() == []


@pytest.mark.parametrize(
    "answer", [answering("Unknown", "Failed", "Unknown"), Refuse("NotImplemented"), {"certificateStatus": []}]
)
async def test_who_does_not_know_refuses_nobody(
    csms: Csms, operator: Operator, start: Start, answer: Script
) -> None:
    """The verdict on the number stands; the certificates are asked about again the next time."""
    station = await ready(csms, operator, start, answer)
    assert (await show(station, operator.chain))["accepted"]
    assert (await show(station, operator.chain))["accepted"]
    assert len(csms.calls(ACTION)) == 2


async def test_an_answer_that_is_outdated_at_once_counts_once(
    csms: Csms, operator: Operator, start: Start
) -> None:
    """It is not kept: what was revoked then is asked about again."""
    lasts = timedelta(seconds=-1)
    station = await ready(csms, operator, start, answering("Good", "Revoked", "Good", lasts=lasts))
    assert await refused(station, operator.chain) == ("Invalid", "CertificateRevoked")
    csms.script[ACTION] = answering("Good", "Good", "Good")
    assert (await show(station, operator.chain))["accepted"]
    assert len(csms.calls(ACTION)) == 2
