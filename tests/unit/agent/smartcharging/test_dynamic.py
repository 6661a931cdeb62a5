from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from agent.smartcharging.dynamic import Update, due, is_delegated, updated, with_limit
from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import Period, Profile
from tests.unit.agent.smartcharging.charging import NOON, minutes, profile, schedule

DYNAMIC = profile((0, 16), kind="Dynamic", updated_at=NOON, update_every_s=60)


def test_an_update_is_the_limit_from_its_moment_on() -> None:
    """K28.FR.06, K28.FR.09; nothing else of the profile changes."""
    after = updated(DYNAMIC, Update(limit=Decimal(9)), NOON + minutes(1))
    assert isinstance(after, Profile)
    assert after.schedule.periods[0].limit == 9
    assert after.updated_at == NOON + minutes(1)
    assert with_limit(after, Decimal(16), NOON) == DYNAMIC


def test_an_update_of_nothing_is_a_sign_of_life() -> None:
    assert updated(DYNAMIC, Update(), NOON + minutes(1)) == replace(DYNAMIC, updated_at=NOON + minutes(1))


@pytest.mark.parametrize(
    ("of", "update", "reason"),
    [
        (None, Update(limit=Decimal(9)), "InvalidProfile"),
        (profile((0, 16)), Update(limit=Decimal(9)), "InvalidProfile"),
        (DYNAMIC, Update(limit=Decimal(-1)), "InvalidValue"),
        (DYNAMIC, Update(limit=Decimal("NaN")), "InvalidValue"),
        (DYNAMIC, Update(limit=Decimal(9), foreign=("setpoint",)), "InvalidSchedule"),
        (DYNAMIC, Update(limit=Decimal(9), foreign=("limit_L2",)), "PhaseConflict"),
    ],
)
def test_what_is_no_update(of: Profile | None, update: Update, reason: str) -> None:
    """K28.FR.11, and what this station cannot do."""
    problem = updated(of, update, NOON)
    assert isinstance(problem, Problem)
    assert problem.reason == reason


def test_it_is_asked_for_an_interval_after_the_last_update_or_question() -> None:
    """K28.FR.10."""

    def is_due(second: int, at: dict[int, int] | None = None) -> bool:
        known = {number: NOON + timedelta(seconds=s) for number, s in (at or {}).items()}
        return bool(due([DYNAMIC], known, NOON + timedelta(seconds=second)))

    assert [is_due(second) for second in (0, 59, 60, 600)] == [False, False, True, True]
    assert [is_due(second, {1: 60}) for second in (61, 119, 120)] == [False, False, True]
    assert is_due(60, {1: 600})  # asked by a clock that was wrong
    for never in (
        replace(DYNAMIC, update_every_s=0),
        replace(DYNAMIC, update_every_s=None),
        profile((0, 16)),
    ):
        assert due([never], {}, NOON + minutes(999)) == []


def test_only_a_dynamic_profile_is_left_to_others() -> None:
    left = (Period(start_s=0, limit=None, mode="ExternalLimits"),)
    steps = replace(schedule((0, 16)), periods=left)
    assert is_delegated(replace(DYNAMIC, schedules=(steps,)))
    assert not is_delegated(DYNAMIC)
    assert not is_delegated(profile(schedules=(steps,)))
