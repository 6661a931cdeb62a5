"""The generic requirements: every request is answered, and answered before anything that follows from it."""

from __future__ import annotations

import json
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import install, profile
from tests.conformance.ocpp201.sessions import ENERGY, metered
from tests.conformance.station import CARD

MESSAGE: Payload = {
    "id": 1,
    "priority": "NormalCycle",
    "message": {"format": "UTF8", "content": "Welcome"},
}
VOLTAGE: Payload = {
    "component": {"name": "ChargingStation"},
    "variable": {"name": "AvailabilityState"},
    "value": 1,
    "type": "Delta",
    "severity": 5,
}
NOWHERE = "http://127.0.0.1:9/log"
NUMBER = {"requestId": 5}
ANNOUNCED: tuple[tuple[str, Payload, str], ...] = (
    ("GetBaseReport", NUMBER | {"reportBase": "SummaryInventory"}, "NotifyReport"),
    ("GetReport", NUMBER | {"componentVariable": [{"component": {"name": "AuthCtrlr"}}]}, "NotifyReport"),
    ("GetMonitoringReport", NUMBER, "NotifyMonitoringReport"),
    ("GetDisplayMessages", NUMBER, "NotifyDisplayMessages"),
    ("GetChargingProfiles", NUMBER | {"chargingProfile": {"stackLevel": 0}}, "ReportChargingProfiles"),
    (
        "CustomerInformation",
        NUMBER | {"report": True, "clear": False, "idToken": {"idToken": CARD, "type": "ISO14443"}},
        "NotifyCustomerInformation",
    ),
    (
        "GetLog",
        NUMBER | {"logType": "DiagnosticsLog", "retries": 0, "log": {"remoteLocation": NOWHERE}},
        "LogStatusNotification",
    ),
    ("TriggerMessage", {"requestedMessage": "MeterValues", "evse": {"id": 1}}, "MeterValues"),
)


async def test_a_request_is_answered_before_what_it_asks_for_is_sent(csms: Csms, start: Start) -> None:
    """FR.02, FR.05: with the number of the request, and the answer itself says that it will come."""
    station = await start(AlignedDataCtrlr__Measurands=ENERGY)
    await metered(station)
    await csms.call("SetDisplayMessage", {"message": MESSAGE})
    await csms.call("SetVariableMonitoring", {"setMonitoringData": [VOLTAGE]})
    await install(csms, 1, profile(12))
    for action, request, report in ANNOUNCED:
        csms.forget()
        before = len(csms.frames)
        assert (await csms.call(action, request))["status"] == "Accepted", action
        sent = (await csms.expect(report)).payload
        assert sent.get("requestId") == request.get("requestId"), action
        said = [frame.message for frame in csms.frames[before:] if frame.by_station]
        assert [one[2] if one[0] == 2 else "answer" for one in said][:2] == ["answer", report]


async def test_what_is_no_request_is_refused(csms: Csms, start: Start) -> None:
    """FR.03: an unknown action, a wrong payload, and nothing that could be answered; the link stays."""
    await start()

    async def refused(action: str, payload: Any) -> str:
        answer = await csms.raw_call([2, f"of {action}", action, payload])
        assert answer[:2] == [4, f"of {action}"]
        code: str = answer[2]
        return code

    assert await refused("MakeCoffee", {}) == "NotImplemented"
    assert await refused("Reset", {"type": "Sideways"}) == "PropertyConstraintViolation"
    assert await refused("GetVariables", {}) == "OccurrenceConstraintViolation"
    assert await refused("ChangeAvailability", {"operationalStatus": 1}) == "TypeConstraintViolation"
    await csms.send("not even JSON")
    await csms.send(json.dumps([7, "x", "Reset", {}]))
    await csms.call("GetLocalListVersion", {})
