"""B08 (get custom report), and how reports are sent (B07)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Refused, Silence
from tests.conformance.ocpp201.conftest import Start


def named(component: str, variable: str | None = None, instance: str | None = None, **evse: int) -> Payload:
    """Return a componentVariable."""
    item: Payload = {"component": {"name": component}}
    if evse:
        item["component"]["evse"] = evse
    if variable is not None:
        item["variable"] = {"name": variable} | ({} if instance is None else {"instance": instance})
    return item


async def report(csms: Csms, request_id: int = 1, **request: Any) -> list[Payload]:
    """Return what a custom report contains."""
    answer = await csms.call("GetReport", {"requestId": request_id, **request})
    assert answer == {"status": "Accepted"}
    parts = [(await csms.expect("NotifyReport")).payload]
    while parts[-1].get("tbc"):
        parts.append((await csms.expect("NotifyReport")).payload)
    assert {part["requestId"] for part in parts} == {request_id}
    assert [part["seqNo"] for part in parts] == list(range(len(parts)))
    assert len({part["generatedAt"] for part in parts}) == 1
    return [item for part in parts for item in part["reportData"]]


def components(items: list[Payload]) -> set[str]:
    return {item["component"]["name"] for item in items}


async def test_tc_b_16_cs_by_criteria(csms: Csms, start: Start) -> None:
    """B08.FR.01, B08.FR.03, B08.FR.04, B08.FR.07, B08.FR.08, B08.FR.09, B08.FR.10, B08.FR.11, B08.FR.12."""
    await start(AuthCacheCtrlr__Enabled=False)
    active = await report(csms, 1, componentCriteria=["Active"])
    assert {"OCPPCommCtrlr", "AuthCacheCtrlr", "EVSE", "Connector"} <= components(active)
    assert len(active) > 64, "in several parts"
    assert "AuthCacheCtrlr" in components(await report(csms, 2, componentCriteria=["Available"]))
    enabled = await report(csms, 3, componentCriteria=["Enabled"])
    assert "AuthCacheCtrlr" not in components(enabled)
    assert {"AuthCtrlr", "ClockCtrlr"} <= components(enabled)
    assert components(await report(csms, 4, componentCriteria=["Problem", "Enabled"])) == components(enabled)
    answer = await csms.call("GetReport", {"requestId": 5, "componentCriteria": ["Problem"]})
    assert answer["status"] == "EmptyResultSet"
    passwords = [item for item in active if item["variable"]["name"] == "BasicAuthPassword"]
    assert {item["component"]["name"] for item in passwords} == {"NetworkConfiguration", "SecurityCtrlr"}
    assert all("value" not in item["variableAttribute"][0] for item in passwords)
    assert all("variableCharacteristics" in item for item in active)


async def test_tc_b_17_cs_by_component_and_variable(csms: Csms, start: Start) -> None:
    """B08.FR.05, B08.FR.13, B08.FR.14, B08.FR.19, B08.FR.20, B08.FR.21: what is left open is all there is.

    TC_B_54_CS, TC_B_55_CS, TC_B_56_CS.
    """
    await start(evses=2)
    [state] = await report(csms, 1, componentVariable=[named("EVSE", "AvailabilityState", id=1)])
    assert state["component"] == {"name": "EVSE", "evse": {"id": 1}}
    assert state["variableAttribute"][0]["value"] == "Available"
    both = await report(csms, 2, componentVariable=[named("EVSE", "AvailabilityState")])
    assert [item["component"]["evse"]["id"] for item in both] == [1, 2]
    limit = ("DeviceDataCtrlr", "ItemsPerMessage")
    sizes = await report(csms, 3, componentVariable=[named(*limit)])
    assert {"GetReport", "GetVariables", "SetVariables"} <= {item["variable"]["instance"] for item in sizes}
    [size] = await report(
        csms, 4, componentVariable=[named("DeviceDataCtrlr", "ItemsPerMessage", "GetReport")]
    )
    assert size["variableAttribute"][0]["value"] == "64"
    clock = await report(csms, 5, componentVariable=[named("ClockCtrlr")])
    assert {"DateTime", "TimeSource"} <= {item["variable"]["name"] for item in clock}
    [two, one] = await report(
        csms, 6, componentVariable=[named("ClockCtrlr", "DateTime"), named("AuthCtrlr", "Enabled")]
    )
    assert {two["component"]["name"], one["component"]["name"]} == {"ClockCtrlr", "AuthCtrlr"}


async def test_tc_b_18_cs_by_criteria_and_component(csms: Csms, start: Start) -> None:
    """B08.FR.05, B08.FR.15: both must hold; nothing left is an empty result set, without any report."""
    await start()
    items = await report(
        csms,
        1,
        componentCriteria=["Available"],
        componentVariable=[named("EVSE", "AvailabilityState", id=1)],
    )
    assert len(items) == 1
    for empty in (
        {"componentCriteria": ["Problem"], "componentVariable": [named("EVSE", "AvailabilityState", id=1)]},
        {"componentVariable": [named("NoSuchCtrlr")]},
        {"componentVariable": [named("EVSE", "AvailabilityState", id=9)]},
        {"componentVariable": [named("ClockCtrlr", "DateTime", "NoSuchInstance")]},
    ):
        answer = await csms.call("GetReport", {"requestId": 2, **empty})
        assert answer == {"status": "EmptyResultSet"}
    await csms.nothing_more(0.2)


async def test_b08_fr_16_too_many_reports_at_once(csms: Csms, start: Start) -> None:
    """B08.FR.16, B07.FR.13: Rejected until those that are being sent have come; one part at a time."""
    await start()
    csms.script["NotifyReport"] = Silence()
    request = {"reportBase": "FullInventory"}
    for request_id in (1, 2, 3):
        answer = await csms.call("GetBaseReport", {"requestId": request_id, **request})
        assert answer == {"status": "Accepted"}
    await csms.expect("NotifyReport")
    for action, more in (("GetBaseReport", request), ("GetReport", {"componentCriteria": ["Active"]})):
        assert (await csms.call(action, {"requestId": 4, **more}))["status"] == "Rejected"
    await csms.nothing_more(0.2, "NotifyReport")
    del csms.script["NotifyReport"]
    await csms.drop()
    await csms.expect("Heartbeat")
    assert len(await report(csms, 5, componentVariable=[named("ClockCtrlr")])) > 1
    assert {call.payload["requestId"] for call in csms.calls("NotifyReport")} <= {1, 5}


async def test_b08_fr_17_b08_fr_18_more_than_announced(csms: Csms, start: Start) -> None:
    """B08.FR.17, B08.FR.18, B06.FR.17: more items, or more bytes, than the station says it takes."""
    await start()
    items = [named("EVSE", "AvailabilityState", id=1)] * 65
    with pytest.raises(Refused, match="OccurrenceConstraintViolation"):
        await csms.call("GetReport", {"requestId": 1, "componentVariable": items})
    value = named("AuthCtrlr", "Enabled") | {"attributeValue": "true"}
    wordy = {"customData": {"vendorId": "x", "padding": "p" * 66_000}}
    for action, request in (
        ("GetReport", {"requestId": 1, "componentCriteria": ["Active"], **wordy}),
        ("GetVariables", {"getVariableData": [named("ClockCtrlr", "DateTime")], **wordy}),
        (
            "SetVariables",
            {"setVariableData": [value], **wordy},
        ),
    ):
        with pytest.raises(Refused, match="FormatViolation"):
            await csms.call(action, request)
    await csms.nothing_more(0.2)
