"""Block E: when a transaction begins and ends, and what is told of it (TC_E_01 and following)."""

from __future__ import annotations

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import (
    charge,
    info,
    plug_in,
    remote_start,
    set_variables,
    story,
    transaction_id,
)
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest, seq_nos

STRANGER = "0400000000"
AUTHORIZED, PLUGGED = "Authorized", "CablePluggedIn"
STATE = "ChargingStateChanged"


async def until_charging(csms: Csms) -> list[Payload]:
    """Wait for Charging, and return the transaction's events in order."""
    charging = await csms.event(chargingState="Charging")
    return csms.events(transaction_id(charging))


def reason(event: Payload) -> tuple[str, str]:
    """Return trigger and reason of an event that ended a transaction."""
    assert event["eventType"] == "Ended"
    return event["triggerReason"], event["transactionInfo"]["stoppedReason"]


async def ended(csms: Csms) -> tuple[str, str]:
    """Wait for the end; the whole transaction is in order, and told without a gap."""
    event = await csms.event(eventType="Ended", timeout_s=15)
    events = csms.events(transaction_id(event))
    assert seq_nos(events) == list(range(len(events)))
    assert [one["eventType"] for one in events[:1]] == ["Started"]
    assert {one["eventType"] for one in events[1:-1]} <= {"Updated"}
    assert all(one["offline"] is False for one in events)
    return reason(event)


# where it begins


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ("EVConnected", [("Started", PLUGGED, "EVConnected"), ("Updated", AUTHORIZED, "EVConnected")]),
        ("Authorized", [("Started", AUTHORIZED, "EVConnected")]),
        ("PowerPathClosed", [("Started", AUTHORIZED, "EVConnected")]),
        ("EnergyTransfer", []),
    ],
)
async def test_tc_e_09_01_02_cable_first(csms: Csms, start: Start, point: str, told: list[str]) -> None:
    """E01.FR.02, E01.FR.03, E01.FR.05, E01.FR.06, E01.FR.07, E01.FR.08, E01.FR.10, E01.FR.14, E01.FR.16.

    TC_E_01, TC_E_02.

    E02.FR.01, E02.FR.07, E02.FR.13; TC_E_03: the token is told once, and the rest as the charge goes on.
    """
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint=point)
    await plug_in(station, csms)
    await station.accepted(CARD)
    events = await until_charging(csms)
    last = ("Updated" if told else "Started", STATE, "Charging")
    assert story(events) == [*told, last]
    assert seq_nos(events) == list(range(len(events)))
    assert [event["idToken"]["idToken"] for event in events if "idToken" in event] == [CARD]
    assert events[0]["evse"] == {"id": 1, "connectorId": 1}
    assert len({transaction_id(event) for event in events}) == 1


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ("EVConnected", [("Started", PLUGGED, "EVConnected")]),
        ("Authorized", [("Started", AUTHORIZED, "Idle"), ("Updated", PLUGGED, "EVConnected")]),
        ("PowerPathClosed", [("Started", PLUGGED, "EVConnected")]),
        ("EnergyTransfer", []),
        ("EVConnected,Authorized", [("Started", AUTHORIZED, "Idle"), ("Updated", PLUGGED, "EVConnected")]),
    ],
)
async def test_tc_e_10_04_card_first(csms: Csms, start: Start, point: str, told: list[str]) -> None:
    """E03.FR.01, E03.FR.06, E03.FR.12, E01.FR.14, E01.FR.18: the first point of several begins it.

    TC_E_04. The connector is Occupied with the cable, not before (E02.FR.05).
    """
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint=point)
    await station.accepted(CARD)
    assert (await station.evse())["status"] == "Available"
    await plug_in(station, csms)
    events = await until_charging(csms)
    last = ("Updated" if told else "Started", STATE, "Charging")
    assert story(events) == [*told, last]
    assert [event["idToken"]["idToken"] for event in events if "idToken" in event] == [CARD]


async def test_tc_e_13_a_remote_start_begins_it(csms: Csms, start: Start) -> None:
    """E01.FR.03, F02.FR.21: TxStartPoint is Authorized; what cannot be observed is refused."""
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint="Authorized")
    assert (await remote_start(csms, remote_start_id=9))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "remoteStartId", "chargingState") == ("RemoteStart", 9, "Idle")
    assert started["idToken"]["idToken"] == CARD
    station.bay.plug_in()
    await until_charging(csms)
    for value in ("ParkingBayOccupancy", "DataSigned"):
        assert await set_variables(csms, {"TxCtrlr.TxStartPoint": value}) == ["Rejected"]
        assert await set_variables(csms, {"TxCtrlr.TxStopPoint": value}) == ["Rejected"]


async def test_tc_e_38_the_vehicle_is_not_ready(csms: Csms, start: Start) -> None:
    """Energy is offered, and the vehicle takes none: SuspendedEV until it does."""
    station: StationUnderTest = await start()
    station.bay.pause()
    await plug_in(station, csms)
    await station.accepted(CARD)
    assert info(await csms.event(chargingState="SuspendedEV"), "triggerReason") == (STATE,)
    station.bay.resume()
    await csms.event(chargingState="Charging")


async def test_the_vehicle_suspends_and_goes_on(csms: Csms, start: Start) -> None:
    """E02.FR.18, E02.FR.19, E02.FR.20, E15.FR.01: SuspendedEV, and Charging again, in one transaction."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    station.bay.pause()
    suspended = await csms.event(chargingState="SuspendedEV")
    assert info(suspended, "eventType", "triggerReason") == ("Updated", STATE)
    station.bay.resume()
    await csms.event(chargingState="Charging")


# where it ends


async def test_tc_e_15_by_the_card_that_began_it(csms: Csms, start: Start) -> None:
    """E06.FR.03, E06.FR.08, E06.FR.11, E07.FR.01, E07.FR.02, E07.FR.04, E07.FR.05.

    TC_E_09: the cable may stay, and another driver can begin a transaction of their own.
    """
    station: StationUnderTest = await start()
    first = await charge(station, csms)
    assert not (await station.tap(OTHER_CARD))["accepted"]
    await station.accepted(CARD)
    assert await ended(csms) == ("StopAuthorized", "Local")
    await station.accepted(OTHER_CARD)
    second = await csms.event(eventType="Started")
    assert transaction_id(second) != first
    assert second["seqNo"] == 0


async def test_tc_e_20_by_unplugging(csms: Csms, start: Start) -> None:
    """E06.FR.02, E09.FR.01, E09.FR.05; TC_E_06, TC_E_14: TxStopPoint is EVConnected only."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint="EVConnected")
    await charge(station, csms)
    await station.accepted(CARD)
    stopped = await csms.event(triggerReason="StopAuthorized")
    assert (stopped["eventType"], stopped["idToken"]["idToken"]) == ("Updated", CARD)
    await csms.event(triggerReason=STATE, chargingState="EVConnected")
    assert not station.bay.contactor_closed
    station.bay.unplug()
    assert await ended(csms) == ("EVCommunicationLost", "Local")


@pytest.mark.parametrize("point", ["PowerPathClosed", "EnergyTransfer", "Authorized", "EVConnected"])
async def test_tc_e_17_37_by_unplugging_whatever_the_stop_point_is(
    csms: Csms, start: Start, point: str
) -> None:
    """E06.FR.06, E09.FR.06, E06.FR.14: StopTxOnEVSideDisconnect ends the driver's permission, too.

    TC_E_37.
    """
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint=point)
    await charge(station, csms)
    station.bay.unplug()
    assert await ended(csms) == ("EVCommunicationLost", "EVDisconnected")


@pytest.mark.parametrize("point", ["PowerPathClosed", "EnergyTransfer"])
async def test_tc_e_07_08_by_card_where_power_is_the_stop_point(csms: Csms, start: Start, point: str) -> None:
    """E06.FR.06, E06.FR.07, E07.FR.06. TC_E_08."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint=point)
    await charge(station, csms)
    await station.accepted(CARD)
    assert await ended(csms) == ("StopAuthorized", "Local")


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed", "EVConnected,Authorized"])
async def test_tc_e_21_35_by_the_backend(csms: Csms, start: Start, point: str) -> None:
    """F03.FR.01, F03.FR.02, F03.FR.03, F03.FR.09, E06.FR.03. TC_E_35."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint=point)
    transaction = await charge(station, csms)
    answer = await csms.call("RequestStopTransaction", {"transactionId": transaction})
    assert answer["status"] == "Accepted"
    assert await ended(csms) == ("RemoteStop", "Remote")


async def test_tc_e_22_by_the_vehicle(csms: Csms, start: Start) -> None:
    """E06.FR.07, E15.FR.03, E15.FR.04: TxStopPoint is EnergyTransfer, StoppedByEV."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint="EnergyTransfer")
    await charge(station, csms)
    station.bay.pause()
    assert await ended(csms) == (STATE, "StoppedByEV")


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed"])
async def test_tc_e_39_no_cable_comes(csms: Csms, start: Start, point: str) -> None:
    """E03.FR.05, E03.FR.15; TC_E_05: EVConnectionTimeOut ends what has begun."""
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint=point, TxCtrlr__EVConnectionTimeOut=1)
    await station.accepted(CARD)
    if point == "Authorized":
        assert await ended(csms) == ("EVConnectTimeout", "Timeout")
    await station.until(token=None)
    csms.forget()
    station.bay.plug_in()
    await station.until(pilot="B")
    await csms.nothing_more(0.3, "TransactionEvent")


async def test_tc_e_27_a_vehicle_that_does_not_come_back(csms: Csms, start: Start) -> None:
    """E10.FR.02, E10.FR.05, E10.FR.06: with a fixed cable it is waited for EVConnectionTimeOut."""
    station: StationUnderTest = await start(
        TxCtrlr__StopTxOnEVSideDisconnect=False,
        TxCtrlr__TxStopPoint="Authorized",
        TxCtrlr__EVConnectionTimeOut=1,
    )
    await charge(station, csms)
    station.bay.unplug()
    await csms.event(triggerReason="EVCommunicationLost", eventType="Updated")
    assert await ended(csms) == ("EVCommunicationLost", "EVDisconnected")


# who is not accepted


@pytest.mark.parametrize("stops", [True, False])
async def test_tc_e_16_an_unknown_card_that_began_offline(csms: Csms, start: Start, *, stops: bool) -> None:
    """E05.FR.01, E05.FR.02, E05.FR.08, E05.FR.10, C15.FR.03: the backend refuses it once it is back."""
    station: StationUnderTest = await start(
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True, TxCtrlr__StopTxOnInvalidId=stops
    )
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(STRANGER)
    await station.until(charging_state="Charging")
    await csms.listen(port)
    if stops:
        event = await csms.event(eventType="Ended", timeout_s=15)
        assert reason(event) == ("Deauthorized", "DeAuthorized")
    else:
        await csms.event(chargingState="SuspendedEVSE", timeout_s=15)
        assert (await station.evse())["transaction"] is not None
    await csms.until(lambda: not station.bay.contactor_closed)
