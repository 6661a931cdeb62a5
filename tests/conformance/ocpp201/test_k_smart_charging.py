"""Block K: charging profiles limit what an emulated vehicle draws (TC_K_01 and following)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, plug_in, remote_start, transaction_id
from tests.conformance.station import StationUnderTest

LIMIT_A = 16
"""Of the station file."""


def profile(*limits: float, purpose: str = "TxDefaultProfile", **members: Any) -> Payload:
    """Return an Absolute profile that began an hour ago, one limit an hour."""
    start = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    periods = [{"startPeriod": 3600 * number, "limit": limit} for number, limit in enumerate(limits)]
    schedule: Payload = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": periods}
    kind = members.get("chargingProfileKind", "Absolute")
    if kind != "Relative":
        schedule["startSchedule"] = start
    return {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": [schedule],
        **members,
    }


async def install(csms: Csms, evse: int, one: Payload) -> str:
    answer = await csms.call("SetChargingProfile", {"evseId": evse, "chargingProfile": one})
    status: str = answer["status"]
    return status


async def draws(station: StationUnderTest, limit_a: float) -> None:
    """Wait until the vehicle draws what it may, and no more."""
    low_a, high_a = limit_a * 0.93, limit_a + 0.01
    async with asyncio.timeout(15):
        while not low_a <= max(station.bay.currents_a) <= high_a:
            await asyncio.sleep(0.05)


async def test_tc_k_01_a_default_profile_limits_the_next_transaction(csms: Csms, start: Start) -> None:
    """K01.FR.07, K01.FR.14, K01.FR.15."""
    station: StationUnderTest = await start()
    assert await install(csms, 1, profile(8, 10)) == "Accepted"
    await charge(station, csms)
    await draws(station, 10)


async def test_tc_k_03_a_tx_profile_limits_the_transaction_that_runs(csms: Csms, start: Start) -> None:
    """K01.FR.03, K01.FR.09, K02.FR.01: the station tells that the rate changed."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await draws(station, LIMIT_A)
    own = profile(9, purpose="TxProfile", transactionId=transaction, chargingProfileKind="Relative")
    assert await install(csms, 1, own) == "Accepted"
    changed = await csms.event(triggerReason="ChargingRateChanged")
    assert transaction_id(changed) == transaction
    await draws(station, 9)
    other = profile(7, id=2, stackLevel=1, purpose="TxProfile", transactionId="another")
    assert await install(csms, 1, other) == "Rejected"


async def test_tc_k_05_clearing_a_profile_gives_the_current_back(csms: Csms, start: Start) -> None:
    """K10.FR.01."""
    station: StationUnderTest = await start()
    await install(csms, 0, profile(8, 8, purpose="ChargingStationMaxProfile"))
    await charge(station, csms)
    await draws(station, 8)
    assert (await csms.call("ClearChargingProfile", {"chargingProfileId": 1}))["status"] == "Accepted"
    await draws(station, LIMIT_A)
    assert (await csms.call("ClearChargingProfile", {"chargingProfileId": 1}))["status"] == "Unknown"


async def test_tc_k_29_profiles_are_reported(csms: Csms, start: Start) -> None:
    """K09.FR.01, K09.FR.02."""
    await start()
    await install(csms, 1, profile(12))
    answer = await csms.call("GetChargingProfiles", {"requestId": 5, "chargingProfile": {"stackLevel": 0}})
    assert answer["status"] == "Accepted"
    report = (await csms.expect("ReportChargingProfiles")).payload
    assert (report["requestId"], report["evseId"], report["chargingLimitSource"]) == (5, 1, "CSO")
    assert [one["id"] for one in report["chargingProfile"]] == [1]


async def test_tc_k_40_the_composite_schedule(csms: Csms, start: Start) -> None:
    """K08.FR.02: default 14 A, then 8 A in the middle of the hour; the station's limit is 12 A."""
    await start()
    await install(csms, 1, profile(14, 14))
    await install(csms, 0, profile(12, 12, id=2, purpose="ChargingStationMaxProfile"))
    ahead = profile(8, id=3, stackLevel=1)
    soon = datetime.now(UTC) + timedelta(seconds=100)
    ahead["chargingSchedule"][0] |= {"startSchedule": soon.isoformat(), "duration": 100}
    await install(csms, 1, ahead)
    answer = await csms.call("GetCompositeSchedule", {"evseId": 1, "duration": 300, "chargingRateUnit": "A"})
    periods = answer["schedule"]["chargingSchedulePeriod"]
    assert [period["limit"] for period in periods] == [12, 8, 12]
    assert abs(periods[1]["startPeriod"] - 100) <= 2
    assert periods[2]["startPeriod"] - periods[1]["startPeriod"] == 100


async def test_tc_k_37_a_remote_start_brings_its_profile(csms: Csms, start: Start) -> None:
    """K05.FR.01."""
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    own = profile(11, purpose="TxProfile", chargingProfileKind="Relative")
    assert (await remote_start(csms, chargingProfile=own))["status"] == "Accepted"
    await draws(station, 11)


async def test_profiles_survive_a_power_cut_in_the_middle_of_a_charge(csms: Csms, start: Start) -> None:
    """K06.FR.01, K07.FR.01: limits hold while the backend is away, and after a restart."""
    station: StationUnderTest = await start()
    await install(csms, 1, profile(8, 8))
    await charge(station, csms)
    await draws(station, 8)
    await csms.close()
    await station.cut_power()
    await station.power_on()
    await station.until(charging_state="Charging")
    await draws(station, 8)
    assert max(write.values[0] for write in station.bay.writes if write.address == 300) == 8
