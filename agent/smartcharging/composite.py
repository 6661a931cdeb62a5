"""Several charging profiles as one (K08): of each purpose the highest stack level, of those the lowest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from agent.smartcharging.cap import NO_CAP, Cap, Supply
from agent.smartcharging.profiles import WHOLE_STATION, Profile, Purpose, RateUnit
from agent.smartcharging.timeline import Reference, Said, earliest, said_by

STATION_WIDE: Final[tuple[Purpose, ...]] = ("ChargingStationExternalConstraints", "ChargingStationMaxProfile")
UNTIED: Final = Reference()
SMALLEST_STEP: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evse:
    """An EVSE and the transaction on it, as profiles see it."""

    id: int
    supply: Supply
    transaction_id: str | None = None
    reference: Reference = UNTIED


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
    return _combined(tuple(profiles), evse, at)[0]


def next_change(profiles: Iterable[Profile], evse: Evse, at: datetime) -> datetime | None:
    """Return when `cap_at` may next give another answer; None for never."""
    return _combined(tuple(profiles), evse, at)[1]


def pieces(profiles: Collection[Profile], evse: Evse, start: datetime, duration_s: int) -> Iterator[Piece]:
    """Yield the caps of an EVSE from `start` on, each different from the one before.

    Without a transaction, Relative schedules are shown as if charging began at `start`.
    """
    relevant = tuple(profiles)
    if evse.reference.charging_since is None:
        evse = replace(evse, reference=replace(evse.reference, charging_since=start))
    ends = start + timedelta(seconds=duration_s)
    at: datetime | None = start
    last: Cap | None = None
    while at is not None and at < ends:
        cap, until = _combined(relevant, evse, at)
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


def _combined(profiles: Sequence[Profile], evse: Evse, at: datetime) -> tuple[Cap, datetime | None]:
    """Return the cap of an EVSE at a moment, and when it may change."""
    cap, until = evse.supply.cap, None
    for purpose in STATION_WIDE:
        said = _leading([profile for profile in profiles if profile.purpose == purpose], evse, at)
        cap, until = cap.and_also(said.cap or NO_CAP), earliest(until, said.until)
    said = _leading([profile for profile in profiles if _is_of_transaction(profile, evse)], evse, at)
    if said.cap is None:  # a TxProfile overrules the default as long as it says something
        default = _leading([one for one in profiles if one.purpose == "TxDefaultProfile"], evse, at)
        said = Said(default.cap, earliest(said.until, default.until))
    return cap.and_also(said.cap or NO_CAP), earliest(until, said.until)


def _is_of_transaction(profile: Profile, evse: Evse) -> bool:
    if profile.purpose != "TxProfile" or evse.transaction_id is None:
        return False
    return profile.transaction_id == evse.transaction_id


def _leading(profiles: Iterable[Profile], evse: Evse, at: datetime) -> Said:
    """Return what the highest stack level that says anything says; an EVSE's own before the station's.

    It may change when that one does, or when one above it begins.
    """
    here = (profile for profile in profiles if profile.evse_id in (evse.id, WHOLE_STATION))
    until: datetime | None = None
    for profile in sorted(here, key=lambda one: (-one.stack_level, one.evse_id == WHOLE_STATION, -one.id)):
        said = said_by(profile, at, evse.reference)
        until = earliest(until, said.until)
        if said.cap is not None:
            return Said(said.cap, until)
    return Said(None, until)
