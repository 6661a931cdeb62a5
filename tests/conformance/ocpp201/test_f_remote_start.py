"""F01 to F03: the backend starts and stops charges (TC_F_01 and following)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import (
    ENERGY,
    charge,
    info,
    plug_in,
    remote_start,
    sampled,
    status_of,
    story,
    transaction_id,
    unplug,
)
from tests.conformance.ocpp201.test_g05_f05_lock import is_held
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

APP = {"idToken": {"idToken": "APP-1", "type": "Central"}}
STRANGER = "0400000000"


def tx_profile(**more: Any) -> Payload:
    return {
        "id": 5,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": [
            {
                "id": 1,
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}],
            }
        ],
        **more,
    }


@pytest.mark.parametrize("point", ["EVConnected", "PowerPathClosed"])
async def test_tc_f_01_cable_first(csms: Csms, start: Start, point: str) -> None:
    """F01.FR.03, F01.FR.04, F01.FR.05, F01.FR.13, F01.FR.14, F01.FR.15, F01.FR.17, F01.FR.18, F01.FR.19,
    F01.FR.25, C05.FR.03, C05.FR.05.

    The running transaction is named in the answer, and the event that follows names request and driver.
    """
    station: StationUnderTest = await start(
        TxCtrlr__TxStartPoint=point,
        SampledDataCtrlr__TxUpdatedInterval=1,
        SampledDataCtrlr__TxUpdatedMeasurands=ENERGY,
    )
    await plug_in(station, csms)
    running = None
    if point == "EVConnected":
        running = transaction_id(await csms.event(eventType="Started"))
    answer = await remote_start(csms, remote_start_id=41)
    assert answer["status"] == "Accepted"
    assert answer.get("transactionId") == running
    event = await csms.event(triggerReason="RemoteStart")
    assert info(event, "remoteStartId", "eventType") == (41, "Updated" if running else "Started")
    assert event["idToken"]["idToken"] == CARD
    await csms.event(chargingState="Charging", triggerReason="ChargingStateChanged")
    started, *_ = csms.events()
    assert [context for context, _ in sampled(started)] == ["Transaction.Begin"]
    updated = await csms.event(triggerReason="MeterValuePeriodic")
    assert [context for context, _ in sampled(updated)] == ["Sample.Periodic"]


@pytest.mark.parametrize("asks", [True, False])
async def test_tc_f_02_03_request_first(csms: Csms, start: Start, *, asks: bool) -> None:
    """F02.FR.01, F02.FR.02, F02.FR.03, F02.FR.05, F02.FR.11, F02.FR.12, F02.FR.13, F02.FR.21; TC_F_03.

    AuthorizeRemoteStart (F02.FR.09) or not (F02.FR.10).
    """
    station: StationUnderTest = await start(
        AuthCtrlr__AuthorizeRemoteStart=asks, SampledDataCtrlr__TxUpdatedInterval=1
    )
    assert (await remote_start(csms, remote_start_id=42))["status"] == "Accepted"
    if asks:
        assert (await csms.expect("Authorize")).payload["idToken"]["idToken"] == CARD
    await station.until(token=CARD, status="Available")
    await plug_in(station, csms)
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "remoteStartId") == ("RemoteStart", 42)
    assert started["idToken"] == {"idToken": CARD, "type": "ISO14443"}
    assert [context for context, _ in sampled(started)] == ["Transaction.Begin"]
    await csms.event(chargingState="Charging")
    updated = await csms.event(triggerReason="MeterValuePeriodic")
    assert [context for context, _ in sampled(updated)] == ["Sample.Periodic"]
    assert len(csms.calls("Authorize")) == int(asks)


async def test_tc_f_04_no_cable_comes(csms: Csms, start: Start) -> None:
    """F02.FR.07: EVConnectionTimeOut, with a transaction that the request has begun."""
    station = await start(TxCtrlr__TxStartPoint="Authorized", TxCtrlr__EVConnectionTimeOut=1)
    await remote_start(csms)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("EVConnectTimeout", "Timeout")
    await station.until(token=None, status="Available")


async def test_no_cable_comes_to_a_vehicle_in_the_bay(csms: Csms, start: Start) -> None:
    """F02.FR.08: the driver's permission ends; the transaction does when the vehicle leaves the bay."""
    station: StationUnderTest = await start(
        has_sensor=True,
        TxCtrlr__TxStartPoint="ParkingBayOccupancy",
        TxCtrlr__TxStopPoint="ParkingBayOccupancy",
        TxCtrlr__EVConnectionTimeOut=1,
    )
    station.bay.arrive()
    await csms.event(eventType="Started")
    await remote_start(csms)
    await csms.event(triggerReason="RemoteStart")
    late = await csms.event(triggerReason="EVConnectTimeout")
    assert info(late, "eventType") == ("Updated",)
    await station.until(token=None)
    station.bay.depart()
    await csms.event(eventType="Ended")


async def test_who_is_not_accepted_does_not_start(csms: Csms, start: Start) -> None:
    """F01.FR.01: the request was taken, the token is not."""
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=True)
    await plug_in(station, csms)
    assert (await remote_start(csms, STRANGER))["status"] == "Accepted"
    await csms.expect("Authorize")
    await csms.nothing_more(0.3, "TransactionEvent")
    assert not station.bay.contactor_closed


async def test_what_cannot_start(csms: Csms, start: Start) -> None:
    """F01.FR.07, F01.FR.20, F01.FR.23, F01.FR.24, F02.FR.15, F02.FR.22, F02.FR.25, F02.FR.26.

    Without an EVSE it is the one with a cable; unknown, occupied, out of order or out of service: Rejected.
    """
    station: StationUnderTest = await start(evses=2)

    async def asked(**more: Any) -> str:
        request = {"remoteStartId": 1, **APP, **more}
        status: str = (await csms.call("RequestStartTransaction", request))["status"]
        return status

    assert await asked(evseId=3) == "Rejected"
    assert await asked() == "Rejected", "either EVSE could be meant"
    await charge(station, csms, CARD, 1)
    assert await asked(evseId=1) == "Rejected"
    await csms.call("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 2}})
    await csms.expect("StatusNotification", status_of(2, "Unavailable"))
    assert await asked(evseId=2) == "Rejected"
    await csms.call("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 2}})
    await plug_in_second(station, csms)
    assert await asked() == "Accepted"
    started = await csms.event(eventType="Started", triggerReason="RemoteStart")
    assert started["evse"]["id"] == 2
    station.bays[0].silence_controller(True)
    await csms.expect("StatusNotification", status_of(1, "Faulted"))
    assert await asked(evseId=1) == "Rejected"


async def plug_in_second(station: StationUnderTest, csms: Csms) -> None:
    await csms.expect("StatusNotification", status_of(2, "Available"))
    await plug_in(station, csms, 2)


async def test_a_group_may_stop_what_was_started_for_it(csms: Csms, start: Start) -> None:
    """C09.FR.03: the group of the request counts."""
    group = {"idToken": "Fleet", "type": "Central"}
    csms.tokens |= {card: {"status": "Accepted", "groupIdToken": group} for card in (OTHER_CARD, "APP-1")}
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=False)
    await plug_in(station, csms)
    request = {"remoteStartId": 1, "evseId": 1, "groupIdToken": group, **APP}
    assert (await csms.call("RequestStartTransaction", request))["status"] == "Accepted"
    await csms.event(chargingState="Charging")
    await station.accepted(OTHER_CARD)
    ended = await csms.event(eventType="Ended")
    assert ended["idToken"]["idToken"] == OTHER_CARD


async def test_with_a_charging_profile(csms: Csms, start: Start) -> None:
    """F01.FR.09, F01.FR.10, F01.FR.11, F01.FR.26, F02.FR.17, F02.FR.18, F02.FR.19, F02.FR.27.

    It is of the transaction that follows; one that is for another purpose or transaction is refused.
    """
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    for wrong in (
        tx_profile(chargingProfilePurpose="TxDefaultProfile"),
        tx_profile(transactionId="another"),
        tx_profile(chargingProfileKind="Absolute"),
    ):
        assert (await remote_start(csms, chargingProfile=wrong))["status"] == "Rejected"
    assert (await remote_start(csms, chargingProfile=tx_profile()))["status"] == "Accepted"
    await csms.event(chargingState="Charging")
    await csms.until(lambda: 7 < max(station.bay.currents_a) <= 8.01)


async def test_tc_f_08_09_stopping(csms: Csms, start: Start) -> None:
    """F03.FR.03, F03.FR.04, F03.FR.07, F03.FR.08, F03.FR.09. TC_F_09."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    answer = await csms.call("RequestStopTransaction", {"transactionId": "another"})
    assert answer["status"] == "Rejected"
    assert (await station.evse())["charging_state"] == "Charging"
    answer = await csms.call("RequestStopTransaction", {"transactionId": transaction})
    assert answer["status"] == "Accepted"
    ended = await csms.event(eventType="Ended")
    assert story(csms.events(transaction))[-1] == ("Ended", "RemoteStop", "EVConnected")
    assert [context for context, _ in sampled(ended)] == ["Transaction.Begin", "Transaction.End"]
    assert (await csms.call("RequestStopTransaction", {"transactionId": transaction}))["status"] == "Rejected"


async def test_stopping_where_the_cable_ends_a_transaction(csms: Csms, start: Start) -> None:
    """F03.FR.02, F04.FR.02, F04.FR.03, F04.FR.04: no energy, a loose plug, and Remote once it is pulled.

    As it is for a vehicle that speaks ISO 15118, but for what it is told itself.
    """
    station: StationUnderTest = await start(has_lock=True, TxCtrlr__TxStopPoint="EVConnected")
    transaction = await charge(station, csms)
    assert is_held(station)
    answer = await csms.call("RequestStopTransaction", {"transactionId": transaction})
    assert answer["status"] == "Accepted"
    event = await csms.event(triggerReason="RemoteStop")
    assert info(event, "eventType") == ("Updated",)
    await csms.event(chargingState="EVConnected")
    await csms.until(lambda: not station.bay.contactor_closed and not is_held(station))
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "stoppedReason") == ("Remote",)
    assert [context for context, _ in sampled(ended)] == ["Transaction.Begin", "Transaction.End"]
