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
    sampled,
    set_variables,
    story,
    transaction_id,
    unplug,
)
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest, seq_nos

STRANGER = "0400000000"
AUTHORIZED, PLUGGED = "Authorized", "CablePluggedIn"
STATE = "ChargingStateChanged"


async def until_charging(csms: Csms) -> list[Payload]:
    """Wait for Charging, and return the transaction's events in order."""
    charging = await csms.event(chargingState="Charging")
    return csms.events(transaction_id(charging))


def begins_with_its_count(event: Payload) -> bool:
    """Return whether an event is the first of a transaction, and says from which count it goes."""
    ((context, _),) = sampled(event)
    return event["eventType"] == "Started" and context == "Transaction.Begin"


def reason(event: Payload) -> tuple[str, str]:
    """Return trigger and reason of an event that ended a transaction."""
    assert event["eventType"] == "Ended"
    return event["triggerReason"], event["transactionInfo"]["stoppedReason"]


async def ended(csms: Csms) -> tuple[str, str]:
    """Wait for the end; the whole transaction is in order, and told without a gap."""
    event = await csms.event(eventType="Ended")
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
    """E01.FR.02, E01.FR.03, E01.FR.05, E01.FR.06, E01.FR.07, E01.FR.09, E01.FR.10, E01.FR.15, E01.FR.16.

    TC_E_01, TC_E_02. E01.FR.18, E02.FR.01, E02.FR.05, E02.FR.06, E02.FR.07, E02.FR.09, E02.FR.13, E02.FR.15,
    E02.FR.20; TC_E_03: the token is told once, and the rest as the charge goes on.
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
    assert begins_with_its_count(events[0])
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
    """E03.FR.01, E03.FR.06, E03.FR.07, E03.FR.12, E01.FR.16, E01.FR.18; TC_E_04.

    The first point of several begins it. The connector is Occupied with the cable, not before (E02.FR.05).
    """
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint=point)
    await station.accepted(CARD)
    assert (await station.evse())["status"] == "Available"
    await plug_in(station, csms)
    events = await until_charging(csms)
    last = ("Updated" if told else "Started", STATE, "Charging")
    assert story(events) == [*told, last]
    assert seq_nos(events) == list(range(len(events)))
    assert [event["idToken"]["idToken"] for event in events if "idToken" in event] == [CARD]
    assert begins_with_its_count(events[0])
    with_cable = next(event for event in events if info(event, "chargingState") != ("Idle",))
    assert with_cable["evse"] == {"id": 1, "connectorId": 1}


async def test_tc_e_52_card_first_but_the_backend_is_not_to_be_asked(csms: Csms, start: Start) -> None:
    """DisableRemoteAuthorization: a card that nothing here knows is refused, and the cable starts nothing."""
    station: StationUnderTest = await start(AuthCtrlr__DisableRemoteAuthorization=True)
    assert (await station.tap(CARD))["why"] == "Unknown"
    await plug_in(station, csms)
    await csms.nothing_more(0.3, "Authorize", "TransactionEvent")
    assert not station.bay.contactor_closed


async def test_tc_e_13_a_remote_start_begins_it(csms: Csms, start: Start) -> None:
    """E01.FR.03, F02.FR.21: TxStartPoint is Authorized."""
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint="Authorized")
    assert (await remote_start(csms, remote_start_id=9))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "remoteStartId", "chargingState") == ("RemoteStart", 9, "Idle")
    assert started["idToken"]["idToken"] == CARD
    station.bay.plug_in()
    await until_charging(csms)


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
    """E01.FR.19, E02.FR.16: SuspendedEV, and Charging again, in one transaction."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    station.bay.pause()
    suspended = await csms.event(chargingState="SuspendedEV")
    assert info(suspended, "eventType", "triggerReason") == ("Updated", STATE)
    station.bay.resume()
    await csms.event(chargingState="Charging")


# where it ends


async def test_tc_e_15_by_the_card_that_began_it(csms: Csms, start: Start) -> None:
    """E06.FR.03, E06.FR.11, E06.FR.14, E06.FR.15, E07.FR.01, E07.FR.02, E07.FR.05, E07.FR.08, E07.FR.11.

    The cable may stay, and another driver can begin a transaction of their own.
    """
    station: StationUnderTest = await start()
    first = await charge(station, csms)
    assert not (await station.tap(OTHER_CARD))["accepted"]
    asked = len(csms.calls("Authorize"))
    await station.accepted(CARD)
    last = await csms.event(eventType="Ended")
    assert reason(last) == ("StopAuthorized", "Local")
    assert last["idToken"]["idToken"] == CARD
    assert [context for context, _ in sampled(last)] == ["Transaction.Begin", "Transaction.End"]
    assert last["seqNo"] == len(csms.events(first)) - 1
    assert len(csms.calls("Authorize")) == asked
    await station.accepted(OTHER_CARD)
    second = await csms.event(eventType="Started")
    assert transaction_id(second) != first
    assert second["seqNo"] == 0


async def test_tc_e_06_14_by_card_and_then_by_unplugging(csms: Csms, start: Start) -> None:
    """E06.FR.02, E06.FR.15, E07.FR.02; TC_E_14: TxStopPoint is EVConnected only."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint="EVConnected")
    await charge(station, csms)
    await station.accepted(CARD)
    stopped = await csms.event(triggerReason="StopAuthorized")
    assert (stopped["eventType"], stopped["idToken"]["idToken"]) == ("Updated", CARD)
    await csms.event(triggerReason=STATE, chargingState="EVConnected")
    assert not station.bay.contactor_closed
    station.bay.unplug()
    assert await ended(csms) == ("EVCommunicationLost", "Local")


@pytest.mark.parametrize(
    ("point", "deauthorizes"),
    [("Authorized", True), ("EnergyTransfer", True), ("EVConnected", False), ("PowerPathClosed", False)],
)
async def test_tc_e_17_20_37_by_unplugging(
    csms: Csms, start: Start, point: str, *, deauthorizes: bool
) -> None:
    """E06.FR.02, E06.FR.06, E06.FR.08, E06.FR.14, E06.FR.15, E07.FR.06, E09.FR.01, E09.FR.04, E09.FR.05.

    TC_E_20, TC_E_37. StopTxOnEVSideDisconnect ends the driver's permission whatever the stop point is; a
    vehicle that comes back gets nothing.
    """
    station: StationUnderTest = await start(
        TxCtrlr__TxStopPoint=point, TxCtrlr__StopTxOnEVSideDisconnect=deauthorizes
    )
    await charge(station, csms)
    if not deauthorizes:
        station.bay.pause()
        await csms.event(chargingState="SuspendedEV")
    station.bay.unplug()
    assert await ended(csms) == ("EVCommunicationLost", "EVDisconnected")
    last = csms.events()[-1]
    assert info(last, "chargingState") == ("Idle",)
    assert sampled(last)[-1][0] == "Transaction.End"
    csms.forget()
    await plug_in(station, csms)
    await csms.nothing_more(0.2, "TransactionEvent")
    assert not station.bay.contactor_closed


@pytest.mark.parametrize("point", ["PowerPathClosed", "EnergyTransfer"])
async def test_tc_e_07_08_by_card_where_power_is_the_stop_point(csms: Csms, start: Start, point: str) -> None:
    """E06.FR.06, E06.FR.07. TC_E_08."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint=point)
    await charge(station, csms)
    await station.accepted(CARD)
    assert await ended(csms) == ("StopAuthorized", "Local")


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed", "EVConnected,Authorized"])
async def test_tc_e_21_35_by_the_backend(csms: Csms, start: Start, point: str) -> None:
    """F03.FR.03, F03.FR.09, E06.FR.03, E06.FR.08, E07.FR.06. TC_E_35."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint=point)
    transaction = await charge(station, csms)
    answer = await csms.call("RequestStopTransaction", {"transactionId": transaction})
    assert answer["status"] == "Accepted"
    assert await ended(csms) == ("RemoteStop", "Remote")


async def test_tc_e_22_by_the_vehicle(csms: Csms, start: Start) -> None:
    """E06.FR.07, E06.FR.08, E07.FR.06, E15.FR.01: TxStopPoint is EnergyTransfer."""
    station: StationUnderTest = await start(TxCtrlr__TxStopPoint="EnergyTransfer")
    await charge(station, csms)
    station.bay.pause()
    assert await ended(csms) == (STATE, "StoppedByEV")
    last = csms.events()[-1]
    assert info(last, "chargingState") == ("EVConnected",)
    assert sampled(last)[-1][0] == "Transaction.End"


@pytest.mark.parametrize("point", ["Authorized", "PowerPathClosed"])
async def test_tc_e_39_no_cable_comes(csms: Csms, start: Start, point: str) -> None:
    """E03.FR.05, E06.FR.08; TC_E_05: EVConnectionTimeOut ends what has begun."""
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint=point, TxCtrlr__EVConnectionTimeOut=1)
    await station.accepted(CARD)
    if point == "Authorized":
        assert await ended(csms) == ("EVConnectTimeout", "Timeout")
    await station.until(token=None)
    csms.forget()
    station.bay.plug_in()
    await station.until(pilot="B")
    await csms.nothing_more(0.3, "TransactionEvent")


async def test_tc_e_26_27_a_vehicle_that_comes_back_once(csms: Csms, start: Start) -> None:
    """E10.FR.02, E10.FR.03, E10.FR.04: with a fixed cable it is waited for EVConnectionTimeOut.

    TC_E_27. The connector is Available meanwhile (E02.FR.05 when the cable is back).
    """
    station: StationUnderTest = await start(
        TxCtrlr__StopTxOnEVSideDisconnect=False, TxCtrlr__TxStopPoint="Authorized"
    )
    await charge(station, csms)
    await unplug(station, csms)
    gone = await csms.event(triggerReason="EVCommunicationLost")
    assert info(gone, "eventType", "chargingState") == ("Updated", "Idle")
    await plug_in(station, csms)
    back = await csms.event(triggerReason=PLUGGED)
    assert info(back, "eventType", "chargingState") == ("Updated", "EVConnected")
    assert back["evse"] == {"id": 1, "connectorId": 1}
    await csms.event(chargingState="Charging")
    assert await set_variables(csms, {"TxCtrlr.EVConnectionTimeOut": "1"}) == ["Accepted"]
    await unplug(station, csms)
    assert await ended(csms) == ("EVConnectTimeout", "Timeout")
    assert sampled(csms.events()[-1])[-1][0] == "Transaction.End"


# who is not accepted


@pytest.mark.parametrize(
    ("stops", "point", "told"),
    [
        (True, "EVConnected,Authorized", ("Ended", "Deauthorized", "EVConnected")),
        (True, "EVConnected", ("Updated", "Deauthorized", "EVConnected")),
        (False, "EVConnected,Authorized", ("Updated", STATE, "SuspendedEVSE")),
    ],
)
async def test_tc_e_16_an_unknown_card_that_began_offline(
    csms: Csms, start: Start, point: str, told: tuple[str, str, str], *, stops: bool
) -> None:
    """E05.FR.02, E05.FR.04, E05.FR.05, E05.FR.09, E05.FR.10, E06.FR.04, E06.FR.08, C15.FR.03,
    C15.FR.04, C15.FR.06.

    The backend refuses it once it is back.
    """
    station: StationUnderTest = await start(
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
        TxCtrlr__StopTxOnInvalidId=stops,
        TxCtrlr__TxStopPoint=point,
    )
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(STRANGER)
    await station.until(charging_state="Charging")
    await csms.listen(port)
    event = await csms.event(eventType=told[0], triggerReason=told[1], chargingState=told[2])
    if told[0] == "Ended":
        assert reason(event) == ("Deauthorized", "DeAuthorized")
    else:
        assert (await station.evse())["transaction"] is not None
    if told[2] == "Charging":
        await csms.event(chargingState="EVConnected")
    await csms.until(lambda: not station.bay.contactor_closed)
    events = csms.events(transaction_id(event))
    assert begins_with_its_count(events[0])
    assert seq_nos(events) == list(range(len(events)))
    assert [one["offline"] for one in events[:2]] == [True, True]
