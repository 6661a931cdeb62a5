"""Charging profiles between OCPP 2.0.1 and the station's own records."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import cast, get_args

from agent.csms.v201 import sales_tariff
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import Period, Profile, Schedule
from ocppj.messages import v201

_LONGEST_INFO = 512


def read(profile: v201.ChargingProfileType, evse_id: int) -> Profile:
    """Return the record of a profile that the backend sets on an EVSE, or with 0 on the station."""
    return frame(profile, evse_id, tuple(map(_read_schedule, profile.charging_schedule)))


def frame(profile: v201.ChargingProfileType, evse_id: int, schedules: tuple[Schedule, ...]) -> Profile:
    """Return the record of a profile whose schedules have been read."""
    return Profile(
        id=profile.id,
        evse_id=evse_id,
        stack_level=profile.stack_level,
        purpose=profile.charging_profile_purpose,
        kind=profile.charging_profile_kind,
        recurrency=profile.recurrency_kind,
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        transaction_id=profile.transaction_id,
        schedules=schedules,
    )


def is_known(profile: Profile) -> bool:
    """Return whether this version has words for a profile: another may have set it, or told it of outside."""
    return (
        profile.purpose in get_args(v201.ChargingProfilePurposeEnumType)
        and profile.kind in get_args(v201.ChargingProfileKindEnumType)
        and all(period.limit is not None for one in profile.schedules for period in one.periods)
    )


def message(profile: Profile) -> v201.ChargingProfileType:
    """Return a profile that this version knows as it is reported (K09)."""
    return v201.ChargingProfileType(
        id=profile.id,
        stack_level=profile.stack_level,
        charging_profile_purpose=cast("v201.ChargingProfilePurposeEnumType", profile.purpose),
        charging_profile_kind=cast("v201.ChargingProfileKindEnumType", profile.kind),
        recurrency_kind=profile.recurrency,
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        transaction_id=profile.transaction_id,
        charging_schedule=tuple(map(schedule_message, profile.schedules)),
    )


def period_messages(periods: Iterable[CompositePeriod]) -> tuple[v201.ChargingSchedulePeriodType, ...]:
    """Return the periods of a composite schedule (K08)."""
    return tuple(
        v201.ChargingSchedulePeriodType(
            start_period=period.start_s, limit=float(period.limit), number_phases=period.phases
        )
        for period in periods
    )


def refusal(problem: Problem) -> v201.StatusInfoType:
    """Return why a profile was refused."""
    return v201.StatusInfoType(reason_code=problem.reason, additional_info=problem.why[:_LONGEST_INFO])


def _read_schedule(schedule: v201.ChargingScheduleType) -> Schedule:
    lowest = schedule.min_charging_rate
    return Schedule(
        id=schedule.id,
        unit=schedule.charging_rate_unit,
        start=schedule.start_schedule,
        duration_s=schedule.duration,
        lowest_rate=None if lowest is None else Decimal(str(lowest)),
        periods=tuple(map(_read_period, schedule.charging_schedule_period)),
        tariff=None if schedule.sales_tariff is None else sales_tariff.read(schedule.sales_tariff),
    )


def _read_period(period: v201.ChargingSchedulePeriodType) -> Period:
    return Period(
        start_s=period.start_period,
        limit=Decimal(str(period.limit)),
        phases=period.number_phases,
        phase_to_use=period.phase_to_use,
    )


def schedule_message(schedule: Schedule) -> v201.ChargingScheduleType:
    """Return a schedule as it is told."""
    return v201.ChargingScheduleType(
        id=schedule.id,
        start_schedule=schedule.start,
        duration=schedule.duration_s,
        charging_rate_unit=schedule.unit,
        min_charging_rate=None if schedule.lowest_rate is None else float(schedule.lowest_rate),
        charging_schedule_period=tuple(
            v201.ChargingSchedulePeriodType(
                start_period=period.start_s,
                limit=float(period.limit),
                number_phases=period.phases,
                phase_to_use=period.phase_to_use,
            )
            for period in schedule.periods
            if period.limit is not None
        ),
        sales_tariff=None if schedule.tariff is None else sales_tariff.message(schedule.tariff),
    )
