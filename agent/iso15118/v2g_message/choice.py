"""The schedule that a vehicle chose, and its plan within that."""

from __future__ import annotations

from collections.abc import Sequence

from agent.iso15118.refused import Refused
from agent.iso15118.turns import ANY_EVSE
from agent.iso15118.v2g_message.schedules import Entry, Offered
from agent.smartcharging.needs import Chosen
from agent.smartcharging.profiles import Period, Schedule


def all_of(chosen: Offered) -> tuple[Period, ...]:
    """Return a schedule as the plan of a vehicle that tells none."""
    return tuple(Period(start_s=entry.start_s, limit=entry.most_w) for entry in chosen.entries)


def planned(chosen: Offered, plan: Sequence[Entry], phases: Sequence[int | None]) -> tuple[Period, ...]:
    """Return a vehicle's plan.

    Raises:
        Refused: If it is out of order, or not within the schedule (V2G2-225, V2G-DC-399).
    """
    starts = [entry.start_s for entry in plan]
    if starts != sorted(set(starts)) or not chosen.allows(plan):
        raise Refused("FAILED_ChargingProfileInvalid", f"{plan} is not within {chosen.entries}")
    return tuple(
        Period(start_s=entry.start_s, limit=entry.most_w, phases=count)
        for entry, count in zip(plan, phases, strict=True)
    )


def as_chosen(chosen: Offered, plan: tuple[Period, ...]) -> Chosen:
    """Return what the EVSE is told of it."""
    return Chosen(
        evse_id=ANY_EVSE,
        start=chosen.start,
        offer_id=chosen.offer_id,
        schedule=Schedule(
            id=chosen.id, unit="W", periods=plan, start=chosen.start, duration_s=chosen.duration_s
        ),
    )
