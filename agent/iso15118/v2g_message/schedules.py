"""What a vehicle is offered to charge by, and whether its plan keeps to that.

Schedules are in W and in whole seconds from the moment that they are offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from agent.smartcharging.needs import MOST_SCHEDULES, Offer
from agent.smartcharging.tariffs import SalesTariff

DAY_S: Final = 86400
"""The longest that an entry can go on; and how far a schedule goes if there is no departure (V2G2-304)."""
LEAST_ENTRIES: Final = 12
MOST_ENTRIES: Final = 1024
"""How many entries a vehicle takes if it does not say, and how many at most if it does."""
SCHEDULES_S: Final = 50.0
"""How long the backend's are waited for until the EVSE offers its own: a vehicle waits for 60 s, and is to be
answered within 55 s (V2G_SECC_Ongoing_Performance_Time)."""
_IDS: Final = range(1, 256)
"""V2G2-773."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """At most `most_w` from `start_s` on."""

    start_s: int
    most_w: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One schedule as it is offered; `offer_id` is the backend's, None if it is the EVSE's own."""

    id: int
    start: datetime
    duration_s: int
    entries: tuple[Entry, ...]
    offer_id: int | None = None
    tariff: SalesTariff | None = None
    planned_w: Decimal | None = None
    """What was planned for its first entry, where there is less now."""

    def at(self, moment: datetime) -> Decimal:
        """Return the power that it allows at a moment; what it ends with goes on."""
        elapsed_s = (moment - self.start).total_seconds()
        held = [entry.most_w for entry in self.entries if entry.start_s <= elapsed_s]
        return held[-1] if held else self.entries[0].most_w

    def since(self, now: datetime) -> Offered:
        """Return what is left of it from now on (V2G2-741); the last second, if nothing is."""
        elapsed_s = max(0, int((now - self.start).total_seconds()))
        left_s = max(1, self.duration_s - elapsed_s)
        first, *later = self.entries
        planned = (first if self.planned_w is None else replace(first, most_w=self.planned_w), *later)
        return replace(
            self,
            start=now,
            duration_s=left_s,
            planned_w=None,
            entries=_since(planned, elapsed_s, left_s),
            tariff=_tariff_since(self.tariff, elapsed_s, left_s),
        )

    def until(self, departure_s: int) -> Offered:
        """Return it with an end at the departure, if it has none before (V2G2-303)."""
        if departure_s >= self.duration_s:
            return self
        return replace(
            self,
            duration_s=departure_s,
            entries=_since(self.entries, 0, departure_s),
            tariff=_tariff_since(self.tariff, 0, departure_s),
        )

    def capped_now(self, most_w: Decimal) -> Offered:
        """Return it with no more than this power in its first entry: later ones are what was planned."""
        first, *later = self.entries
        if first.most_w <= most_w:
            return self
        entries = (replace(first, most_w=most_w), *later)
        return replace(self, entries=entries, planned_w=first.most_w)

    def within(self, most_entries: int) -> Offered:
        """Return it with no more entries, and a last one that goes on for a day at most.

        What comes last is one entry then, with the least of its powers; the schedule may become shorter,
        which is allowed: the vehicle asks again (V2G2-305).
        """
        entries = _daily(self.entries, self.duration_s, most_entries)
        *kept, last = entries[:most_entries]
        least_w = min(entry.most_w for entry in entries[most_entries - 1 :] or [last])
        ends_s = min(self.duration_s, last.start_s + DAY_S)
        return replace(self, duration_s=ends_s, entries=(*kept, replace(last, most_w=least_w)))

    def allows(self, plan: Sequence[Entry]) -> bool:
        """Return whether a vehicle's plan keeps to it, as far as it goes (V2G2-225)."""
        ends: list[int | None] = [*(entry.start_s for entry in plan[1:]), None]
        return all(
            entry.most_w <= most_w
            for entry, end_s in zip(plan, ends, strict=True)
            for most_w in self._between(entry.start_s, end_s)
        )

    def _between(self, start_s: int, end_s: int | None) -> Iterator[Decimal]:
        """Yield the powers that hold between two moments; None is never."""
        ends = [*(entry.start_s for entry in self.entries[1:]), self.duration_s]
        for entry, own_end_s in zip(self.entries, ends, strict=True):
            if start_s < own_end_s and (end_s is None or end_s > entry.start_s):
                yield entry.most_w


def from_offer(offer: Offer, number: int, phases: int, voltage_v: Decimal) -> Offered:
    """Return what the backend offers, in W; on direct current there is one phase."""
    return Offered(
        id=number,
        offer_id=offer.id,
        start=offer.start,
        duration_s=offer.duration_s,
        entries=tuple(
            Entry(start_s=period.start_s, most_w=max(Decimal(0), period.limit * factor))
            for period in offer.periods
            for factor in (1 if offer.unit == "W" else voltage_v * min(phases, period.phases),)
        ),
        tariff=offer.tariff,
    )


def of_the_evse(now: datetime, most_w: Decimal, duration_s: int | None) -> Offered:
    """Return what an EVSE offers by itself: what it has now, until the departure or for a day."""
    entry = Entry(start_s=0, most_w=most_w)
    return Offered(id=1, start=now, duration_s=duration_s or DAY_S, entries=(entry,))


def numbers_for(offers: Sequence[Offer], taken: Sequence[int] = ()) -> Iterator[int]:
    """Yield for each offer a number that a vehicle can be told: the backend's, if it is one."""
    used = set(taken)
    for offer in offers[: MOST_SCHEDULES - len(used)]:
        is_one = offer.id in _IDS and offer.id not in used
        number = offer.id if is_one else next(one for one in _IDS if one not in used)
        used.add(number)
        yield number


def _since(entries: Sequence[Entry], elapsed_s: int, left_s: int) -> tuple[Entry, ...]:
    """Return entries after some time: the one that holds then comes first, or what comes first does."""
    first = next((entry for entry in reversed(entries) if entry.start_s <= elapsed_s), entries[0])
    later = (
        replace(entry, start_s=entry.start_s - elapsed_s)
        for entry in entries
        if entry is not first and elapsed_s < entry.start_s < elapsed_s + left_s
    )
    return (replace(first, start_s=0), *later)


def _daily(entries: Sequence[Entry], duration_s: int, most_entries: int) -> list[Entry]:
    """Return entries of which the last is repeated each day, as often as there is room."""
    daily = list(entries)
    while duration_s - daily[-1].start_s > DAY_S and len(daily) < most_entries:
        daily.append(replace(daily[-1], start_s=daily[-1].start_s + DAY_S))
    return daily


def _tariff_since(tariff: SalesTariff | None, elapsed_s: int, left_s: int) -> SalesTariff | None:
    if tariff is None:
        return None
    held = [entry for entry in tariff.entries if entry.start_s <= elapsed_s]
    later = [
        replace(entry, start_s=entry.start_s - elapsed_s)
        for entry in tariff.entries
        if elapsed_s < entry.start_s < elapsed_s + left_s
    ]
    return replace(tariff, entries=(*(replace(entry, start_s=0) for entry in held[-1:]), *later))
