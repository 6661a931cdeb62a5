"""The bolt of a socket outlet, and the backend that opens it (TC_F_05 and following, TC_G_20, TC_E_24)."""

from __future__ import annotations

from typing import Any

from drivers.emulated.faults.state import LockStuck
from drivers.emulated.kinds.charge_controller import ChargeController
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, get_variables, info, plug_in, set_variables, status_of
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest


async def unlock(csms: Csms, evse: int = 1, connector: int = 1) -> str:
    request = {"evseId": evse, "connectorId": connector}
    status: str = (await csms.call("UnlockConnector", request))["status"]
    return status


def is_held(station: StationUnderTest) -> bool:
    """Whether the bolt really holds the plug."""
    behaviour: Any = station.bay.rig.devices["controller"]
    assert isinstance(behaviour.behaviour, ChargeController)
    return behaviour.behaviour.is_locked


async def jam(station: StationUnderTest, csms: Csms) -> str:
    """Let the bolt stay where it is from now on; return the fault's id."""
    fault = station.bay.rig.inject(LockStuck())
    await csms.until(lambda: "lock-stuck" in station.bay.rig.bays["bay"].state.defects)
    return fault.id


async def test_tc_f_05_nobody_is_unlocked_while_charging(csms: Csms, start: Start) -> None:
    """F05.FR.02; the plug is held from the authorization to the end of the charge.

    E06.FR.10, E07.FR.07, E08.FR.03: also when that is offline.
    """
    station: StationUnderTest = await start(has_lock=True)
    await plug_in(station, csms)
    assert not is_held(station)
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    assert is_held(station)
    assert await unlock(csms) == "OngoingAuthorizedTransaction"
    assert is_held(station)
    await csms.close()
    await station.accepted(CARD)
    await csms.until(lambda: not is_held(station))


async def test_tc_f_06_07_10_unlocking(csms: Csms, start: Start) -> None:
    """F05.FR.01, F05.FR.03, F05.FR.04, F05.FR.06, E02.FR.17: with a cable or without. TC_F_07, TC_F_10."""
    station: StationUnderTest = await start(has_lock=True, TxCtrlr__TxStartPoint="EVConnected")
    assert await unlock(csms) == "Unlocked"
    assert await unlock(csms, evse=2) == "UnknownConnector"
    assert await unlock(csms, connector=2) == "UnknownConnector"
    await plug_in(station, csms)
    await csms.event(eventType="Started")
    assert await unlock(csms) == "Unlocked", "a transaction that nobody is authorized for"
    assert info(await csms.event(triggerReason="UnlockCommand"), "eventType") == ("Updated",)
    await charge_on(station, csms)


async def charge_on(station: StationUnderTest, csms: Csms) -> None:
    await station.accepted(CARD)
    await csms.event(chargingState="Charging")
    assert is_held(station)


async def test_a_station_without_a_lock_unlocks_nothing(csms: Csms, start: Start) -> None:
    """F05.FR.05."""
    await start()
    assert await unlock(csms) == "UnlockFailed"
    assert await set_variables(csms, {"OCPPCommCtrlr.UnlockOnEVSideDisconnect": "true"}) == ["Rejected"]
    (result,) = await get_variables(csms, "OCPPCommCtrlr.UnlockOnEVSideDisconnect")
    assert result["attributeValue"] == "false"


async def test_tc_g_20_no_energy_through_a_plug_that_is_not_held(csms: Csms, start: Start) -> None:
    """G05.FR.01, G05.FR.02: NotifyEvent tells the problem and its end; it charges once the bolt works."""
    station: StationUnderTest = await start(has_lock=True)
    stuck = await jam(station, csms)
    await plug_in(station, csms)
    await station.accepted(CARD)
    await csms.event(chargingState="SuspendedEVSE")
    assert not station.bay.contactor_closed
    assert await problem(csms) == "true"
    await csms.expect("NotifyEvent", lambda payload: says_problem(payload, "true"))
    await station.bay.rig.clear(stuck)
    await csms.event(chargingState="Charging")
    assert is_held(station)
    assert await problem(csms) == "false"
    await csms.expect("NotifyEvent", lambda payload: says_problem(payload, "false"))
    await jam(station, csms)
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    assert await unlock(csms) == "UnlockFailed"


def says_problem(payload: Payload, value: str) -> bool:
    """Return whether an event of this message tells that the lock fails, or no longer does."""
    place = {"name": "ConnectorPlugRetentionLock", "evse": {"id": 1, "connectorId": 1}}
    return any(
        (event["component"], event["variable"]["name"], event["actualValue"]) == (place, "Problem", value)
        for event in payload["eventData"]
    )


async def problem(csms: Csms) -> str:
    answer = await csms.call(
        "GetVariables",
        {
            "getVariableData": [
                {
                    "component": {
                        "name": "ConnectorPlugRetentionLock",
                        "evse": {"id": 1, "connectorId": 1},
                    },
                    "variable": {"name": "Problem"},
                }
            ]
        },
    )
    value: str = answer["getVariableResult"][0]["attributeValue"]
    return value


async def test_tc_e_25_the_cable_waits_for_its_driver(csms: Csms, start: Start) -> None:
    """E09.FR.03: UnlockOnEVSideDisconnect is false; the token gives the cable back, nobody else's.

    It survives a power cut.
    """
    station: StationUnderTest = await start(has_lock=True, OCPPCommCtrlr__UnlockOnEVSideDisconnect=False)
    await charge(station, csms)
    station.bay.unplug()
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("EVCommunicationLost", "EVDisconnected")
    assert is_held(station)
    await station.cut_power()
    await station.power_on()
    assert not (await station.tap(OTHER_CARD))["accepted"]
    assert is_held(station)
    await station.accepted(CARD)
    await csms.until(lambda: not is_held(station))
    await csms.expect("StatusNotification", status_of(1, "Available"))


async def test_tc_e_24_the_cable_is_given_back_at_once(csms: Csms, start: Start) -> None:
    """E09.FR.01, E09.FR.02: UnlockOnEVSideDisconnect is true."""
    station: StationUnderTest = await start(has_lock=True)
    await charge(station, csms)
    station.bay.unplug()
    ended = await csms.event(eventType="Ended")
    assert info(ended, "stoppedReason") == ("EVDisconnected",)
    await csms.until(lambda: not is_held(station))


async def test_tc_e_26_the_cable_stays_while_the_vehicle_may_come_back(csms: Csms, start: Start) -> None:
    """E10.FR.01, E10.FR.03: StopTxOnEVSideDisconnect is false."""
    station: StationUnderTest = await start(
        has_lock=True, TxCtrlr__StopTxOnEVSideDisconnect=False, TxCtrlr__TxStopPoint="Authorized"
    )
    await charge(station, csms)
    station.bay.unplug()
    event = await csms.event(triggerReason="EVCommunicationLost")
    assert info(event, "eventType", "chargingState") == ("Updated", "Idle")
    assert is_held(station)
    assert await unlock(csms) == "OngoingAuthorizedTransaction"
    station.bay.plug_in()
    await csms.event(triggerReason="CablePluggedIn")
    await csms.event(chargingState="Charging")
    station.bay.unplug()
    await csms.event(triggerReason="EVCommunicationLost")
    await station.accepted(CARD)
    ended = await csms.event(eventType="Ended")
    assert ended["seqNo"] == len(csms.events()) - 1
    await csms.until(lambda: not is_held(station))


async def test_the_cable_of_a_driver_who_is_not_accepted_stays_locked(csms: Csms, start: Start) -> None:
    """E05.FR.11: until that driver comes, accepted or not."""
    station: StationUnderTest = await start(has_lock=True)
    await charge(station, csms)
    csms.tokens[CARD] = {"status": "Blocked"}
    station.bay.pause()
    csms.script["TransactionEvent"] = {"idTokenInfo": {"status": "Blocked"}}
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("Deauthorized", "DeAuthorized")
    await csms.until(lambda: not station.bay.contactor_closed)
    assert not (await station.tap(OTHER_CARD))["accepted"]
    assert is_held(station)
    await station.accepted(CARD)
    await csms.until(lambda: not is_held(station))
