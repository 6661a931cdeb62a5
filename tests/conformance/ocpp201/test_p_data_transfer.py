"""Block P: what vendors agreed on besides OCPP, and customData (TC_P_01 and following)."""

from __future__ import annotations

from typing import Any

import pytest

from agent.system.control import ControlError
from tests.conformance.kit import Csms, Payload, Refuse
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, variable
from tests.conformance.station import StationUnderTest

VENDOR = "org.example.vendor"


async def test_tc_p_01_a_vendor_whom_nobody_knows(csms: Csms, start: Start) -> None:
    """P01.FR.01, P01.FR.05: whatever message and data there are; it sends none by itself."""
    await start()
    data: Any
    for message, data in ((None, None), ("hello", {"left": [1, 2]}), ("hello", "text"), ("x" * 50, 5)):
        request: Payload = {"vendorId": VENDOR} | ({} if message is None else {"messageId": message})
        answer = await csms.call("DataTransfer", request | ({} if data is None else {"data": data}))
        assert answer["status"] == "UnknownVendorId"
        assert "data" not in answer
    assert csms.calls("DataTransfer") == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": "Accepted", "data": {"left": 3}}, ("Accepted", {"left": 3}, None)),
        (
            {"status": "Rejected", "statusInfo": {"reasonCode": "No", "additionalInfo": "not today"}},
            ("Rejected", None, "not today"),
        ),
        ({"status": "UnknownVendorId"}, ("UnknownVendorId", None, None)),
        ({"status": "UnknownMessageId", "data": [1]}, ("UnknownMessageId", [1], None)),
    ],
)
async def test_tc_p_02_the_station_tells_what_a_vendor_agreed_on(
    csms: Csms, start: Start, answer: Payload, expected: tuple[Any, ...]
) -> None:
    """P02.FR.04, P02.FR.05: names and data go out as they are, and the answer comes back."""
    station: StationUnderTest = await start()
    csms.script["DataTransfer"] = answer
    data = {"nested": {"list": [1, 2.5, None, "ü"]}}
    told = await station.ask(do="transfer", vendor=VENDOR, message="hello", data=data)
    assert (told["status"], told["data"], told["why"]) == expected
    sent = (await csms.expect("DataTransfer")).payload
    assert sent == {"vendorId": VENDOR, "messageId": "hello", "data": data}
    await station.ask(do="transfer", vendor=VENDOR)
    assert (await csms.expect("DataTransfer")).payload == {"vendorId": VENDOR}


async def test_a_message_that_gets_no_answer_is_said_to_have_none(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    csms.script["DataTransfer"] = Refuse("NotSupported")
    with pytest.raises(ControlError, match="the backend gave no answer"):
        await station.ask(do="transfer", vendor=VENDOR)
    with pytest.raises(ControlError, match="1 to 255"):
        await station.ask(do="transfer", vendor="")


async def test_tc_p_03_and_04_custom_data_changes_nothing(csms: Csms, start: Start) -> None:
    """In requests to the station, nested in them, and in the backend's answers. TC_P_04."""
    custom = {"customData": {"vendorId": VENDOR, "anything": [1, {"deep": True}]}}
    station: StationUnderTest = await start()
    plain = variable("OCPPCommCtrlr.OfflineThreshold")
    data = {name: value | custom for name, value in plain.items()} | custom
    request = {"setVariableData": [{**data, "attributeValue": "200"}], **custom}
    answer = await csms.call("SetVariables", request)
    assert answer["setVariableResult"][0]["attributeStatus"] == "Accepted"
    answer = await csms.call("GetVariables", {"getVariableData": [data], **custom})
    assert answer["getVariableResult"][0]["attributeValue"] == "200"
    period = {"startPeriod": 0, "limit": 10, "numberPhases": 3, **custom}
    schedule = {"id": 1, "chargingRateUnit": "A", "duration": 600, "chargingSchedulePeriod": [period]}
    profile = {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": [schedule | custom],
        **custom,
    }
    answer = await csms.call("SetChargingProfile", {"evseId": 1, "chargingProfile": profile, **custom})
    assert answer["status"] == "Accepted"
    for action in ("Authorize", "TransactionEvent"):
        csms.script[action] = {"idTokenInfo": {"status": "Accepted", **custom}, **custom}
    await charge(station, csms)
