"""What OCPP 2.1 asks of a charging profile beyond 2.0.1 (K01.FR.70 and following, K28).

This station feeds nothing back and does not sleep: periods that ask for that are refused.
"""

from __future__ import annotations

from typing import Final

from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import Mode, Period, Profile, Purpose, Schedule

MODES: Final[tuple[Mode, ...]] = ("ChargingOnly", "ExternalLimits")
"""What an EVSE can do here: charge within limits that the backend, or (K29) somebody outside gives."""
OF_TRANSACTIONS: Final[tuple[Purpose, ...]] = ("TxDefaultProfile", "TxProfile")
PER_PHASE: Final = frozenset({"limit_L2", "limit_L3"})


def problem_of_version_21(profile: Profile) -> Problem | None:
    """Return what is wrong with a profile of the backend, or None."""
    return (
        _problem_with_updates(profile) or _problem_with_offline(profile) or _problem_with_schedules(profile)
    )


def problem_with_foreign(foreign: tuple[str, ...]) -> Problem | None:
    """Return why a period that asks for these cannot be obeyed here (K01.FR.126), or None."""
    if PER_PHASE & {*foreign}:
        why = "no vehicle here has said that it takes limits for single phases"
        return Problem(reason="PhaseConflict", why=why)
    if foreign:
        return Problem(reason="InvalidSchedule", why=f"not for this station: {', '.join(foreign)}")
    return None


def _problem_with_updates(profile: Profile) -> Problem | None:
    if profile.kind != "Dynamic":
        if profile.update_every_s is None and profile.updated_at is None:
            return None
        why = "dynUpdateInterval and dynUpdateTime are for Dynamic profiles"  # K28.FR.04, K01.FR.122
        return Problem(reason="InvalidProfile", why=why)
    if len(profile.schedules) != 1 or len(profile.schedule.periods) != 1:  # K28.FR.01
        return Problem(reason="InvalidSchedule", why="a Dynamic profile has one schedule of one period")
    if profile.update_every_s is not None and profile.update_every_s < 0:
        return Problem(reason="InvalidValue", why="dynUpdateInterval is 0 or more")
    return None


def _problem_with_offline(profile: Profile) -> Problem | None:
    if profile.max_offline_s is not None and profile.max_offline_s < 0:
        return Problem(reason="InvalidValue", why="maxOfflineDuration is 0 or more")
    return None


def _problem_with_schedules(profile: Profile) -> Problem | None:
    for schedule in profile.schedules:
        if schedule.delay_s and profile.purpose not in OF_TRANSACTIONS:  # K01.FR.95
            return Problem(reason="InvalidSchedule", why="randomizedDelay is for profiles of transactions")
        if profile.purpose == "PriorityCharging" and schedule.duration_s is not None:  # K01.FR.70
            return Problem(reason="InvalidSchedule", why="a PriorityCharging profile has no duration")
        problem = _problem_with_soc(schedule)
        for period in schedule.periods:
            problem = problem or _problem_with_period(period, profile)
        if problem is not None:
            return problem
    return None


def _problem_with_soc(schedule: Schedule) -> Problem | None:
    beyond = schedule.soc_limit
    if beyond is None or (beyond.limit.is_finite() and beyond.limit >= 0):
        return None
    return Problem(reason="InvalidValue", why="limitAtSoC has a limit of 0 or more")


def _problem_with_period(period: Period, profile: Profile) -> Problem | None:
    mode = period.mode or "ChargingOnly"
    is_delegated = mode == "ExternalLimits"
    if mode not in MODES:  # errata 2025-09
        why = f"operationMode {mode} takes a station that can feed back"
        return Problem(reason="InvalidOperationMode", why=why)
    if is_delegated and profile.purpose not in OF_TRANSACTIONS:  # K01.FR.71
        why = f"operationMode {mode} is for profiles of transactions"
        return Problem(reason="InvalidOperationMode", why=why)
    if is_delegated and profile.kind != "Dynamic":  # K29
        return Problem(reason="InvalidOperationMode", why=f"operationMode {mode} is for Dynamic profiles")
    if (problem := problem_with_foreign(period.foreign)) is not None:
        return problem
    if period.limit is None and not is_delegated:
        return Problem(reason="InvalidSchedule", why="a period has a limit")
    return None
