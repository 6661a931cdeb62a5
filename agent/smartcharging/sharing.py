"""Shares what the whole station may draw among its EVSEs, phase by phase (K04: internal load balancing)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

LOWEST_A: Final = Decimal(6)
"""The least that a control pilot can offer (IEC 61851-1 Annex A)."""
WHOLE_AMPERE: Final = Decimal(1)
FAR_A: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one EVSE could use: at most `most_a` on each of its `phases` (numbers of the supply's phases).

    `needs_a` is what its vehicle was seen to draw, with a margin; None if that is not known. What it does not
    need goes to others first. `rank`: who is served first if not all can have the least; lower is earlier.
    `least_a`: below it the vehicle would not charge, or not well (minChargingRate): it then gets nothing.
    """

    evse_id: int
    most_a: Decimal
    phases: frozenset[int]
    rank: int
    needs_a: Decimal | None = None
    least_a: Decimal = LOWEST_A


def share(claims: Sequence[Claim], available_a: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return the current (whole A per phase, 0 for none) of each EVSE by id.

    No phase is loaded beyond what is available on it, nobody gets more than it can use, and nobody gets
    between 0 and its least. Everybody served gets as much as everybody else, unless it cannot use it.
    """
    served = _served(claims, available_a)
    grants = {claim.evse_id: claim.least_a for claim in served}
    _fill(served, grants, available_a, {claim.evse_id: _needed(claim) for claim in served})
    _fill(served, grants, available_a, {claim.evse_id: claim.most_a for claim in served})
    whole = {evse_id: grant.quantize(WHOLE_AMPERE, ROUND_FLOOR) for evse_id, grant in grants.items()}
    return {claim.evse_id: whole.get(claim.evse_id, Decimal(0)) for claim in claims}


def _needed(claim: Claim) -> Decimal:
    return claim.most_a if claim.needs_a is None else max(claim.least_a, min(claim.needs_a, claim.most_a))


def _served(claims: Sequence[Claim], available_a: Mapping[int, Decimal]) -> list[Claim]:
    """Return those that can have the least they need, first come first served."""
    left_a = dict(available_a)
    served = []
    for claim in sorted(claims, key=lambda one: (one.rank, one.evse_id)):
        fits = all(left_a.get(phase, Decimal(0)) >= claim.least_a for phase in claim.phases)
        if claim.most_a >= claim.least_a and fits:
            served.append(claim)
            for phase in claim.phases:
                left_a[phase] -= claim.least_a
    return served


def _fill(
    claims: Sequence[Claim],
    grants: dict[int, Decimal],
    available_a: Mapping[int, Decimal],
    most_a: Mapping[int, Decimal],
) -> None:
    """Raise the lowest grants together until each has its most or a phase of it is full."""
    rising = [claim for claim in claims if grants[claim.evse_id] < most_a[claim.evse_id]]
    while rising:
        lowest_a = min(grants[claim.evse_id] for claim in rising)
        level = [claim for claim in rising if grants[claim.evse_id] == lowest_a]
        above = [grants[claim.evse_id] for claim in rising if claim not in level]
        room_a = {phase: _room(claims, grants, level, available_a, phase) for phase in _phases(level)}
        ceiling_a = min(*above, *(most_a[claim.evse_id] for claim in level), FAR_A)
        step_a = min(ceiling_a - lowest_a, *room_a.values())
        for claim in level:
            grants[claim.evse_id] += step_a
        full = {phase for phase, room in room_a.items() if room <= step_a}
        rising = [
            claim
            for claim in rising
            if grants[claim.evse_id] < most_a[claim.evse_id] and not (claim in level and claim.phases & full)
        ]


def _phases(claims: Sequence[Claim]) -> frozenset[int]:
    return frozenset().union(*(claim.phases for claim in claims))


def _room(
    claims: Sequence[Claim],
    grants: Mapping[int, Decimal],
    level: Sequence[Claim],
    available_a: Mapping[int, Decimal],
    phase: int,
) -> Decimal:
    """Return by how much all of `level` on a phase may still be raised together."""
    used_a = sum((grants[claim.evse_id] for claim in claims if phase in claim.phases), Decimal(0))
    sharers = sum(phase in claim.phases for claim in level)
    return max(Decimal(0), (available_a[phase] - used_a) / sharers)
