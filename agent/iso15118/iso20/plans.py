"""What is offered to a vehicle as powers over time, and whether its own plan keeps to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.ac import available_w
from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.session import Plan, Selection, Session, Slot, seconds
from agent.iso15118.turns import ANY_EVSE
from agent.smartcharging.needs import MOST_SCHEDULES, Chosen, Offer
from agent.smartcharging.profiles import Period, Schedule

DAY_S: Final = 86_400
_MICROSECONDS: Final = 10**6
_SURELY_MICROSECONDS: Final = 10**12
_LONGEST_S: Final = 2**31 - 1
"""As far as OCPP tells times ahead."""


def plans(session: Session, facts: Facts, departure_s: int | None, most_slots: int) -> tuple[Plan, ...]:
    """Return what is offered: up to three schedules, else one of what the EVSE can give now.

    They begin with no more than there is now, go on until the vehicle departs, or for a day where it does
    not say when (V2G20-1563), and have no more entries than the vehicle can take (V2G20-1544).
    """
    made = [
        _from_offer(offer, number, session.chosen, facts)
        for number, offer in enumerate((facts.offers or ())[:MOST_SCHEDULES], 1)
        if offer.periods
    ] or [_from_limits(session.chosen, facts)]
    least_s = DAY_S if departure_s is None else min(departure_s, DAY_S)
    return tuple(
        replace(plan, slots=_merged(plan.slots, most_slots), duration_s=max(plan.duration_s, least_s, 1))
        for plan in made
    )


def read_profile(fields: Mapping[str, Any], plan: Plan) -> tuple[datetime, tuple[Slot, ...], int]:
    """Return a vehicle's plan: its start, its powers, and how long (s) it goes on.

    A start that has nothing to do with the schedule's is taken for the schedule's: some tell 0, some
    microseconds.
    """
    anchor_s = fields["TimeAnchor"]
    if anchor_s >= _SURELY_MICROSECONDS:
        anchor_s //= _MICROSECONDS
    start_s = seconds(plan.start)
    start = plan.start
    if abs(anchor_s - start_s) <= DAY_S:
        start = plan.start + timedelta(seconds=anchor_s - start_s)
    slots, at_s = [], 0
    for entry in fields["EVPowerProfileEntries"]["EVPowerProfileEntry"]:
        powers = (decimal(entry[name]) for name in ("Power", "Power_L2", "Power_L3") if name in entry)
        slots.append(Slot(start_s=at_s, most_w=sum(powers, Decimal(0))))
        at_s = min(at_s + entry["Duration"], _LONGEST_S)
    return start, tuple(slots), at_s


def is_within(start: datetime, slots: Sequence[Slot], end_s: int, plan: Plan) -> bool:
    """Return whether a vehicle's plan never goes above its schedule, in neither direction (V2G20-1559)."""
    ahead_s = int((start - plan.start).total_seconds())
    ends = [*(slot.start_s for slot in slots[1:]), end_s]
    for slot, to_s in zip(slots, ends, strict=True):
        most_w = _least_between(plan, slot.start_s + ahead_s, to_s + ahead_s)
        if not -plan.most_back_w <= slot.most_w <= most_w:
            return False
    return True


def power_at(slots: Sequence[Slot], elapsed_s: float) -> Decimal:
    """Return the power of the slot that holds at a moment."""
    running = [slot.most_w for slot in slots if slot.start_s <= max(0, elapsed_s)]
    return running[-1] if running else Decimal(0)


def chosen(
    session: Session, start: datetime, slots: Sequence[Slot], duration_s: int, *, is_tolerant: bool | None
) -> Chosen:
    """Return a vehicle's plan as the EVSE is told of it, in the unit of the schedule that it is for."""
    plan = session.plan
    assert plan is not None
    divisor = plan.watts_per_a if plan.offer is not None and plan.offer.unit == "A" else Decimal(1)
    periods = tuple(Period(start_s=slot.start_s, limit=slot.most_w / divisor) for slot in slots)
    return Chosen(
        evse_id=ANY_EVSE,
        start=start,
        schedule=Schedule(
            id=plan.number if plan.offer is None else plan.offer.id,
            unit="W" if plan.offer is None else plan.offer.unit,
            periods=periods,
            start=start,
            duration_s=duration_s,
        ),
        offer_id=None if plan.offer is None else plan.offer.id,
        is_tolerant=is_tolerant,
    )


def _from_offer(offer: Offer, number: int, selection: Selection, facts: Facts) -> Plan:
    volts, phases = _volts(facts), _phases(selection, facts)
    slots = [
        Slot(
            start_s=period.start_s,
            most_w=period.limit
            if offer.unit == "W"
            else period.limit * volts * min(phases, max(1, period.phases)),
        )
        for period in offer.periods
    ]
    if slots[0].start_s > 0:
        slots.insert(0, Slot(start_s=0, most_w=Decimal(0)))
    slots[0] = replace(slots[0], most_w=min(slots[0].most_w, _most_w(selection, facts)))
    return Plan(
        number=number,
        start=offer.start,
        duration_s=offer.duration_s,
        slots=tuple(slots),
        most_back_w=_most_back_w(selection, facts),
        watts_per_a=volts * phases,
        offer=offer,
    )


def _from_limits(selection: Selection, facts: Facts) -> Plan:
    return Plan(
        number=1,
        start=facts.now,
        duration_s=DAY_S,
        slots=(Slot(start_s=0, most_w=_most_w(selection, facts)),),
        most_back_w=_most_back_w(selection, facts),
    )


def _most_w(selection: Selection, facts: Facts) -> Decimal:
    """Return what can be drawn now."""
    if facts.ac is not None:
        return available_w(selection, facts.ac)
    return facts.dc.most_w if facts.dc is not None else Decimal(0)


def _volts(facts: Facts) -> Decimal:
    """Return the voltage that an ampere of a schedule is meant at."""
    if facts.ac is not None:
        return facts.ac.voltage_v
    return facts.dc.most_v if facts.dc is not None else Decimal(1)


def _phases(selection: Selection, facts: Facts) -> int:
    return min(selection.phases, facts.ac.phases) if facts.ac is not None else 1


def _most_back_w(selection: Selection, facts: Facts) -> Decimal:
    limits = facts.dc if facts.ac is None else facts.ac
    return limits.most_back_w if limits is not None and selection.is_bpt else Decimal(0)


def _merged(slots: tuple[Slot, ...], most: int) -> tuple[Slot, ...]:
    """Return at most so many slots; what does not fit is told as its least."""
    if len(slots) <= most:
        return slots
    rest = slots[most - 1 :]
    return (*slots[: most - 1], Slot(start_s=rest[0].start_s, most_w=min(slot.most_w for slot in rest)))


def _least_between(plan: Plan, from_s: int, to_s: int) -> Decimal:
    """Return the least that is offered in a time; before the plan its first slot holds, after it its last."""
    ends = [*(slot.start_s for slot in plan.slots[1:]), None]
    met = [
        slot.most_w
        for slot, end_s in zip(plan.slots, ends, strict=True)
        if (end_s is None or end_s > from_s) and (slot.start_s < max(to_s, from_s + 1))
    ]
    return min(met) if met else plan.slots[0].most_w
