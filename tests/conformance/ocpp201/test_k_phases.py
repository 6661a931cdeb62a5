"""Block K: a profile for one phase puts the vehicle on one, where the hardware can."""

from __future__ import annotations

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import profile
from tests.conformance.ocpp201.sessions import charge, get_variables
from tests.conformance.station import StationUnderTest


async def test_one_phase_by_profile(csms: Csms, start: Start) -> None:
    """K01.FR.20, K01.FR.48, E01.FR.18: 3680 W are 16 A of one phase; the pause is told as SuspendedEVSE."""
    station: StationUnderTest = await start(has_phase_switch=True)
    [can] = await get_variables(csms, "SmartChargingCtrlr.Phases3to1")
    assert can["attributeValue"] == "true"
    await charge(station, csms)
    await csms.until(lambda: min(station.bay.currents_a) > 10)
    answer = await csms.call("SetChargingProfile", one_phase(phaseToUse=2))
    assert answer["statusInfo"]["reasonCode"] == "UnsupportedParam", "which one cannot be chosen"
    assert (await csms.call("SetChargingProfile", one_phase()))["status"] == "Accepted"
    await csms.event(chargingState="SuspendedEVSE")
    await csms.event(chargingState="Charging")
    await csms.until(lambda: station.bay.currents_a[0] > 10)
    assert station.bay.currents_a[1:] == (0, 0)
    await station.until(limit_a=16)


async def test_without_a_switch_fewer_phases_are_refused(csms: Csms, start: Start) -> None:
    """K01.FR.43: more could be used than the profile allows."""
    await start()
    [can] = await get_variables(csms, "SmartChargingCtrlr.Phases3to1")
    assert can["attributeValue"] == "false"
    answer = await csms.call("SetChargingProfile", one_phase())
    assert (answer["status"], answer["statusInfo"]["reasonCode"]) == ("Rejected", "UnsupportedParam")


def one_phase(**more: int) -> Payload:
    """Return a request for one phase of EVSE 1."""
    period = {"startPeriod": 0, "limit": 3680, "numberPhases": 1, **more}
    schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
    return {"evseId": 1, "chargingProfile": profile(0, schedule=schedule)}
