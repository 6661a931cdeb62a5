"""One charging profile along the time: what it allows at a moment, and until when it goes on to say so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from agent.smartcharging.cap import Cap, cap_of, cap_of_limit
from agent.smartcharging.profiles import Period, Profile, Recurrency, Schedule

DAYS: Final[dict[Recurrency, int]] = {"Daily": 1, "Weekly": 7}


class Said(NamedTuple):
    """What a profile says at a moment: a cap, or None if it is not in force; may change at `until`."""

    cap: Cap | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What schedules are relative to.

    `charging_since`: when the transaction's energy transfer could begin; Relative schedules start there, or
    at the moment asked about if it could not yet. `zone`: of the station's wall clock, for schedules in local
    time: a day on which the clocks change has 23 or 25 hours there. `offline_since`: when the backend was
    lost, None while it is there. `soc`: the charge of the vehicle's battery in percent, None if not known.
    """

    charging_since: datetime | None = None
    zone: tzinfo = UTC
    offline_since: datetime | None = None
    soc: int | None = None


def said_by(profile: Profile, at: datetime, reference: Reference) -> Said:
    """Return what the profile says at a moment (aware)."""
    if profile.valid_from is not None and at < profile.valid_from:
        return Said(None, profile.valid_from)
    ends = earliest(profile.valid_to, outlived_at(profile, reference.offline_since))
    if ends is not None and at >= ends:
        return Said(None, None)
    said = _said_by_schedule(profile, at, reference)
    return Said(said.cap, earliest(said.until, ends))


def outlived_at(profile: Profile, offline_since: datetime | None) -> datetime | None:
    """Return when a profile has been without the backend for too long (maxOfflineDuration), if it ever is."""
    if profile.max_offline_s is None or offline_since is None:
        return None
    return offline_since + timedelta(seconds=profile.max_offline_s)


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the first of several moments, of which some may be never (None)."""
    return min((moment for moment in moments if moment is not None), default=None)


def _said_by_schedule(profile: Profile, at: datetime, reference: Reference) -> Said:
    schedule = profile.schedule
    start, zone = _start(schedule, reference.zone)
    if profile.kind == "Recurring" and start is not None and profile.recurrency is not None:
        began, again = _turn(start, profile.recurrency, at, zone)
        if began is None:
            return Said(None, again)
        said = _within(schedule, began, at, reference.soc)
        return Said(said.cap, earliest(said.until, again))
    match profile.kind:
        case "Absolute":
            began = start
        case "Dynamic":  # as old as its last update (K28.FR.13)
            began = profile.updated_at
        case _:
            began = reference.charging_since
    began = at if began is None else began
    return Said(None, began) if at < began else _within(schedule, began, at, reference.soc)


def _start(schedule: Schedule, zone: tzinfo) -> tuple[datetime | None, tzinfo]:
    """Return when a schedule starts, and the zone whose days it counts (useLocalTime)."""
    if schedule.start is None or not schedule.in_local_time:
        return schedule.start, UTC
    return schedule.start.replace(tzinfo=zone).astimezone(UTC), zone


def _within(schedule: Schedule, began: datetime, at: datetime, soc: int | None) -> Said:
    """Return what a schedule says that began at or before the moment."""
    elapsed = at - began
    ends = None if schedule.duration_s is None else began + timedelta(seconds=schedule.duration_s)
    if ends is not None and at >= ends:
        return Said(None, None)
    periods = schedule.periods
    following = bisect_right(periods, elapsed.total_seconds(), key=_starts_s)
    until = began + timedelta(seconds=periods[following].start_s) if following < len(periods) else None
    if following == 0:
        return Said(None, earliest(until, ends))
    return Said(_cap(periods[following - 1], schedule, soc), earliest(until, ends))


def _cap(period: Period, schedule: Schedule, soc: int | None) -> Cap | None:
    """Return what a period allows to a vehicle whose battery is so full (limitAtSoC)."""
    cap, beyond = cap_of(period, schedule.unit), schedule.soc_limit
    if cap is None or beyond is None or soc is None or soc < beyond.soc:
        return cap
    return cap.and_also(cap_of_limit(beyond.limit, period.phases, schedule.unit))


def _starts_s(period: Period) -> int:
    return period.start_s


def _turn(
    first: datetime, recurrency: Recurrency, at: datetime, zone: tzinfo
) -> tuple[datetime | None, datetime]:
    """Return when the present turn of a recurring schedule began (None: not yet), and when the next does."""
    if at < first:
        return None, first
    began = first
    for moment in _turns(first, recurrency, at, zone):
        if moment > at:
            return began, moment
        began = max(began, moment)
    raise AssertionError("turns go on for ever")


def _turns(first: datetime, recurrency: Recurrency, at: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the beginnings of turns from shortly before a moment on, in UTC."""
    local = first.astimezone(zone).replace(tzinfo=None)
    days = DAYS[recurrency]
    count = max(0, (at.astimezone(zone).replace(tzinfo=None) - local).days // days - 1)
    while True:
        yield (local + timedelta(days=days * count)).replace(tzinfo=zone).astimezone(UTC)
        count += 1
