"""Random delays within a schedule, so that not a whole town changes in one second (randomizedDelay)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from agent.smartcharging.profiles import Period, Schedule


def delayed(schedule: Schedule, seed: str) -> Schedule:
    """Return the schedule with each period but the first beginning up to `delay_s` later.

    The same seed gives the same delays, so that they hold over a restart. A period that would begin only when
    a later one, or the end, is there already is left out (errata 2025-09).
    """
    draw = Random(seed)  # noqa: S311 - it spreads load, it keeps no secret
    most_s = schedule.delay_s or 0
    first, *rest = schedule.periods
    moved = [replace(period, start_s=period.start_s + draw.randint(0, most_s)) for period in rest]
    kept: list[Period] = []
    next_s = schedule.duration_s
    for period in reversed(moved):
        if next_s is None or period.start_s < next_s:
            kept.append(period)
            next_s = period.start_s
    return replace(schedule, periods=(first, *reversed(kept)))
