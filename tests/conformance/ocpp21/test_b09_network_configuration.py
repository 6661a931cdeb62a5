"""B09 in OCPP 2.1: profiles with an identity and a password, and as variables (TC_B_100 and following)."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import set_variables
from tests.conformance.ocpp201.test_b09_b10_network_profiles import (
    PRIORITY,
    QUICK_FAILOVER,
    profile,
    set_profile,
)
from tests.conformance.station import CARD, PASSWORD, STATION_ID
from tests.conformance.tls import OLD, Operator, behind_tls, url_of

OWN_PASSWORD = "a-password-of-its-own"
NEW_PASSWORD = "a-new-one-for-everything"


@pytest.fixture
async def other() -> AsyncIterator[Csms]:
    """Another CSMS, that speaks 2.1, too."""
    async with Csms(version="2.1", subprotocol="ocpp2.1", tokens={CARD: {"status": "Accepted"}}) as csms:
        yield csms


def of_slot(slot: int, name: str) -> Payload:
    """Name a variable of a slot."""
    return {"component": {"name": "NetworkConfiguration", "instance": str(slot)}, "variable": {"name": name}}


async def write(csms: Csms, slot: int, **values: str) -> list[tuple[str, str]]:
    """Write a slot's variables; return status and reason of each."""
    data = [{**of_slot(slot, name), "attributeValue": value} for name, value in values.items()]
    answer = await csms.call("SetVariables", {"setVariableData": data})
    return [
        (result["attributeStatus"], result.get("attributeStatusInfo", {}).get("reasonCode", ""))
        for result in answer["setVariableResult"]
    ]


async def read(csms: Csms, slot: int, *names: str) -> list[str]:
    """Read a slot's variables; what cannot be read is its status."""
    answer = await csms.call("GetVariables", {"getVariableData": [of_slot(slot, name) for name in names]})
    return [result.get("attributeValue", result["attributeStatus"]) for result in answer["getVariableResult"]]


async def restart(csms: Csms) -> None:
    csms.forget()
    assert (await csms.call("Reset", {"type": "OnIdle"}))["status"] == "Accepted"


def login(csms: Csms) -> tuple[str, str, str]:
    """Return path, user and password of the latest attempt to connect."""
    sent = base64.b64decode(csms.requests[-1]["Authorization"].removeprefix("Basic ")).decode()
    user, _, password = sent.partition(":")
    return csms.paths[-1].rpartition("/")[2], user, password


async def test_tc_b_100_identity_and_password_of_a_profile(csms: Csms, other: Csms, start: Start) -> None:
    """B09.FR.09, B09.FR.16, B09.FR.18, B09.FR.28: a profile's own are used, else those for all.

    The version in the profile counts for nothing: both agree on one when they connect.
    """
    station = await start(log_frames=True)
    data = profile(other.url, ocppVersion="OCPP16", identity="CH-ELSEWHERE", basicAuthPassword=OWN_PASSWORD)
    assert await set_profile(csms, 2, data) == {"status": "Accepted"}
    assert await read(csms, 2, "OcppCsmsUrl", "Identity", "BasicAuthPassword", "MessageTimeout") == [
        other.url,
        "CH-ELSEWHERE",
        "Rejected",
        "30",
    ]
    del data["ocppVersion"], data["identity"], data["basicAuthPassword"]
    assert await set_profile(csms, 3, data) == {"status": "Accepted"}
    assert await read(csms, 3, "OcppCsmsUrl", "Identity") == [other.url, ""]
    assert await set_variables(csms, {PRIORITY: "2,1"}) == ["RebootRequired"]
    await restart(csms)
    await other.expect("BootNotification")
    assert login(other) == ("CH-ELSEWHERE", "CH-ELSEWHERE", OWN_PASSWORD)
    answer = await other.call(
        "GetVariables",
        {"getVariableData": [{"component": {"name": "SecurityCtrlr"}, "variable": {"name": "Identity"}}]},
    )
    assert answer["getVariableResult"][0]["attributeValue"] == "CH-ELSEWHERE"
    assert await set_variables(other, {PRIORITY: "3"}) == ["RebootRequired"]
    await restart(other)
    await other.expect("BootNotification")
    assert login(other) == (STATION_ID, STATION_ID, PASSWORD)
    assert OWN_PASSWORD not in station.log


async def test_tc_b_105_a_slot_written_variable_by_variable(csms: Csms, other: Csms, start: Start) -> None:
    """B09.FR.10, B09.FR.13, B09.FR.33, B09.FR.34: written, looked at as a whole, then used."""
    await start()
    reasons = await write(csms, 2, SecurityProfile="1", Identity="CH-2", BasicAuthPassword=OWN_PASSWORD)
    assert reasons == [("Accepted", "")] * 3
    order = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "NetworkConfigurationPriority"}}
    answer = await csms.call("SetVariables", {"setVariableData": [{**order, "attributeValue": "2,1"}]})
    [refused] = answer["setVariableResult"]
    assert refused["attributeStatus"] == "Rejected"
    assert refused["attributeStatusInfo"]["reasonCode"] == "InvalidNetworkConf"
    settings = {
        "OcppCsmsUrl": other.url,
        "OcppInterface": "Wired0",
        "OcppTransport": "JSON",
        "MessageTimeout": "20",
    }
    assert await write(csms, 2, **settings) == [("Accepted", "")] * 4
    assert await read(csms, 2, *settings) == list(settings.values())
    assert await read(csms, 2, "ApnEnabled", "VpnEnabled") == ["false", "false"]
    assert await write(csms, 2, ApnEnabled="true", OcppTransport="SOAP", BasicAuthPassword="short") == [
        ("Rejected", "ReadOnly"),
        ("Rejected", "InvalidValue"),
        ("Rejected", "InvalidValue"),
    ]
    assert await set_variables(csms, {PRIORITY: "2,1"}) == ["RebootRequired"]
    await restart(csms)
    await other.expect("BootNotification")
    assert login(other) == ("CH-2", "CH-2", OWN_PASSWORD)


async def test_tc_b_107_108_what_the_order_names_is_not_overwritten(csms: Csms, start: Start) -> None:
    """B09.FR.22: not while NetworkConfigurationPriority names it; before and after it is."""
    await start()
    assert await write(csms, 1, OcppCsmsUrl="ws://elsewhere.example") == [("Rejected", "PriorityNetworkConf")]
    assert await write(csms, 2, OcppCsmsUrl="ws://two.example") == [("Accepted", "")]
    assert await set_variables(csms, {PRIORITY: "1,2"}) == ["RebootRequired"]
    assert await write(csms, 2, MessageTimeout="10") == [("Rejected", "PriorityNetworkConf")]
    assert await read(csms, 2, "OcppCsmsUrl", "MessageTimeout") == ["ws://two.example", "0"]
    assert await set_variables(csms, {PRIORITY: "1"}) == ["Accepted"]
    assert await write(csms, 2, MessageTimeout="10") == [("Accepted", "")]


async def test_tc_b_109_the_password_for_all_replaces_the_profile_s_own(
    csms: Csms, other: Csms, start: Start
) -> None:
    """B09.FR.27: at once, on a new connection; one that is refused gives way to what worked before."""
    await start(**QUICK_FAILOVER)
    data = profile(other.url, identity="CH-2", basicAuthPassword=OWN_PASSWORD)
    assert await set_profile(csms, 2, data) == {"status": "Accepted"}
    assert await set_variables(csms, {PRIORITY: "2"}) == ["RebootRequired"]
    await restart(csms)
    await other.expect("BootNotification")
    connections = other.connections
    assert await set_variables(other, {"SecurityCtrlr.BasicAuthPassword": NEW_PASSWORD}) == ["Accepted"]
    await other.until(lambda: other.connections > connections and other.is_connected)
    assert login(other) == ("CH-2", "CH-2", NEW_PASSWORD)
    other.takes = lambda headers: (
        base64.b64encode(f"CH-2:{NEW_PASSWORD}".encode()).decode() in str(headers["Authorization"])
    )
    connections = other.connections
    await other.expect("Heartbeat")
    assert await set_variables(other, {"SecurityCtrlr.BasicAuthPassword": OWN_PASSWORD}) == ["Accepted"]
    await other.until(lambda: other.connections > connections and other.is_connected)
    assert login(other) == ("CH-2", "CH-2", NEW_PASSWORD)


async def refuses_to_go_down(csms: Csms, security: int) -> None:
    """Try both ways to set a slot to a lower security profile."""
    data = profile(
        "ws://two.example/ocpp" if security == 1 else "wss://two.example/ocpp", securityProfile=security
    )
    refused = await set_profile(csms, 2, data)
    assert (refused["status"], refused["statusInfo"]["reasonCode"]) == ("Rejected", "NoSecurityDowngrade")
    assert await write(csms, 3, SecurityProfile=str(security)) == [("Rejected", "NoSecurityDowngrade")]


@pytest.mark.parametrize("may_downgrade", [False, True])
async def test_tc_b_110_tc_b_111_nothing_goes_down_to_profile_1(
    csms: Csms, tmp_path: Path, start: Start, may_downgrade: bool
) -> None:
    """B09.FR.31, B09.FR.32: neither with SetNetworkProfile nor with SetVariables, allowed or not."""
    operator = Operator(tmp_path)
    with behind_tls(csms, operator.server()) as front:
        allowed = {"SecurityCtrlr__AllowSecurityProfileDowngrade": may_downgrade}
        await start(url=url_of(front), keys={"ca_file": operator.ca_file}, **allowed)
        await refuses_to_go_down(csms, 1)
        assert (await set_profile(csms, 2, profile(url_of(front), securityProfile=2)))["status"] == "Accepted"


@pytest.mark.parametrize("may_downgrade", [False, True])
async def test_tc_b_112_tc_b_113_from_3_to_2_only_if_that_is_allowed(
    csms: Csms, tmp_path: Path, start: Start, may_downgrade: bool
) -> None:
    """B09.FR.31, B09.FR.35: as AllowSecurityProfileDowngrade says, with both messages."""
    operator = Operator(tmp_path)
    with behind_tls(csms, operator.mutual()) as front:
        keys = {**operator.station(OLD), "security_profile": 3}
        allowed = {"SecurityCtrlr__AllowSecurityProfileDowngrade": may_downgrade}
        await start(url=url_of(front), keys=keys, **allowed)
        if not may_downgrade:
            await refuses_to_go_down(csms, 2)
            return
        assert (await set_profile(csms, 2, profile(url_of(front), securityProfile=2)))["status"] == "Accepted"
        assert await write(csms, 3, SecurityProfile="2") == [("Accepted", "")]
