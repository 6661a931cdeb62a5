"""B09 (set a network connection profile), B10 (migrate to another CSMS), and A05 where they meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import get_variables, set_variables
from tests.conformance.station import CARD

PRIORITY = "OCPPCommCtrlr.NetworkConfigurationPriority"
BOOT = "BootNotification"
QUICK_FAILOVER: dict[str, Any] = {"OCPPCommCtrlr__NetworkProfileConnectionAttempts": 2}


@pytest.fixture
async def other() -> AsyncIterator[Csms]:
    """Another CSMS."""
    async with Csms(tokens={CARD: {"status": "Accepted"}}) as csms:
        yield csms


def profile(url: str, **changed: Any) -> Payload:
    """Return the connectionData of a CSMS."""
    return {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": url,
        "messageTimeout": 30,
        "securityProfile": 1,
        "ocppInterface": "Wired0",
        **changed,
    }


async def set_profile(csms: Csms, slot: int, data: Payload) -> Payload:
    """Set a profile; return the answer."""
    return await csms.call("SetNetworkProfile", {"configurationSlot": slot, "connectionData": data})


async def migrate(csms: Csms, url: str, order: str) -> None:
    """Name the other CSMS in slot 2, make this the order, and restart."""
    assert await set_profile(csms, 2, profile(url)) == {"status": "Accepted"}
    assert await set_variables(csms, {PRIORITY: order}) == ["RebootRequired"]
    csms.forget()
    assert (await csms.call("Reset", {"type": "OnIdle"}))["status"] == "Accepted"


async def value(csms: Csms, name: str) -> str:
    """Return a variable's value."""
    [result] = await get_variables(csms, name)
    found: str = result["attributeValue"]
    return found


async def test_tc_b_45_cs_migrate_to_another_csms(csms: Csms, other: Csms, start: Start) -> None:
    """B09.FR.01, B09.FR.06, B10.FR.01, B10.FR.04, A05.FR.05: used after the restart, not before."""
    await start()
    assert await set_profile(csms, 2, profile(other.url)) == {"status": "Accepted"}
    assert await set_variables(csms, {PRIORITY: "2,1"}) == ["RebootRequired"]
    assert await value(csms, PRIORITY) == "2,1"
    await csms.drop()
    await csms.expect("Heartbeat")
    assert other.connections == 0
    assert (await csms.call("Reset", {"type": "OnIdle"}))["status"] == "Accepted"
    assert (await other.expect(BOOT)).payload["reason"] == "RemoteReset"
    await other.expect("StatusNotification")
    assert await value(other, "OCPPCommCtrlr.ActiveNetworkProfile") == "2"
    assert not csms.is_connected


async def test_tc_b_46_cs_fall_back_to_the_next_in_the_list(csms: Csms, other: Csms, start: Start) -> None:
    """B10.FR.02, B10.FR.03: so many attempts with each, in the order of priority."""
    await start(**QUICK_FAILOVER)
    other.refuse_with = HTTPStatus.NOT_FOUND
    await migrate(csms, other.url, "2,1")
    await csms.expect(BOOT)
    await csms.expect("StatusNotification")
    assert len(other.requests) == 2
    assert await value(csms, "OCPPCommCtrlr.ActiveNetworkProfile") == "1"
    assert await value(csms, PRIORITY) == "2,1", "what was asked for stands"


async def test_tc_b_49_cs_roll_back_to_what_last_worked(csms: Csms, other: Csms, start: Start) -> None:
    """B10.FR.07: also where no slot of the order holds it any more."""
    await start(**QUICK_FAILOVER)
    other.refuse_with = HTTPStatus.SERVICE_UNAVAILABLE
    await migrate(csms, other.url, "2")
    await csms.expect(BOOT)
    assert len(other.requests) == 2
    await csms.expect("StatusNotification")
    other.refuse_with = None
    assert (await csms.call("Reset", {"type": "Immediate"}))["status"] == "Accepted"
    await other.expect(BOOT)


async def test_tc_b_46_cs_a_csms_that_is_lost_is_replaced_and_found_again(
    csms: Csms, other: Csms, start: Start
) -> None:
    """B10.FR.03, B10.FR.05, B10.FR.06, B10.FR.10: failover at a loss, and back; each hears of a boot."""
    station = await start(**QUICK_FAILOVER)
    await migrate(csms, other.url, "1,2")
    await csms.expect(BOOT)
    await csms.expect("StatusNotification")
    port = csms.port
    await csms.close()
    assert (await other.expect(BOOT)).payload["reason"] == "Unknown"
    await other.expect("StatusNotification")
    station.bay.plug_in()
    await station.until(phase="cable-only")
    await station.accepted(CARD)
    await other.event(eventType="Started")
    await csms.listen(port)
    await other.close()
    await csms.expect(BOOT)
    await csms.expect("StatusNotification", lambda payload: payload["connectorStatus"] == "Occupied")
    assert await value(csms, "OCPPCommCtrlr.ActiveNetworkProfile") == "1"


WRONG: list[tuple[int, Payload, str]] = [
    (2, {"securityProfile": 0}, "InvalidNetworkConf"),
    (2, {"securityProfile": 2}, "InvalidNetworkConf"),
    (2, {"ocppTransport": "SOAP"}, "InvalidNetworkConf"),
    (2, {"ocppVersion": "OCPP15"}, "InvalidNetworkConf"),
    (2, {"ocppCsmsUrl": "http://nowhere"}, "InvalidURL"),
    (99, {}, "InvalidConfSlot"),
    (2, {"apn": {"apn": "internet", "apnAuthentication": "AUTO"}}, "UnsupportedParam"),
]


async def test_tc_b_43_cs_a_profile_that_cannot_be(csms: Csms, start: Start) -> None:
    """B09.FR.02, B09.FR.05: refused with a reason, and nothing is set."""
    await start()
    for slot, changed, code in WRONG:
        if csms.version == "2.1" and "ocppVersion" in changed:
            continue  # it counts for nothing there
        answer = await set_profile(csms, slot, profile("ws://csms.example/ocpp", **changed))
        assert (answer["status"], answer["statusInfo"]["reasonCode"]) == ("Rejected", code)
    assert await set_variables(csms, {PRIORITY: "1,2"}) == ["Rejected"]


async def test_b09_fr_03_a_profile_that_cannot_be_stored(csms: Csms, start: Start) -> None:
    """B09.FR.03: Failed, and the station goes on."""
    station = await start()
    state = station.directory / "agent-state" / "agent.db"
    state.rename(state.with_suffix(".away"))
    answer = await set_profile(csms, 2, profile("ws://csms.example/ocpp"))
    assert answer["status"] == "Failed"
    state.with_suffix(".away").rename(state)
    assert (await set_profile(csms, 2, profile("ws://csms.example/ocpp")))["status"] == "Accepted"


async def test_b09_the_timeout_of_the_profile_is_used(csms: Csms, other: Csms, start: Start) -> None:
    """messageTimeout of the profile in use, in place of the station's own (30 s)."""
    csms.boot_interval_s = 1
    await start()
    other.script[BOOT] = Silence()
    assert (await set_profile(csms, 2, profile(other.url, messageTimeout=1)))["status"] == "Accepted"
    assert await set_variables(csms, {PRIORITY: "2"}) == ["RebootRequired"]
    assert (await csms.call("Reset", {"type": "Immediate"}))["status"] == "Accepted"
    await other.expect(BOOT)
    await other.expect(BOOT)
