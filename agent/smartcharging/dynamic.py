"""Dynamic profiles: one limit that is given anew from time to time (K28, K29). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import Profile
from agent.smartcharging.validity_21 import problem_with_foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A new limit in the unit of the profile's schedule, or none; `foreign` as in `Period`."""

    limit: Decimal | None = None
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWanted:
    """The question what the limit of a profile is now; the answer is an `Update`, or None."""

    profile_id: int


def updated(profile: Profile | None, update: Update, at: datetime) -> Profile | Problem:
    """Return the profile with what it was given at a moment (K28.FR.06, K28.FR.09); why not: K28.FR.11."""
    if profile is None or profile.kind != "Dynamic":
        return Problem(reason="InvalidProfile", why="there is no Dynamic profile of this id")
    problem = problem_with_foreign(update.foreign)
    if problem is not None:
        return problem
    if update.limit is None:
        return replace(profile, updated_at=at)
    if not update.limit.is_finite() or update.limit < 0:
        return Problem(reason="InvalidValue", why="limit is 0 or more")
    return with_limit(profile, update.limit, at)


def with_limit(profile: Profile, limit: Decimal | None, at: datetime) -> Profile:
    """Return a Dynamic profile with this limit in its only period."""
    schedule = profile.schedule
    period = replace(schedule.periods[0], limit=limit)
    return replace(profile, schedules=(replace(schedule, periods=(period,)),), updated_at=at)


def is_delegated(profile: Profile) -> bool:
    """Return whether the backend leaves the limit of a profile to somebody outside (K29)."""
    return profile.kind == "Dynamic" and profile.schedule.periods[0].mode == "ExternalLimits"


def due(profiles: Iterable[Profile], asked_at: Mapping[int, datetime], now: datetime) -> list[Profile]:
    """Return the profiles whose limit the backend is to be asked about now (K28.FR.10).

    `asked_at`: when it was asked last about a profile by its id; who gets no answer asks no more often.
    """
    return [profile for profile in profiles if _is_due(profile, asked_at.get(profile.id), now)]


def _is_due(profile: Profile, asked_at: datetime | None, now: datetime) -> bool:
    if profile.kind != "Dynamic" or not profile.update_every_s:
        return False
    known = [moment for moment in (profile.updated_at, asked_at) if moment is not None and moment <= now]
    return not known or now - max(known) >= timedelta(seconds=profile.update_every_s)
