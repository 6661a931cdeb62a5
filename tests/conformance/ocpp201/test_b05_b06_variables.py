"""B05 (set variables), B06 (get variables)."""

from __future__ import annotations

import asyncio

import pytest

from tests.conformance.kit import Csms, Payload, Refused
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import get_variables, set_variables, variable

THRESHOLD = "OCPPCommCtrlr.OfflineThreshold"


def statuses(results: list[Payload]) -> list[str]:
    return [result["attributeStatus"] for result in results]


async def test_tc_b_06_cs_get_one_variable(csms: Csms, start: Start) -> None:
    """B06.FR.01, B06.FR.02, B06.FR.04, B06.FR.10, B06.FR.11: Actual if no attribute type is named."""
    await start(OCPPCommCtrlr__OfflineThreshold=47)
    assert await get_variables(csms, THRESHOLD) == [
        {
            "attributeStatus": "Accepted",
            "attributeType": "Actual",
            "attributeValue": "47",
            "component": {"name": "OCPPCommCtrlr"},
            "variable": {"name": "OfflineThreshold"},
        }
    ]


async def test_tc_b_07_cs_get_several_variables(csms: Csms, start: Start) -> None:
    """B06.FR.03: a result for every item, in order; live ones say what is true now."""
    station = await start()
    station.bay.plug_in()
    await station.until(status="Occupied")
    data = [
        variable(THRESHOLD),
        variable("AuthCtrlr.AuthorizeRemoteStart"),
        {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "AvailabilityState"}},
        {
            "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 1}},
            "variable": {"name": "ConnectorType"},
        },
        {
            "component": {"name": "OCPPCommCtrlr"},
            "variable": {"name": "MessageTimeout", "instance": "Default"},
        },
    ]
    answer = await csms.call("GetVariables", {"getVariableData": data})
    values = [result["attributeValue"] for result in answer["getVariableResult"]]
    assert values == ["60", "true", "Occupied", "cType2", "30"]


async def test_b06_fr_13_a_variable_without_a_value_now(csms: Csms, start: Start) -> None:
    """B06.FR.13: accepted, and empty; WriteOnly is refused whether there is one or not (B06.FR.09)."""
    await start()
    empty, secret = await get_variables(
        csms, "ChargingStation.FirmwareVersion", "SecurityCtrlr.BasicAuthPassword"
    )
    assert (empty["attributeStatus"], empty["attributeValue"]) == ("Accepted", "")
    assert (secret["attributeStatus"], secret["attributeStatusInfo"]["reasonCode"]) == (
        "Rejected",
        "WriteOnly",
    )


async def test_b05_fr_09_what_a_restart_brings_into_force(csms: Csms, start: Start) -> None:
    """B05.FR.09: told as long as it is not in force, and no longer once it is again."""
    await start()
    profile = {
        "ocppVersion": "OCPP20",
        "ocppTransport": "JSON",
        "ocppCsmsUrl": "ws://csms.example/ocpp",
        "messageTimeout": 30,
        "securityProfile": 1,
        "ocppInterface": "Wired0",
    }
    await csms.call("SetNetworkProfile", {"configurationSlot": 2, "connectionData": profile})
    name = "OCPPCommCtrlr.NetworkConfigurationPriority"
    statuses_ = [(await set_variables(csms, {name: order}))[0] for order in ("1,2", "1,2", "1")]
    assert statuses_ == ["RebootRequired", "RebootRequired", "Accepted"]


async def test_tc_b_32_cs_get_unknown_component(csms: Csms, start: Start) -> None:
    """B06.FR.06; no value then (B06.FR.09)."""
    await start()
    [result] = await get_variables(csms, "NoSuchCtrlr.OfflineThreshold")
    assert (result["attributeStatus"], "attributeValue" in result) == ("UnknownComponent", False)


async def test_tc_b_33_cs_get_unknown_variable(csms: Csms, start: Start) -> None:
    """B06.FR.07."""
    await start()
    assert statuses(await get_variables(csms, "OCPPCommCtrlr.NoSuchVariable")) == ["UnknownVariable"]


async def test_tc_b_34_cs_get_unsupported_attribute_type(csms: Csms, start: Start) -> None:
    """B06.FR.08."""
    await start()
    results = await get_variables(csms, THRESHOLD, attributeType="Target")
    assert statuses(results) == ["NotSupportedAttributeType"]


async def test_b06_fr_16_more_items_than_announced(csms: Csms, start: Start) -> None:
    """Refused with OccurrenceConstraintViolation, and so is SetVariables (B05.FR.11)."""
    await start()
    items = [variable(THRESHOLD)] * 65
    with pytest.raises(Refused) as refusal:
        await csms.call("GetVariables", {"getVariableData": items})
    assert refusal.value.code == "OccurrenceConstraintViolation"
    writes = [{**item, "attributeValue": "1"} for item in items]
    with pytest.raises(Refused) as refusal:
        await csms.call("SetVariables", {"setVariableData": writes})
    assert refusal.value.code == "OccurrenceConstraintViolation"


async def test_tc_b_09_cs_set_one_variable(csms: Csms, start: Start) -> None:
    """B05.FR.01, B05.FR.02, B05.FR.10: in use at once, and after a power cut."""
    station = await start()
    assert await set_variables(csms, {THRESHOLD: "333"}) == ["Accepted"]
    [result] = await get_variables(csms, THRESHOLD)
    assert result["attributeValue"] == "333"
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    [result] = await get_variables(csms, THRESHOLD)
    assert result["attributeValue"] == "333"


async def test_tc_b_10_cs_set_several_variables(csms: Csms, start: Start) -> None:
    """B05.FR.03: each on its own."""
    await start()
    wanted = {THRESHOLD: "7", "AuthCtrlr.AuthorizeRemoteStart": "TRUE", "TxCtrlr.TxStopPoint": "EVConnected"}
    assert await set_variables(csms, wanted) == ["Accepted"] * 3
    results = await get_variables(csms, *wanted)
    assert [result["attributeValue"] for result in results] == ["7", "true", "EVConnected"]


async def test_tc_b_11_cs_set_what_cannot_be(csms: Csms, start: Start) -> None:
    """B05.FR.04, B05.FR.05, B05.FR.07, B05.FR.08: refused with a reason, the rest of the message stands.

    TC_B_35_CS, TC_B_36_CS, TC_B_39_CS.
    """
    await start()
    for number, (name, value, status) in enumerate(
        [
            ("NoSuchCtrlr.X", "1", "UnknownComponent"),
            ("OCPPCommCtrlr.NoSuchVariable", "1", "UnknownVariable"),
            ("OCPPCommCtrlr.FileTransferProtocols", "FTP", "Rejected"),
            (THRESHOLD, "soon", "Rejected"),
            (THRESHOLD, "-1", "Rejected"),
            ("TxCtrlr.TxStartPoint", "EVConnected,Magic", "Rejected"),
            ("TxCtrlr.TxStartPoint", "", "Rejected"),
        ]
    ):
        right = {"TxCtrlr.EVConnectionTimeOut": str(70 + number)}
        assert await set_variables(csms, {name: value, **right}) == [status, "Accepted"], (name, value)
        [result] = await get_variables(csms, *right)
        assert result["attributeValue"] == str(70 + number)


async def test_tc_b_37_cs_unsupported_attribute_type(csms: Csms, start: Start) -> None:
    """B05.FR.06: only Actual can be written."""
    await start()
    item = {**variable(THRESHOLD), "attributeType": "Target", "attributeValue": "1"}
    answer = await csms.call("SetVariables", {"setVariableData": [item]})
    assert statuses(answer["setVariableResult"]) == ["NotSupportedAttributeType"]


async def test_b05_a_written_interval_is_used_at_once(csms: Csms, start: Start) -> None:
    """HeartbeatInterval, without a restart."""
    await start()
    await csms.nothing_more(0.2)
    assert await set_variables(csms, {"OCPPCommCtrlr.HeartbeatInterval": "1"}) == ["Accepted"]
    await csms.expect("Heartbeat")


async def test_b05_b06_many_at_once(csms: Csms, start: Start) -> None:
    """Calls that come without waiting for answers are all answered."""
    await start()

    async def both(number: int) -> str:
        await set_variables(csms, {THRESHOLD: str(number)})
        [result] = await get_variables(csms, THRESHOLD)
        value: str = result["attributeValue"]
        return value

    values = await asyncio.gather(*(both(number) for number in range(50)))
    assert set(values) <= {str(number) for number in range(50)}
