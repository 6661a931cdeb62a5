from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.smartcharging.external import (
    SOURCES,
    OutsideLimit,
    changes_significantly,
    is_significant,
    profile_id,
    profile_of,
    says_the_same,
)
from agent.smartcharging.profiles import Period
from tests.unit.agent.smartcharging.charging import NOON, evse, minutes


def limit(*steps: tuple[int, float], **members: Any) -> OutsideLimit:
    periods = tuple(Period(start_s=start_s, limit=Decimal(str(most))) for start_s, most in steps)
    defaults: dict[str, Any] = {"source": "EMS", "evse_id": 0, "unit": "A", "periods": periods}
    return OutsideLimit(**(defaults | members))


def test_every_source_and_place_has_a_profile_of_its_own() -> None:
    ids = {profile_id(source, evse_id) for source in SOURCES for evse_id in range(5)}
    assert len(ids) == 15
    assert max(ids) < 0


def test_it_lasts_as_long_as_it_was_said() -> None:
    assert profile_of(limit((0, 10)), NOON).valid_to is None
    assert profile_of(limit((0, 10), lasts_s=60), NOON).valid_to == NOON + minutes(1)


@pytest.mark.parametrize(
    ("again", "is_same"),
    [
        (limit((0, 10)), True),
        (limit((0, 10), lasts_s=90), True),
        (limit((0, 9)), False),
        (limit((0, 10), unit="W"), False),
        (limit((0, 10), (60, 8)), False),
    ],
)
def test_what_only_repeats_is_known(again: OutsideLimit, is_same: bool) -> None:
    first = profile_of(limit((0, 10)), NOON)
    later = NOON + timedelta(seconds=30)
    assert says_the_same(first, profile_of(again, later), later) is is_same


def test_a_schedule_that_has_run_out_repeats_its_last_limit() -> None:
    later = NOON + minutes(10)
    first = profile_of(limit((0, 10), (60, 8)), NOON)
    assert says_the_same(first, profile_of(limit((0, 8)), later), later)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (10, 10, False),
        (100, 101, True),
        (100, "100.9", False),
        (100, 99, True),
        (0, "0.1", True),
        (6, 0, True),
    ],
)
def test_less_than_a_percent_is_not_told(before: int, after: int | str, expected: bool) -> None:
    """K11.FR.02: LimitChangeSignificance."""
    assert is_significant(Decimal(before), Decimal(after), Decimal(1)) is expected


def test_a_change_ahead_counts_as_well() -> None:
    before = profile_of(limit((0, 20)), NOON)
    later = profile_of(limit((0, 20), (3600, 10)), NOON)
    percent = Decimal(10)
    assert changes_significantly(before, later, evse(), NOON, percent)
    assert not changes_significantly(before, replace(before), evse(), NOON, percent)
    assert not changes_significantly(before, profile_of(limit((0, 19)), NOON), evse(), NOON, percent)
    assert changes_significantly(None, before, evse(), NOON, percent)
