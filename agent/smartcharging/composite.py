"""Several charging profiles as one schedule (K08)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from agent.smartcharging.cap import NO_CAP, Cap, Supply
from agent.smartcharging.course import STATION_WIDE, Course, Evse
from agent.smartcharging.profiles import WHOLE_STATION, Profile, RateUnit

SMALLEST_STEP: Final = timedelta(microseconds=1)


class Piece(NamedTuple):
    """From `start` on this cap holds."""

    start: datetime
    cap: Cap


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositePeriod:
    """From `start_s` on at most `limit` (A per phase, or W) on `phases` phases."""

    start_s: int
    limit: Decimal
    phases: int


def cap_at(profiles: Iterable[Profile], evse: Evse, at: datetime) -> Cap:
    """Return what all profiles together let an EVSE draw at a moment, its wiring included."""
    return Course(profiles, evse).says(at)[0]


def next_change(profiles: Iterable[Profile], evse: Evse, at: datetime) -> datetime | None:
    """Return when `cap_at` may next give another answer; None for never."""
    return Course(profiles, evse).says(at)[1]


def pieces(profiles: Iterable[Profile], evse: Evse, start: datetime, duration_s: int) -> Iterator[Piece]:
    """Yield the caps of an EVSE from `start` on, each different from the one before.

    As long as no energy could flow, Relative schedules are shown as if it could from `start` on.
    """
    if evse.reference.charging_since is None:
        evse = replace(evse, reference=replace(evse.reference, charging_since=start))
    course = Course(profiles, evse)
    ends = start + timedelta(seconds=duration_s)
    at: datetime | None = start
    last: Cap | None = None
    while at is not None and at < ends:
        cap, until = course.says(at)
        if cap != last:
            yield Piece(at, cap)
            last = cap
        at = None if until is None else max(until, at + SMALLEST_STEP)


def composite(
    profiles: Collection[Profile], evse: Evse, start: datetime, duration_s: int, unit: RateUnit
) -> tuple[CompositePeriod, ...]:
    """Return the composite schedule of one EVSE (K08.FR.02), in whole seconds from `start`."""
    rates = (
        (piece.start, piece.cap.rate_on(evse.supply, unit), piece.cap.phases_on(evse.supply))
        for piece in pieces(profiles, evse, start, duration_s)
    )
    return _periods(rates, start)


def composite_of_station(
    profiles: Collection[Profile],
    evses: Sequence[Evse],
    grid: Supply,
    start: datetime,
    duration_s: int,
    unit: RateUnit,
) -> tuple[CompositePeriod, ...]:
    """Return what the whole station may draw from the grid: its own limits, and the sum of its EVSEs'."""
    station_wide = tuple(profile for profile in profiles if profile.purpose in STATION_WIDE)
    station = Evse(id=WHOLE_STATION, supply=grid)
    whole = list(pieces(station_wide, station, start, duration_s))
    parts = [(evse, list(pieces(profiles, evse, start, duration_s))) for evse in evses]
    moments = sorted({piece.start for line in (whole, *(line for _, line in parts)) for piece in line})

    def rates() -> Iterator[tuple[datetime, Decimal, int]]:
        for moment in moments:
            cap = _in_force(whole, moment)
            shares = (_in_force(line, moment).rate_on(evse.supply, unit) for evse, line in parts)
            yield moment, min(sum(shares, Decimal(0)), cap.rate_on(grid, unit)), cap.phases_on(grid)

    return _periods(rates(), start)


def _in_force(line: Sequence[Piece], moment: datetime) -> Cap:
    return next((piece.cap for piece in reversed(line) if piece.start <= moment), NO_CAP)


def _periods(rates: Iterable[tuple[datetime, Decimal, int]], start: datetime) -> tuple[CompositePeriod, ...]:
    """Return periods in whole seconds; of several that begin in the same second the lowest counts."""
    lowest: dict[int, tuple[Decimal, int]] = {}
    for moment, limit, phases in rates:
        start_s = int((moment - start).total_seconds())
        other_limit, other_phases = lowest.get(start_s, (limit, phases))
        lowest[start_s] = min(limit, other_limit), min(phases, other_phases)
    periods: list[CompositePeriod] = []
    for start_s, (limit, phases) in lowest.items():
        if not periods or (periods[-1].limit, periods[-1].phases) != (limit, phases):
            periods.append(CompositePeriod(start_s=start_s, limit=limit, phases=phases))
    return tuple(periods)
