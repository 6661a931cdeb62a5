"""SetChargingProfile, ClearChargingProfile, GetChargingProfiles and GetCompositeSchedule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201 import (
    charging_profile,
    clear_charging_profile,
    get_charging_profiles,
    get_composite_schedule,
    set_charging_profile,
)
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.hardware import START


def profile(
    limit: float = 10, *, unit: v201.ChargingRateUnitEnumType = "A", **members: Any
) -> v201.ChargingProfileType:
    schedule = v201.ChargingScheduleType(
        id=1,
        charging_rate_unit=unit,
        start_schedule=START,
        charging_schedule_period=(
            v201.ChargingSchedulePeriodType(start_period=0, limit=limit),
            v201.ChargingSchedulePeriodType(start_period=86_400, limit=6.5, number_phases=3),
        ),
    )
    defaults: dict[str, Any] = {
        "id": 1,
        "stack_level": 0,
        "charging_profile_purpose": "TxDefaultProfile",
        "charging_profile_kind": "Absolute",
        "charging_schedule": (schedule,),
    }
    return v201.ChargingProfileType(**(defaults | members))


async def install(backend: Office, evse_id: int, *profiles: v201.ChargingProfileType) -> list[str]:
    statuses: list[str] = []
    for one in profiles:
        request = v201.SetChargingProfileRequest(evse_id=evse_id, charging_profile=one)
        reply = await set_charging_profile.handle(request, backend.context)
        assert isinstance(reply.response, v201.SetChargingProfileResponse)
        statuses.append(reply.response.status)
    return statuses


def test_a_profile_survives_the_way_to_our_records_and_back() -> None:
    one = profile(16.4, valid_from=START, recurrency_kind="Daily", charging_profile_kind="Recurring")
    assert charging_profile.message(charging_profile.read(one, 1)) == one


async def test_what_cannot_be_obeyed_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        request = v201.SetChargingProfileRequest(evse_id=9, charging_profile=profile())
        reply = await set_charging_profile.handle(request, backend.context)
        assert isinstance(reply.response, v201.SetChargingProfileResponse)
        assert reply.response.status == "Rejected"
        assert reply.response.status_info is not None
        assert reply.response.status_info.reason_code == "UnknownEvse"


async def test_profiles_are_installed_for_good(tmp_path: Path) -> None:
    """K01.FR.27: a restart does not forget them."""
    async with office(tmp_path) as backend:
        assert await install(backend, 1, profile()) == ["Accepted"]
    async with office(tmp_path) as backend:
        assert [one.id for one in backend.place.limits.profiles] == [1]
        assert backend.place.station.evses[1].limit_a == 10


@pytest.mark.parametrize(
    ("criteria", "status", "left"),
    [
        ({"charging_profile_id": 2}, "Accepted", [1, 3]),
        ({"charging_profile_id": 9}, "Unknown", [1, 2, 3]),
        ({"charging_profile_criteria": v201.ClearChargingProfileType(evse_id=2)}, "Accepted", [1, 2]),
        ({"charging_profile_criteria": v201.ClearChargingProfileType(stack_level=1)}, "Accepted", [1, 3]),
        ({}, "Accepted", []),
    ],
)
async def test_clearing(tmp_path: Path, criteria: dict[str, Any], status: str, left: list[int]) -> None:
    """K10.FR.01, K10.FR.03, K10.FR.04."""
    async with office(tmp_path) as backend:
        await install(backend, 1, profile(id=1), profile(id=2, stack_level=1))
        await install(backend, 2, profile(id=3))
        request = v201.ClearChargingProfileRequest(**criteria)
        reply = await clear_charging_profile.handle(request, backend.context)
        assert reply.response == v201.ClearChargingProfileResponse(status=status)  # type: ignore[arg-type] # one of both
        assert [one.id for one in backend.place.limits.profiles] == left


async def test_reports_come_after_the_answer_one_for_each_evse(tmp_path: Path) -> None:
    """K09.FR.01, K09.FR.02."""
    async with office(tmp_path) as backend:
        await install(backend, 1, profile(id=1), profile(id=2, stack_level=1))
        await install(backend, 2, profile(id=3))
        request = v201.GetChargingProfilesRequest(
            request_id=7, charging_profile=v201.ChargingProfileCriterionType()
        )
        reply = await get_charging_profiles.handle(request, backend.context)
        assert reply.response == v201.GetChargingProfilesResponse(status="Accepted")
        assert backend.sent == []
        await backend.carry_out(reply)
        reports = [one for one in backend.sent if isinstance(one, v201.ReportChargingProfilesRequest)]
    assert [(one.evse_id, one.tbc, [p.id for p in one.charging_profile]) for one in reports] == [
        (1, True, [1, 2]),
        (2, False, [3]),
    ]
    assert {(one.request_id, one.charging_limit_source) for one in reports} == {(7, "CSO")}
    assert reports[1].charging_profile[0] == profile(id=3)


async def test_no_profile_no_report(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        await install(backend, 1, profile(id=1))
        wanted = v201.ChargingProfileCriterionType(charging_profile_id=(2,))
        request = v201.GetChargingProfilesRequest(request_id=7, charging_profile=wanted)
        reply = await get_charging_profiles.handle(request, backend.context)
    assert reply.response == v201.GetChargingProfilesResponse(status="NoProfiles")
    assert reply.after is None


async def schedule_of(
    backend: Office, evse_id: int, duration: int, **more: Any
) -> v201.GetCompositeScheduleResponse:
    request = v201.GetCompositeScheduleRequest(evse_id=evse_id, duration=duration, **more)
    reply = await get_composite_schedule.handle(request, backend.context)
    assert isinstance(reply.response, v201.GetCompositeScheduleResponse)
    return reply.response


async def test_the_composite_schedule_of_an_evse_and_of_the_station(tmp_path: Path) -> None:
    """K08.FR.02, K08.FR.03: the wiring of both EVSEs is 16 A, of the station 32 A."""
    async with office(tmp_path) as backend:
        await install(backend, 1, profile())
        one = (await schedule_of(backend, 1, 600)).schedule
        whole = (await schedule_of(backend, 0, 600)).schedule
        watts = (await schedule_of(backend, 2, 600, charging_rate_unit="W")).schedule
    assert one is not None
    assert (one.evse_id, one.duration, one.charging_rate_unit) == (1, 600, "A")
    assert one.charging_schedule_period == (
        v201.ChargingSchedulePeriodType(start_period=0, limit=10.0, number_phases=3),
    )
    assert whole is not None
    assert whole.charging_schedule_period[0].limit == 26
    assert watts is not None
    assert watts.charging_schedule_period[0].limit == 16 * 3 * 230


@pytest.mark.parametrize(("evse_id", "duration"), [(9, 600), (1, 0), (1, -5)])
async def test_a_composite_schedule_of_nothing_is_refused(
    tmp_path: Path, evse_id: int, duration: int
) -> None:
    """K08.FR.05; a duration of 0 gets no made-up limit."""
    async with office(tmp_path) as backend:
        response = await schedule_of(backend, evse_id, duration)
    assert (response.status, response.schedule) == ("Rejected", None)
