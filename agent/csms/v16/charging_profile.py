"""Charging profiles between OCPP 1.6 and the station's own records (7.8, 7.13)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.profiles import Period, Profile, Purpose, RateUnit, Schedule
from ocppj.messages import v16

PURPOSES: Final[dict[v16.ChargingProfilePurposeType, Purpose]] = {
    "ChargePointMaxProfile": "ChargingStationMaxProfile",
    "TxDefaultProfile": "TxDefaultProfile",
    "TxProfile": "TxProfile",
}


def read(profile: v16.ChargingProfile, connector_id: int, transaction_id: str | None) -> Profile:
    """Return the record of a profile for a connector, or with 0 for the charge point.

    `transaction_id` is the station's own name of the transaction that the profile gives the number of.
    """
    return Profile(
        id=profile.charging_profile_id,
        evse_id=connector_id,
        stack_level=profile.stack_level,
        purpose=PURPOSES[profile.charging_profile_purpose],
        kind=profile.charging_profile_kind,
        recurrency=profile.recurrency_kind,
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        transaction_id=transaction_id,
        schedules=(_read_schedule(profile.charging_schedule),),
    )


def schedule_message(
    periods: Iterable[CompositePeriod], unit: RateUnit, duration_s: int
) -> v16.ChargingSchedule:
    """Return a composite schedule."""
    return v16.ChargingSchedule(
        charging_rate_unit=unit,
        duration=duration_s,
        charging_schedule_period=tuple(
            v16.ChargingSchedulePeriod(
                start_period=period.start_s, limit=_tenths(period.limit), number_phases=period.phases
            )
            for period in periods
        ),
    )


def _read_schedule(schedule: v16.ChargingSchedule) -> Schedule:
    lowest = schedule.min_charging_rate
    return Schedule(
        id=0,
        unit=schedule.charging_rate_unit,
        start=schedule.start_schedule,
        duration_s=schedule.duration,
        lowest_rate=None if lowest is None else Decimal(str(lowest)),
        periods=tuple(
            Period(
                start_s=period.start_period,
                limit=Decimal(str(period.limit)),
                phases=period.number_phases,
            )
            for period in schedule.charging_schedule_period
        ),
    )


def _tenths(limit: Decimal) -> float:
    """Return a limit with the one decimal place that this version has; never more than it is."""
    return float(limit.quantize(Decimal("0.1"), rounding="ROUND_DOWN"))
