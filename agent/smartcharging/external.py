"""Limits that somebody besides the backend sets: energy management, the grid operator (K11 to K13). Pure.

What is generated on the spot is told the same way, and raises what the others allow (K27). Each is kept as a
charging profile of its own, one for each source and place, so that it counts, is reported and survives a
restart as the others do. Its id is negative: those are not the backend's to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

from agent.smartcharging.composite import CompositePeriod, composite
from agent.smartcharging.course import Evse
from agent.smartcharging.profiles import WHOLE_STATION, Period, Profile, Purpose, RateUnit, Schedule

OutsideSource = Literal["EMS", "Other", "SO"]
SOURCES: Final[tuple[OutsideSource, ...]] = get_args(OutsideSource)
PURPOSE: Final = "ChargingStationExternalConstraints"
PURPOSES: Final[tuple[Purpose, ...]] = (PURPOSE, "LocalGeneration")
HORIZON_S: Final = 86_400
"""How far ahead two limits are held against each other."""
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLimit:
    """What somebody allows from now on, on an EVSE or the station, for `lasts_s` or until it is taken back.

    `is_grid_critical`: the grid needs it, so that the backend should not count on a change of mind.
    `is_generation`: it is no limit, but what may be drawn on top of all limits.
    """

    source: OutsideSource
    evse_id: int
    unit: RateUnit
    periods: tuple[Period, ...]
    lasts_s: int | None = None
    is_grid_critical: bool | None = None
    is_generation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet:
    """To be told: somebody has set a limit; `evse_id` None is the whole station."""

    source: OutsideSource
    evse_id: int | None
    is_grid_critical: bool | None = None
    schedules: tuple[Schedule, ...] = ()
    is_generation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCleared:
    """To be told: somebody has taken a limit back."""

    source: OutsideSource
    evse_id: int | None
    is_generation: bool = False


def profile_id(source: OutsideSource, evse_id: int, *, is_generation: bool = False) -> int:
    """Return the id of the profile that stands for a source's limit, or generation, at a place."""
    kind = SOURCES.index(source) + (len(SOURCES) if is_generation else 0)
    return -(evse_id * len(SOURCES) * 2 + kind + 1)


def profile_of(limit: OutsideLimit, at: datetime) -> Profile:
    """Return the profile that stands for a limit set at this moment."""
    number = profile_id(limit.source, limit.evse_id, is_generation=limit.is_generation)
    schedule = Schedule(id=number, unit=limit.unit, start=at, periods=limit.periods)
    return Profile(
        id=number,
        evse_id=limit.evse_id,
        stack_level=0,
        purpose="LocalGeneration" if limit.is_generation else PURPOSE,
        kind="Absolute",
        schedules=(schedule,),
        valid_to=None if limit.lasts_s is None else at + timedelta(seconds=limit.lasts_s),
        source=limit.source,
    )


def says_the_same(one: Profile, other: Profile, at: datetime) -> bool:
    """Return whether both allow the same from a moment on, whenever they end: one repeats the other."""
    if one.schedule.unit != other.schedule.unit:
        return False
    return _ahead(one, at) == _ahead(other, at)


def _ahead(profile: Profile, at: datetime) -> list[tuple[timedelta, Period]]:
    """Return what a profile's periods say from a moment on, and in how long."""
    began = profile.schedule.start or at
    found: list[tuple[timedelta, Period]] = []
    for period in profile.schedule.periods:
        wait = max(timedelta(0), began + timedelta(seconds=period.start_s) - at)
        if found and found[-1][0] == wait:
            found.pop()
        found.append((wait, _without_start(period)))
    return found


def _without_start(period: Period) -> Period:
    return replace(period, start_s=0)


def is_significant(before: Decimal, after: Decimal, percent: Decimal) -> bool:
    """Return whether a change is worth telling (LimitChangeSignificance)."""
    return before != after and abs(after - before) * 100 >= percent * before


def changes_significantly(
    before: Profile | None, after: Profile, evse: Evse, at: datetime, percent: Decimal
) -> bool:
    """Return whether a limit in the place of another is worth telling; the first of a source always is."""
    if before is None:
        return True
    old, new = (composite([_as_limit(one)], evse, at, HORIZON_S, "A") for one in (before, after))
    moments = sorted({period.start_s for period in (*old, *new)})
    return any(is_significant(_at(old, moment), _at(new, moment), percent) for moment in moments)


def _as_limit(profile: Profile) -> Profile:
    """Return what is generated as if it were a limit: its changes are those of the amount."""
    return replace(profile, purpose=PURPOSE)


def _at(periods: Sequence[CompositePeriod], moment_s: int) -> Decimal:
    return next((one.limit for one in reversed(periods) if one.start_s <= moment_s), NOTHING)


def from_outside(profiles: Iterable[Profile]) -> list[Profile]:
    """Return those that stand for limits from outside."""
    return [profile for profile in profiles if profile.purpose in PURPOSES]


def place(profile: Profile) -> int | None:
    """Return the EVSE that a limit is for, as it is told: none is the whole station."""
    return None if profile.evse_id == WHOLE_STATION else profile.evse_id
