"""Charging profiles as a CSMS sends them, and what a vehicle makes of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.station import StationUnderTest

LIMIT_A = 16
"""Of the station file."""
DEFAULT, STATION, TX = "TxDefaultProfile", "ChargingStationMaxProfile", "TxProfile"
OUTSIDE = "ChargingStationExternalConstraints"


def in_s(seconds: float) -> str:
    """Return the time in so many seconds, as OCPP writes it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def profile(*limits: float, purpose: str = DEFAULT, starts_in_s: float = -3600, **members: Any) -> Payload:
    """Return a profile with one limit an hour; Absolute and begun an hour ago unless said.

    Members of the schedule are given with `schedule={...}`.
    """
    periods = [{"startPeriod": 3600 * number, "limit": limit} for number, limit in enumerate(limits)]
    schedule: Payload = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": periods}
    if members.get("chargingProfileKind") != "Relative":
        schedule["startSchedule"] = in_s(starts_in_s)
    schedule |= members.pop("schedule", {})
    return {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [schedule],
        **members,
    }


async def install(csms: Csms, evse: int, one: Payload) -> str:
    """Set a profile and return the status of the answer."""
    status: str = (await send(csms, evse, one))["status"]
    return status


async def send(csms: Csms, evse: int, one: Payload) -> Payload:
    """Set a profile and return the answer."""
    return await csms.call("SetChargingProfile", {"evseId": evse, "chargingProfile": one})


async def why_not(csms: Csms, evse: int, one: Payload) -> str:
    """Set a profile that is refused, and return the reason code."""
    answer = await send(csms, evse, one)
    assert answer["status"] == "Rejected", answer
    reason: str = answer["statusInfo"]["reasonCode"]
    return reason


async def composite(csms: Csms, evse: int, duration_s: int, unit: str = "A") -> list[tuple[int, float]]:
    """Return start and limit of each period of the composite schedule."""
    wanted = {"evseId": evse, "duration": duration_s, "chargingRateUnit": unit}
    answer = await csms.call("GetCompositeSchedule", wanted)
    assert answer["status"] == "Accepted", answer
    schedule = answer["schedule"]
    assert (schedule["evseId"], schedule["duration"], schedule["chargingRateUnit"]) == tuple(wanted.values())
    return [(period["startPeriod"], period["limit"]) for period in schedule["chargingSchedulePeriod"]]


def limits(periods: list[tuple[int, float]]) -> list[float]:
    """Return the limits alone."""
    return [limit for _, limit in periods]


async def reported(csms: Csms, *, evse: int | None = None, **criteria: Any) -> list[Payload]:
    """Ask for profiles and return the reports, one for each EVSE and source."""
    request: Payload = {"requestId": 5, "chargingProfile": criteria}
    if evse is not None:
        request["evseId"] = evse
    answer = await csms.call("GetChargingProfiles", request)
    if answer["status"] == "NoProfiles":
        return []
    reports: list[Payload] = []
    while not reports or reports[-1].get("tbc"):
        reports.append((await csms.expect("ReportChargingProfiles")).payload)
        assert reports[-1]["requestId"] == 5
    return reports


def ids(reports: list[Payload]) -> list[int]:
    """Return the ids of all profiles of the reports."""
    return sorted(one["id"] for report in reports for one in report["chargingProfile"])


async def clear(csms: Csms, profile_id: int | None = None, **criteria: Any) -> str:
    """Clear profiles and return the status of the answer."""
    request: Payload = {}
    if profile_id is not None:
        request["chargingProfileId"] = profile_id
    if criteria:
        request["chargingProfileCriteria"] = criteria
    status: str = (await csms.call("ClearChargingProfile", request))["status"]
    return status


async def draws(station: StationUnderTest, limit_a: float, evse: int = 1) -> None:
    """Wait until the vehicle draws what it may, and no more."""
    low_a, high_a = limit_a * 0.93, limit_a + 0.01
    async with asyncio.timeout(30):
        while not low_a <= max(station.bays[evse - 1].currents_a) <= high_a:
            await asyncio.sleep(0.05)
