"""Block E: the start and stop points that need hardware of their own (TC_E_11, TC_E_12, TC_E_19)."""

from __future__ import annotations

import base64
from typing import Any

from drivers.signed.ocmf import parse
from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import info, set_variables, status_of
from tests.conformance.station import CARD, StationUnderTest

BAY = "ParkingBayOccupancy"
START, STOP = "TxCtrlr.TxStartPoint", "TxCtrlr.TxStopPoint"


async def choices(csms: Csms) -> dict[str, set[str]]:
    """Return what the station says that the points can be set to."""
    await csms.call(
        "GetReport",
        {"requestId": 3, "componentVariable": [{"component": {"name": "TxCtrlr"}}]},
    )
    report = (await csms.expect("NotifyReport")).payload
    return {
        data["variable"]["name"]: set(data["variableCharacteristics"]["valuesList"].split(","))
        for data in report["reportData"]
        if data["variable"]["name"] in ("TxStartPoint", "TxStopPoint")
    }


async def test_what_the_hardware_cannot_see_is_refused(csms: Csms, start: Start) -> None:
    """B05.FR.07, B07.FR.08: and not offered either."""
    await start()
    for value in (BAY, "DataSigned"):
        assert await set_variables(csms, {START: value}) == ["Rejected"]
        assert await set_variables(csms, {STOP: value}) == ["Rejected"]
    offered = await choices(csms)
    assert offered["TxStartPoint"] == offered["TxStopPoint"]
    assert offered["TxStartPoint"] == {"EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer"}


async def test_tc_e_12_19_from_arrival_to_departure(csms: Csms, start: Start) -> None:
    """E01.FR.01, E06.FR.01, E06.FR.08, E01.FR.10: ParkingBayOccupied and ParkingBayUnoccupied.

    TC_E_12, TC_E_19. The connector is Available until the cable comes; a power cut forgets no vehicle.
    """
    station: StationUnderTest = await start(has_sensor=True)
    assert await set_variables(csms, {START: BAY, STOP: BAY}) == ["Accepted", "Accepted"]
    station.bay.arrive()
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "chargingState") == ("EVDetected", "Idle")
    assert started["evse"]["id"] == 1
    await station.until(bay="taken", status="Available")
    station.bay.plug_in()
    await csms.expect("StatusNotification", status_of(1, "Occupied"))
    await station.accepted(CARD)
    told = await csms.event(triggerReason="Authorized")
    assert told["idToken"]["idToken"] == CARD
    await csms.event(chargingState="Charging")
    await station.cut_power()
    await station.power_on()
    await station.until(bay="taken", charging_state="Charging")
    await station.accepted(CARD)
    assert (await csms.event(triggerReason="StopAuthorized"))["eventType"] == "Updated"
    station.bay.unplug()
    await csms.event(triggerReason="EVCommunicationLost", eventType="Updated")
    station.bay.depart()
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("EVDeparted", "Local")
    assert started["transactionInfo"]["transactionId"] == ended["transactionInfo"]["transactionId"]


async def test_a_blind_sensor_is_told_and_keeps_nobody_from_charging(csms: Csms, start: Start) -> None:
    """N07: BayOccupancySensor.Problem. Energy begins a transaction whatever the start points are."""
    station: StationUnderTest = await start(has_sensor=True, TxCtrlr__TxStartPoint=BAY)
    station.bay.silence_sensor(True)
    told = await csms.expect("NotifyEvent", is_problem)
    assert told.payload["eventData"][0]["techCode"] == "BaySensorSilent"
    station.bay.plug_in()
    await station.accepted(CARD)
    started = await csms.event(eventType="Started")
    assert info(started, "chargingState") == ("Charging",)


def is_problem(payload: Any) -> bool:
    data = payload["eventData"][0]
    return (data["component"]["name"], data["variable"]["name"]) == ("BayOccupancySensor", "Problem")


async def test_tc_e_11_a_signed_count_begins_it(csms: Csms, start: Start) -> None:
    """E01.FR.04: DataSigned; the Started event has what the meter signed, and no energy came before."""
    station: StationUnderTest = await start(signing_meter="bauer-bsm-ws36a")
    assert await set_variables(csms, {START: "DataSigned"}) == ["Accepted"]
    assert await set_variables(csms, {STOP: "DataSigned"}) == ["Rejected"], "it is none, by the errata"
    station.bay.plug_in()
    await csms.expect("StatusNotification", status_of(1, "Occupied"))
    await station.accepted(CARD)
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "chargingState") == ("SignedDataReceived", "EVConnected")
    assert started["idToken"]["idToken"] == CARD
    [signed] = [
        value["signedMeterValue"]
        for sample in started["meterValue"]
        for value in sample["sampledValue"]
        if "signedMeterValue" in value
    ]
    record = parse(base64.b64decode(signed["signedMeterData"]).decode())
    assert (record.identification, record.readings[0].reason) == (CARD, "B")
    await csms.event(chargingState="Charging")


async def test_a_power_cut_ends_it_where_that_is_wanted(csms: Csms, start: Start) -> None:
    """E06.FR.08, E06.FR.11: PowerLoss; with TxCtrlr.ResumptionTimeout 0 no transaction goes on."""
    station: StationUnderTest = await start(TxCtrlr__ResumptionTimeout=0)
    station.bay.plug_in()
    await csms.expect("StatusNotification", status_of(1, "Occupied"))
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    await station.cut_power()
    await station.power_on()
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("AbnormalCondition", "PowerLoss")
    assert any(
        value["context"] == "Transaction.End" for one in ended["meterValue"] for value in one["sampledValue"]
    )
    await csms.until(lambda: not station.bay.contactor_closed)
