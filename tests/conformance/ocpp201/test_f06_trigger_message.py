"""F06 (trigger message). Triggers of certificates, logs and firmware are with their own blocks."""

from __future__ import annotations

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, metered, transaction_id, trigger
from tests.conformance.station import OTHER_CARD

ONE: Payload = {"evse": {"id": 1}}
CONNECTOR: Payload = {"evse": {"id": 1, "connectorId": 1}}


def answered_first(csms: Csms, action: str) -> bool:
    """Whether the station answered the latest TriggerMessage before it sent the latest message."""
    kinds = [
        frame.message[2] if frame.message[0] == 2 else "answer" for frame in csms.frames if frame.by_station
    ]
    return max(i for i, kind in enumerate(kinds) if kind == "answer") < len(kinds) - kinds[::-1].index(action)


async def test_tc_f_11_cs_meter_values_of_one_evse(csms: Csms, start: Start) -> None:
    """F06.FR.04, F06.FR.05, F06.FR.06, F06.FR.09, F06.FR.10, F06.FR.11; TC_F_12_CS: of all of them."""
    station = await start(evses=2)
    for number in (1, 2):
        await metered(station, number)
    assert await trigger(csms, "MeterValues", **ONE) == "Accepted"
    values = (await csms.expect("MeterValues")).payload
    assert values["evseId"] == 1
    assert {sample["context"] for sample in values["meterValue"][0]["sampledValue"]} == {"Trigger"}
    assert answered_first(csms, "MeterValues")
    assert await trigger(csms, "MeterValues") == "Accepted"
    assert [(await csms.expect("MeterValues")).payload["evseId"] for _ in range(2)] == [1, 2]
    assert await trigger(csms, "MeterValues", evse={"id": 9}) == "Rejected"
    await csms.nothing_more(0.2)


async def test_tc_f_13_cs_transaction_event_of_one_evse(csms: Csms, start: Start) -> None:
    """F06.FR.07, F06.FR.10, F06.FR.11; TC_F_14_CS: of every transaction there is."""
    station = await start(evses=2)
    assert await trigger(csms, "TransactionEvent") == "Rejected"
    first = await charge(station, csms)
    second = await charge(station, csms, OTHER_CARD, 2)
    assert await trigger(csms, "TransactionEvent", **ONE) == "Accepted"
    event = await csms.event(triggerReason="Trigger")
    assert (event["eventType"], transaction_id(event)) == ("Updated", first)
    assert event["transactionInfo"]["chargingState"] == "Charging"
    assert event["meterValue"]
    assert await trigger(csms, "TransactionEvent") == "Accepted"
    found = {transaction_id(await csms.event(triggerReason="Trigger")) for _ in range(2)}
    assert found == {first, second}


async def test_tc_f_20_cs_heartbeat(csms: Csms, start: Start) -> None:
    """F06.FR.03: an EVSE that says nothing about the message is ignored."""
    await start()
    assert await trigger(csms, "Heartbeat", evse={"id": 9}) == "Accepted"
    await csms.expect("Heartbeat")


async def test_tc_f_17_cs_firmware_status_of_an_evse(csms: Csms, start: Start) -> None:
    """The EVSE says nothing about this message, either."""
    await start()
    assert await trigger(csms, "FirmwareStatusNotification", **ONE) == "Accepted"
    assert (await csms.expect("FirmwareStatusNotification")).payload == {"status": "Idle"}


async def test_tc_f_23_cs_status_of_a_connector(csms: Csms, start: Start) -> None:
    """F06.FR.12; TC_F_24_CS: while occupied; only for a connector that is named."""
    station = await start()
    assert await trigger(csms, "StatusNotification", **CONNECTOR) == "Accepted"
    assert (await csms.expect("StatusNotification")).payload["connectorStatus"] == "Available"
    await charge(station, csms)
    assert await trigger(csms, "StatusNotification", **CONNECTOR) == "Accepted"
    assert (await csms.expect("StatusNotification")).payload["connectorStatus"] == "Occupied"
    for unnamed in ({}, ONE, {"evse": {"id": 1, "connectorId": 2}}):
        assert await trigger(csms, "StatusNotification", **unnamed) == "Rejected"
    await csms.nothing_more(0.2)


async def test_tc_f_26_cs_boot_notification_of_an_accepted_station(csms: Csms, start: Start) -> None:
    """F06.FR.17."""
    await start()
    assert await trigger(csms, "BootNotification") == "Rejected"
    await csms.nothing_more(0.2)


@pytest.mark.parametrize("message", ["PublishFirmwareStatusNotification"])
async def test_tc_f_27_cs_what_there_is_not(csms: Csms, start: Start, message: str) -> None:
    """F06.FR.08."""
    await start()
    assert await trigger(csms, message) == "NotImplemented"
