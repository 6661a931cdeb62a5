"""From charging profiles to what a vehicle may choose from, and whether it chose within that. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from agent.smartcharging.composite import composite
from agent.smartcharging.course import Evse
from agent.smartcharging.needs import MOST_SCHEDULES, Chosen, Offer
from agent.smartcharging.profiles import Period, Profile, RateUnit


def offers(
    profiles: Collection[Profile], evse: Evse, start: datetime, duration_s: int, unit: RateUnit, most: int
) -> tuple[Offer, ...]:
    """Return one to three composite schedules to choose from.

    The first schedules of all profiles together make the first, the second ones the second, and so on
    (errata 2025-09). Where the backend leaves no choice there is one.
    """
    choices = max((len(one.schedules) for one in profiles if _is_own(one, evse)), default=1)

    def offer(number: int) -> Offer:
        chosen = list(_chosen(profiles, number))
        own = sorted((one for one in chosen if _is_own(one, evse)), key=lambda one: one.stack_level)
        schedule = own[-1].schedule if own else None
        return Offer(
            id=number + 1 if schedule is None else schedule.id,
            start=start,
            duration_s=duration_s,
            unit=unit,
            periods=composite(chosen, evse, start, duration_s, unit),
            tariff=None if schedule is None else schedule.tariff,
            priced=None if schedule is None else schedule.offered,
        )

    return tuple(offer(number) for number in range(max(1, min(choices, most, MOST_SCHEDULES))))


def as_offered(chosen: Chosen, offer: Offer) -> Chosen:
    """Return the plan of a vehicle that follows the station: what it was offered, to the end of that."""
    periods = tuple(
        Period(start_s=period.start_s, limit=period.limit, phases=period.phases) for period in offer.periods
    )
    schedule = replace(chosen.schedule, unit=offer.unit, periods=periods, duration_s=offer.duration_s)
    return replace(chosen, start=offer.start, schedule=replace(schedule, start=offer.start))


def is_within(chosen: Chosen, offer: Offer) -> bool:
    """Return whether a vehicle's schedule never takes more than it was offered (K15.FR.09).

    Beyond the end of the offer its last limit goes on.
    """
    if chosen.schedule.unit != offer.unit:
        return False
    moments = {chosen.start + timedelta(seconds=period.start_s) for period in chosen.schedule.periods}
    moments |= {offer.start + timedelta(seconds=period.start_s) for period in offer.periods}
    return all(
        _taken(chosen, moment) <= _offered(offer, moment) for moment in moments if moment >= chosen.start
    )


def _taken(chosen: Chosen, moment: datetime) -> Decimal:
    elapsed_s = (moment - chosen.start).total_seconds()
    duration_s = chosen.schedule.duration_s
    if duration_s is not None and elapsed_s >= duration_s:
        return Decimal(0)
    running = [period.limit for period in chosen.schedule.periods if period.start_s <= elapsed_s]
    return running[-1] or Decimal(0) if running else Decimal(0)


def _offered(offer: Offer, moment: datetime) -> Decimal:
    """Return what is offered at a moment; what is offered first holds for who is early by his clock."""
    elapsed_s = max(0, (moment - offer.start).total_seconds())
    running = [period.limit for period in offer.periods if period.start_s <= elapsed_s]
    return running[-1] if running else Decimal(0)


def _chosen(profiles: Collection[Profile], number: int) -> Iterator[Profile]:
    """Yield the profiles with the schedule of this number alone, or the first where they have fewer."""
    for profile in profiles:
        place = number if number < len(profile.schedules) else 0
        yield replace(profile, schedules=(profile.schedules[place],))


def _is_own(profile: Profile, evse: Evse) -> bool:
    return profile.purpose == "TxProfile" and profile.transaction_id == evse.transaction_id
