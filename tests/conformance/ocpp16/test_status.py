"""StatusNotification: the table of 4.9 as a backend sees it, faults and warnings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from drivers.emulated.faults.state import LockStuck
from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, plug_in
from tests.conformance.station import CARD, StationUnderTest

TABLE = {
    "Available": {"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Reserved", "Unavailable"},
    "Preparing": {"Available", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"},
    "Charging": {"Available", "SuspendedEV", "SuspendedEVSE", "Finishing", "Unavailable"},
    "SuspendedEV": {"Available", "Charging", "SuspendedEVSE", "Finishing", "Unavailable"},
    "SuspendedEVSE": {"Available", "Charging", "SuspendedEV", "Finishing", "Unavailable"},
    "Finishing": {"Available", "Preparing", "Unavailable"},
    "Reserved": {"Available", "Preparing", "Unavailable"},
    "Unavailable": {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE"},
}


def told(csms: Csms) -> list[str]:
    """Return the statuses of connector 1 in the order they came."""
    calls = csms.calls("StatusNotification")
    return [call.payload["status"] for call in calls if call.payload["connectorId"] == 1]


def limit(amperes: int) -> dict[str, Any]:
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amperes}],
        },
    }


async def test_a_connectors_day_keeps_to_the_table(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    await charge(station, csms)
    station.bay.pause()
    await csms.expect("StatusNotification", on(1, "SuspendedEV"))
    await asked(csms, "SetChargingProfile", connectorId=1, csChargingProfiles=limit(0))
    await csms.expect("StatusNotification", on(1, "SuspendedEVSE"))
    await asked(csms, "ClearChargingProfile")
    await csms.expect("StatusNotification", on(1, "SuspendedEV"))
    station.bay.resume()
    await csms.expect("StatusNotification", on(1, "Charging"))
    await station.accepted(CARD)
    await csms.expect("StatusNotification", on(1, "Finishing"))
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1, "Available"))
    await plug_in(station, csms)
    await asked(csms, "ChangeAvailability", connectorId=1, type="Inoperative")
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    await asked(csms, "ChangeAvailability", connectorId=1, type="Operative")
    await csms.expect("StatusNotification", on(1, "Preparing"))
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1))
    expiry = (datetime.now(UTC) + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    await asked(csms, "ReserveNow", connectorId=1, expiryDate=expiry, idTag=CARD, reservationId=1)
    await csms.expect("StatusNotification", on(1, "Reserved"))
    way = told(csms)
    assert set(way) == set(TABLE)
    outside = [step for step in pairwise(way) if step[1] not in TABLE[step[0]]]
    assert outside == []


async def test_tc_041_a_fault_and_its_end(csms: Csms, start: Start) -> None:
    """With and without a transaction: the controller does not answer, then it does."""
    station: StationUnderTest = await start(evses=2)
    await charge(station, csms, 2)
    for bay in station.bays:
        bay.silence_controller(True)
    for connector in (1, 2):
        fault = (await csms.expect("StatusNotification", on(connector, "Faulted"))).payload
        assert (fault["errorCode"], fault["info"]) == (
            "InternalError",
            "the charge controller does not answer",
        )
    assert not (await station.tap(CARD, 1))["accepted"]
    for bay in station.bays:
        bay.silence_controller(False)
    await csms.expect("StatusNotification", on(1))
    back = (await csms.expect("StatusNotification", on(2, "Charging"))).payload
    assert back["errorCode"] == "NoError"


async def test_tc_024_a_plug_that_cannot_be_held(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start(has_lock=True)
    station.bay.rig.inject(LockStuck())
    await csms.until(lambda: "lock-stuck" in station.bay.rig.bays["bay"].state.defects)
    await plug_in(station, csms)
    await station.accepted(CARD)
    fault = (await csms.expect("StatusNotification", on(1, "Faulted"))).payload
    assert fault["errorCode"] == "ConnectorLockFailure"
    assert not station.bay.contactor_closed


async def test_a_list_that_the_backend_contradicts(csms: Csms, start: Start) -> None:
    """3.5.2: the local list says yes, the backend's answer to StartTransaction says no."""
    station: StationUnderTest = await start(
        LocalAuthListCtrlr__Enabled=True, AuthCtrlr__LocalPreAuthorize=True
    )
    entry = {"idTag": "0A0B0C0D", "idTagInfo": {"status": "Accepted"}}
    await asked(csms, "SendLocalList", listVersion=1, updateType="Full", localAuthorizationList=[entry])
    await plug_in(station, csms)
    await station.accepted("0A0B0C0D")
    await csms.expect("StartTransaction")
    await csms.expect("StatusNotification", lambda told: told["errorCode"] == "LocalListConflict")
    csms.forget()
    await asked(csms, "SendLocalList", listVersion=2, updateType="Full", localAuthorizationList=[])
    told = (await csms.expect("StatusNotification", on(0))).payload
    assert told["errorCode"] == "NoError"
