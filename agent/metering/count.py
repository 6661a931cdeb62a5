"""Whether a meter's count continues the one before: one energy register through time. Pure.

A count is believed if the power that can flow could have brought it about since the last one that was
believed. One that does not fit is held back. What fits again is believed again: it was one bad value. Counts
that keep fitting each other, but not the one before, mean that the register is another one now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from agent.metering.problems import Break, Problem
from drivers.readings import RegisterFacts

CONFIRMING_POLLS: Final = 5
CONFIRMING_S: Final = 10.0
"""So many counts over so much time must agree before the count before them is given up."""
_AGREEING_POLLS: Final = 2
_STEADY_S: Final = 60.0
"""A register that moves in coarse steps, or only now and then, may catch up on so much time at once."""
_GRAIN_MWH: Final = 10_000
"""Meters whose registers are floats count in steps of up to 10 Wh behind them."""
_UNKNOWN_STEP_MWH: Final = 100_000
"""Where the driver does not know, as coarse as meters usually are at the most."""
_W_S_PER_MWH: Final = Decimal("3.6")
_DISPLAY_DIGITS_MWH: Final = tuple(10 ** (digits + 6) for digits in range(4, 10))
"""Displays of four to nine digits of kWh begin again after their last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a register showed."""

    mwh: int
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Counts that continue each other, but not the believed one."""

    first_s: float
    polls: int
    last: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class CountState:
    """What is known of one register."""

    believed: Count
    moved_s: float
    """When the believed count last changed."""
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountVerdict:
    """What to think of one count: believed exactly if there is no problem."""

    state: CountState
    problem: Problem | None = None
    broken: Break | None = None
    """Given once the register is certainly another one; the state still holds the last count before."""


def first(count: Count) -> CountState:
    """Return the state that a register's first count makes."""
    return CountState(believed=count, moved_s=count.at_s)


def follow(state: CountState, now: Count, facts: RegisterFacts, most_w: Decimal) -> CountVerdict:
    """Judge the next count of a register through which at most `most_w` can flow."""
    tolerance_mwh = 2 * (facts.step_mwh or _UNKNOWN_STEP_MWH) + _GRAIN_MWH
    if _continues(state.believed, now, most_w, tolerance_mwh):
        moved_s = now.at_s if now.mwh != state.believed.mwh else state.moved_s
        return CountVerdict(state=CountState(believed=now, moved_s=moved_s))
    fallen_mwh = state.believed.mwh - now.mwh
    if 0 < fallen_mwh <= tolerance_mwh:  # the last digits waver, or the meter was a little ahead of itself
        return CountVerdict(state=replace(state, doubt=None), problem=Problem.COUNT_FELL)
    doubt = _doubt(state.doubt, now, most_w, tolerance_mwh)
    if fallen_mwh < 0 and doubt.polls >= _AGREEING_POLLS:
        since_s = min(now.at_s - state.moved_s, _STEADY_S)
        caught_up = replace(state.believed, at_s=state.believed.at_s - since_s)
        if _continues(caught_up, now, most_w, tolerance_mwh):
            return CountVerdict(state=first(now))
    is_certain = doubt.polls >= CONFIRMING_POLLS and now.at_s - doubt.first_s >= CONFIRMING_S
    return CountVerdict(
        state=replace(state, doubt=doubt),
        problem=Problem.COUNT_FELL if fallen_mwh > 0 else Problem.COUNT_JUMPED,
        broken=_kind(state.believed, now, facts, most_w, tolerance_mwh) if is_certain else None,
    )


def _continues(before: Count, now: Count, most_w: Decimal, tolerance_mwh: int) -> bool:
    return 0 <= now.mwh - before.mwh <= tolerance_mwh + _most_mwh(before, now, most_w)


def _most_mwh(before: Count, now: Count, most_w: Decimal) -> Decimal:
    return most_w * Decimal(max(0.0, now.at_s - before.at_s)) / _W_S_PER_MWH


def _doubt(doubt: Doubt | None, now: Count, most_w: Decimal, tolerance_mwh: int) -> Doubt:
    if doubt is None or not _continues(doubt.last, now, most_w, tolerance_mwh):
        return Doubt(first_s=now.at_s, polls=1, last=now)
    return Doubt(first_s=doubt.first_s, polls=doubt.polls + 1, last=now)


def _kind(before: Count, now: Count, facts: RegisterFacts, most_w: Decimal, tolerance_mwh: int) -> Break:
    if now.mwh > before.mwh:
        return Break.JUMP
    most_mwh = tolerance_mwh + _most_mwh(before, now, most_w)
    ends = (*_DISPLAY_DIGITS_MWH, *([] if facts.wraps_at_mwh is None else [facts.wraps_at_mwh]))
    wrapped = any(before.mwh <= end and end - before.mwh + now.mwh <= most_mwh for end in ends)
    return Break.ROLLOVER if wrapped else Break.RESET
