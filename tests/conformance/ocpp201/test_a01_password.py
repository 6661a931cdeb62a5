"""A01 (update Charging Station password for HTTP Basic authentication), A00 security profile 1."""

from __future__ import annotations

import base64

from tests.conformance.kit import Csms, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import event
from tests.conformance.ocpp201.sessions import get_variables, set_variables
from tests.conformance.station import PASSWORD, STATION_ID

NEW = "the-second-password-1"


def credentials(csms: Csms) -> str:
    """Return what the station introduced itself with at its latest attempt to connect."""
    scheme, _, encoded = csms.requests[-1]["Authorization"].partition(" ")
    assert scheme == "Basic"
    return base64.b64decode(encoded, validate=True).decode()


async def test_tc_a_01_cs_basic_authentication(csms: Csms, start: Start) -> None:
    """A00.FR.203, A00.FR.204: the user name is the identity, which is also the last part of the address."""
    await start()
    assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"
    assert csms.paths[-1] == f"/ocpp/{STATION_ID}"


async def test_tc_a_09_cs_update_password_accepted(csms: Csms, start: Start) -> None:
    """A01.FR.01, A01.FR.02, A01.FR.11: stored, logged, then used for a new connection."""
    station = await start()
    assert await set_variables(csms, {"SecurityCtrlr.BasicAuthPassword": NEW}) == ["Accepted"]
    await csms.until(lambda: csms.connections == 2)
    assert credentials(csms) == f"{STATION_ID}:{NEW}"
    changed = await event(csms, "ReconfigurationOfSecurityParameters")
    assert changed["techInfo"] == "password changed by the backend"
    await station.cut_power()
    await station.power_on()
    await csms.until(lambda: csms.connections == 3)
    assert credentials(csms) == f"{STATION_ID}:{NEW}", "it outlives the power"


async def test_tc_a_10_cs_update_password_rejected(csms: Csms, start: Start) -> None:
    """What cannot be a password (A00.FR.205) is rejected, and the old one stays in use."""
    await start()
    for wrong in ("short", "x" * 65):
        assert await set_variables(csms, {"SecurityCtrlr.BasicAuthPassword": wrong}) == ["Rejected"]
    await csms.drop()
    await csms.until(lambda: csms.connections == 2)
    assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"


async def test_a01_the_password_is_told_to_nobody(csms: Csms, start: Start) -> None:
    """A01.FR.12; a write-only variable cannot be read (B06.FR.09)."""
    station = await start(log_frames=True)
    await set_variables(csms, {"SecurityCtrlr.BasicAuthPassword": NEW})
    await csms.until(lambda: csms.connections == 2)
    [result] = await get_variables(csms, "SecurityCtrlr.BasicAuthPassword")
    assert (result["attributeStatus"], result.get("attributeValue")) == ("Rejected", None)
    assert "SetVariables" in station.log
    assert NEW not in station.log
    assert PASSWORD not in station.log


async def test_a01_a_new_password_that_the_backend_does_not_know_is_given_up(
    csms: Csms, start: Start
) -> None:
    """A backend that forgot what it set must not lose its station; the power may go at the worst moment."""
    station = await start()
    csms.takes = lambda headers: NEW not in base64.b64decode(headers["Authorization"].split()[1]).decode()
    csms.script["SecurityEventNotification"] = Silence()
    assert await set_variables(csms, {"SecurityCtrlr.BasicAuthPassword": NEW}) == ["Accepted"]
    await csms.until(lambda: len(csms.requests) >= 2)
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"
    await csms.drop()
    await csms.until(lambda: csms.is_connected)
    assert credentials(csms) == f"{STATION_ID}:{PASSWORD}"
    assert [NEW in request for request in tried(csms)[-2:]] == [False, False], "it is not tried again"


def tried(csms: Csms) -> list[str]:
    """Return every pair of user and password that the station tried."""
    return [base64.b64decode(headers["Authorization"].split()[1]).decode() for headers in csms.requests]
