"""Whether a charging profile can be installed (K01): the first thing that is wrong with it, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import WHOLE_STATION, Period, Profile, RateUnit, Schedule
from agent.smartcharging.validity_21 import problem_of_version_21

MOST_PHASES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What this station can do, and what goes on: transactions by EVSE id (None if there is none).

    `negotiating`: the EVSEs whose vehicles have told what they need, and can choose among several schedules.
    """

    transactions: dict[int, str | None]
    units: frozenset[RateUnit]
    most_stack_level: int
    most_periods: int
    most_profiles: int
    may_switch_phases: bool = False
    most_external_id: int = -1
    """The ids up to this one are for limits from outside."""
    negotiating: frozenset[int] = frozenset()


def problem_with(
    profile: Profile, installed: Collection[Profile], rules: Rules, now: datetime
) -> Problem | None:
    """Return why the profile cannot be installed beside those that are, or None."""
    return (
        _problem_with_place(profile, rules)
        or _problem_with_kind(profile)
        or _problem_with_validity(profile, now)
        or _problem_with_schedules(profile, rules)
        or problem_of_version_21(profile)
        or _problem_with_others(profile, installed, rules)
    )


def problem_with_external(profile: Profile, rules: Rules, now: datetime) -> Problem | None:
    """Return why what stands for a limit from outside cannot be obeyed, or None."""
    if profile.evse_id != WHOLE_STATION and profile.evse_id not in rules.transactions:
        return Problem(reason="UnknownEvse", why=f"there is no EVSE {profile.evse_id}")
    return _problem_with_validity(profile, now) or _problem_with_schedules(profile, rules)


def replaced_by(profile: Profile, installed: Collection[Profile]) -> Profile | None:
    """Return the profile that this one takes the place of: the one with its id (K01.FR.05)."""
    return next((other for other in installed if other.id == profile.id), None)


def _problem_with_place(profile: Profile, rules: Rules) -> Problem | None:
    evse_id = profile.evse_id
    if evse_id != WHOLE_STATION and evse_id not in rules.transactions:
        return Problem(reason="UnknownEvse", why=f"there is no EVSE {evse_id}")  # K01.FR.28
    if profile.id <= rules.most_external_id:  # K01.FR.81
        why = f"ids up to {rules.most_external_id} are for limits from outside"
        return Problem(reason="InvalidProfileId", why=why)
    if not 0 <= profile.stack_level <= rules.most_stack_level:
        return Problem(reason="InvalidStackLevel", why=f"stackLevel is 0 to {rules.most_stack_level} here")
    match profile.purpose:
        case "ChargingStationExternalConstraints":  # K01.FR.22
            return Problem(reason="InvalidProfile", why="external constraints are not set by the backend")
        case "LocalGeneration":  # K01.FR.120
            return Problem(reason="UnsupportedPurpose", why="what is generated is told by who generates it")
        case "ChargingStationMaxProfile" if evse_id != WHOLE_STATION:
            return Problem(reason="InvalidProfile", why="ChargingStationMaxProfile is for evseId 0")
        case "TxProfile":
            return _problem_with_transaction(profile, rules)
        case _ if profile.transaction_id is not None:
            return Problem(reason="InvalidProfile", why="only a TxProfile has a transactionId")
        case _:
            return None


def _problem_with_transaction(profile: Profile, rules: Rules) -> Problem | None:
    if profile.evse_id == WHOLE_STATION:  # K01.FR.16
        return Problem(reason="InvalidProfile", why="a TxProfile is for one EVSE")
    if profile.transaction_id is None:  # K01.FR.03
        return Problem(reason="InvalidProfile", why="a TxProfile names its transaction")
    running = rules.transactions[profile.evse_id]
    if running is None:  # K01.FR.09
        return Problem(reason="TxNotFound", why=f"no transaction runs on EVSE {profile.evse_id}")
    if running != profile.transaction_id:  # K01.FR.33
        return Problem(reason="TxNotFound", why=f"EVSE {profile.evse_id} has transaction {running}")
    return None


def _problem_with_kind(profile: Profile) -> Problem | None:
    if profile.kind == "Relative":
        if profile.purpose == "ChargingStationMaxProfile":  # K01.FR.38
            return Problem(reason="InvalidProfile", why="ChargingStationMaxProfile cannot be Relative")
        if any(schedule.start is not None for schedule in profile.schedules):  # K01.FR.41
            return Problem(reason="InvalidSchedule", why="a Relative profile has no startSchedule")
    elif profile.kind != "Dynamic" and any(one.start is None for one in profile.schedules):  # K01.FR.40
        return Problem(reason="InvalidSchedule", why=f"{profile.kind} profiles need startSchedule")
    if (profile.kind == "Recurring") != (profile.recurrency is not None):
        return Problem(reason="InvalidProfile", why="Recurring profiles, and no others, have recurrencyKind")
    return None


def _problem_with_validity(profile: Profile, now: datetime) -> Problem | None:
    if profile.valid_to is None:
        return None
    if profile.valid_from is not None and profile.valid_to <= profile.valid_from:
        return Problem(reason="InvalidProfile", why="validTo is not after validFrom")
    if profile.valid_to <= now:
        return Problem(reason="InvalidProfile", why="validTo is past")
    return None


def _problem_with_schedules(profile: Profile, rules: Rules) -> Problem | None:
    if not profile.schedules:
        return Problem(reason="InvalidSchedule", why="there is no chargingSchedule")
    is_offer = profile.purpose == "TxProfile" and profile.evse_id in rules.negotiating
    if len(profile.schedules) > 1 and not is_offer:  # K01.FR.34
        return Problem(
            reason="InvalidSchedule", why="several schedules are for a vehicle that has told its needs"
        )
    for schedule in profile.schedules:
        if (problem := _problem_with_schedule(schedule, rules)) is not None:
            return problem
    return None


def _problem_with_schedule(schedule: Schedule, rules: Rules) -> Problem | None:
    if schedule.unit not in rules.units:  # K01.FR.26
        return Problem(reason="UnsupportedRateUnit", why=f"limits are in {' or '.join(sorted(rules.units))}")
    if len(schedule.periods) > rules.most_periods:
        return Problem(reason="InvalidSchedule", why=f"a schedule has at most {rules.most_periods} periods")
    if not schedule.periods or schedule.periods[0].start_s != 0:  # K01.FR.31
        return Problem(reason="InvalidSchedule", why="the first period's startPeriod is 0")
    if any(later.start_s <= earlier.start_s for earlier, later in pairwise(schedule.periods)):  # K01.FR.35
        return Problem(reason="InvalidSchedule", why="each period's startPeriod is after the one before")
    if schedule.duration_s is not None and schedule.duration_s <= 0:
        return Problem(reason="InvalidSchedule", why="duration is above 0")
    for period in schedule.periods:
        if (problem := _problem_with_period(period, rules)) is not None:
            return problem
    return None


def _problem_with_period(period: Period, rules: Rules) -> Problem | None:
    if period.limit is not None and not (period.limit.is_finite() and period.limit >= 0):
        return Problem(reason="InvalidValue", why="limit is 0 or more")
    if period.phases is not None and not 1 <= period.phases <= MOST_PHASES:
        return Problem(reason="InvalidValue", why="numberPhases is 1, 2 or 3")
    if period.phase_to_use is None:
        return None
    if not rules.may_switch_phases:  # K01.FR.20, K01.FR.48
        return Problem(reason="UnsupportedParam", why="phaseToUse: this station does not switch phases")
    if period.phases != 1 or not 1 <= period.phase_to_use <= MOST_PHASES:  # K01.FR.19
        return Problem(reason="InvalidValue", why="phaseToUse is 1, 2 or 3, and numberPhases 1")
    return None


def _problem_with_others(profile: Profile, installed: Collection[Profile], rules: Rules) -> Problem | None:
    place = replaced_by(profile, installed)
    if place is not None and place.purpose == "ChargingStationExternalConstraints":
        return Problem(reason="InvalidProfile", why=f"id {profile.id} is an external constraint's")
    others = [other for other in installed if other.id != profile.id]
    if len(others) >= rules.most_profiles:
        return Problem(
            reason="RateLimitExceeded", why=f"{rules.most_profiles} profiles are installed already"
        )
    for other in others:
        if _are_rivals(profile, other):  # K01.FR.06, K01.FR.39, K01.FR.52, K01.FR.53
            level = f"stackLevel {profile.stack_level}"
            return Problem(reason="DuplicateProfile", why=f"profile {other.id} has the same {level}")
    return None


def _are_rivals(one: Profile, other: Profile) -> bool:
    """Return whether it could be unclear which of both counts at some moment."""
    if (one.purpose, one.stack_level) != (other.purpose, other.stack_level):
        return False
    if one.purpose == "TxProfile":
        return one.transaction_id == other.transaction_id
    is_default = one.purpose == "TxDefaultProfile"
    for_all = is_default and WHOLE_STATION in (one.evse_id, other.evse_id)
    return (for_all or one.evse_id == other.evse_id) and _overlap(one, other)


def _overlap(one: Profile, other: Profile) -> bool:
    """Return whether there is a moment at which both are valid."""
    begins_before = one.valid_from is None or other.valid_to is None or one.valid_from < other.valid_to
    ends_after = one.valid_to is None or other.valid_from is None or other.valid_from < one.valid_to
    return begins_before and ends_after
