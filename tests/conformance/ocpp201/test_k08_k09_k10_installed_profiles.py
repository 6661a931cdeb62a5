"""K08 to K10: what the profiles come to, which there are, and taking them back."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import (
    DEFAULT,
    LIMIT_A,
    STATION,
    clear,
    composite,
    draws,
    ids,
    install,
    limits,
    profile,
    reported,
)
from tests.conformance.ocpp201.sessions import charge
from tests.conformance.station import StationUnderTest


async def test_tc_k_39_43_47_composite_schedules(csms: Csms, start: Start) -> None:
    """K08.FR.02, K08.FR.03, K08.FR.05; TC_K_47.

    Without any profile (K04.FR.02), of the station, of an EVSE that is not there.
    """
    await start(evses=2)
    assert await composite(csms, 1, 300) == [(0, LIMIT_A)]
    assert await composite(csms, 0, 300) == [(0, 2 * LIMIT_A)]
    assert limits(await composite(csms, 1, 300, "W")) == [3 * 230 * LIMIT_A]
    await install(csms, 0, profile(20, 20, purpose=STATION))
    await install(csms, 1, profile(9, 9, id=2))
    assert limits(await composite(csms, 0, 300)) == [20]
    await install(csms, 2, profile(6, 6, id=3))
    assert limits(await composite(csms, 0, 300)) == [15]
    unknown = {"evseId": 3, "duration": 300}
    assert (await csms.call("GetCompositeSchedule", unknown))["status"] == "Rejected"


async def test_tc_k_29_to_36_profiles_are_reported(csms: Csms, start: Start) -> None:
    """K09.FR.01, K09.FR.02, K09.FR.04, K09.FR.05, K09.FR.06: by place, id, purpose, level and source."""
    await start()
    await install(csms, 1, profile(12))
    await install(csms, 1, profile(10, id=2, stackLevel=3))
    await install(csms, 0, profile(14, id=3, purpose=STATION))
    assert ids(await reported(csms, evse=0, chargingLimitSource=["CSO"])) == [3]  # TC_K_29
    assert ids(await reported(csms, evse=1, chargingLimitSource=["CSO"])) == [1, 2]  # TC_K_30, TC_K_34
    of_station, of_evse = await reported(csms, chargingLimitSource=["CSO"])  # TC_K_31
    assert (of_station["evseId"], of_station["chargingLimitSource"]) == (0, "CSO")
    assert (of_evse["evseId"], len(of_evse["chargingProfile"])) == (1, 2)
    assert ids(await reported(csms, chargingProfileId=[2, 3, 9])) == [2, 3]  # TC_K_32
    assert ids(await reported(csms, evse=1, stackLevel=3)) == [2]  # TC_K_33
    assert ids(await reported(csms, evse=1, chargingProfilePurpose=DEFAULT)) == [1, 2]  # TC_K_35
    assert ids(await reported(csms, evse=1, chargingProfilePurpose=DEFAULT, stackLevel=0)) == [1]  # TC_K_36
    assert await reported(csms, chargingLimitSource=["EMS"]) == []


async def test_tc_k_05_09_clearing_a_profile_gives_the_current_back(csms: Csms, start: Start) -> None:
    """K10.FR.01, K10.FR.03, K10.FR.05, K10.FR.07; TC_K_09: at once, amid a charge; TC_K_08: not there."""
    station: StationUnderTest = await start()
    assert await clear(csms, 1) == "Unknown"
    await install(csms, 1, profile(8, 8))
    await charge(station, csms)
    await draws(station, 8)
    assert await clear(csms, 1) == "Accepted"
    await draws(station, LIMIT_A)
    await csms.event(triggerReason="ChargingRateChanged")
    assert await clear(csms, 1) == "Unknown"


async def test_tc_k_06_07_24_clearing_by_what_they_are(csms: Csms, start: Start) -> None:
    """K10.FR.04; TC_K_07, TC_K_24: by purpose and level, wherever they are."""
    await start(evses=2)
    await install(csms, 1, profile(12))
    await install(csms, 2, profile(12, id=2))
    await install(csms, 1, profile(10, id=3, stackLevel=3))
    await install(csms, 0, profile(14, id=4, purpose=STATION))
    assert await clear(csms, chargingProfilePurpose=DEFAULT, stackLevel=7) == "Unknown"
    assert await clear(csms, chargingProfilePurpose=DEFAULT, stackLevel=0) == "Accepted"
    assert ids(await reported(csms, chargingLimitSource=["CSO"])) == [3, 4]
    assert await clear(csms, evseId=1) == "Accepted"
    assert ids(await reported(csms, chargingLimitSource=["CSO"])) == [4]
