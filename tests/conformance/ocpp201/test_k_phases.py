"""Block K: a profile for one phase puts the vehicle on one, where the hardware can."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import profile
from tests.conformance.ocpp201.sessions import charge, get_variables
from tests.conformance.station import StationUnderTest

ONE_PHASE = {
    "chargingRateUnit": "W",
    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 3680, "numberPhases": 1}],
}


async def test_one_phase_by_profile(csms: Csms, start: Start) -> None:
    """E02.FR.13, E01.FR.18: 3680 W are 16 A of one phase; the pause is told as SuspendedEVSE."""
    station: StationUnderTest = await start(has_phase_switch=True)
    [can] = await get_variables(csms, "SmartChargingCtrlr.Phases3to1")
    assert can["attributeValue"] == "true"
    await charge(station, csms)
    await csms.until(lambda: min(station.bay.currents_a) > 10)
    request = {"evseId": 1, "chargingProfile": profile(0, schedule=ONE_PHASE)}
    assert (await csms.call("SetChargingProfile", request))["status"] == "Accepted"
    await csms.event(chargingState="SuspendedEVSE")
    await csms.event(chargingState="Charging", timeout_s=30)
    await csms.until(lambda: station.bay.currents_a[0] > 10)
    assert station.bay.currents_a[1:] == (0, 0)
    await station.until(limit_a=16)


async def test_without_a_switch_it_says_so(csms: Csms, start: Start) -> None:
    """K01.FR.20, K01.FR.48: no phase can be chosen."""
    await start()
    [can] = await get_variables(csms, "SmartChargingCtrlr.Phases3to1")
    assert can["attributeValue"] == "false"
    schedule = {
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10, "numberPhases": 1, "phaseToUse": 2}]
    }
    request = {"evseId": 1, "chargingProfile": profile(0, schedule=schedule)}
    assert (await csms.call("SetChargingProfile", request))["status"] == "Rejected"
