from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from agent.system.clock import ImplausibleTime, StationClock


def test_the_wall_time_is_utc_in_whole_milliseconds() -> None:
    now = StationClock().now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_reference_far_away_is_followed_and_the_monotonic_clock_is_not_touched() -> None:
    """B01.FR.06, G02.FR.06."""
    clock = StationClock()
    before_s = clock.instant().monotonic_s
    step = clock.follow(datetime.now(UTC) + timedelta(days=400))
    assert step is not None
    assert abs(step - timedelta(days=400)) < timedelta(seconds=5)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=400)) < timedelta(seconds=5)
    assert before_s <= clock.instant().monotonic_s <= time.monotonic()


def test_it_can_be_stepped_back_too() -> None:
    clock = StationClock()
    clock.follow(datetime.now(UTC) + timedelta(hours=1))
    assert clock.follow(datetime.now(UTC)) is not None
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_messages_travel_time_is_no_difference() -> None:
    clock = StationClock()
    assert clock.follow(datetime.now(UTC) + timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "reference",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
)
def test_a_time_that_can_only_be_wrong_is_not_followed(reference: datetime) -> None:
    """B01.FR.06: a backend without a clock must not take the station's away."""
    clock = StationClock()
    with pytest.raises(ImplausibleTime):
        clock.follow(reference)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_run_without_time_has_one_line_however_often_it_is_asked() -> None:
    """Events of one run that were on two lines would be put in another order once the time is known."""
    monotonic_s = iter(number * 0.000_37 for number in range(10_000))
    clock = StationClock(lambda: datetime(1970, 1, 1, 0, 1, tzinfo=UTC), lambda: next(monotonic_s))
    assert len({clock.line for _ in range(1000)}) == 1
    clock.step_by(timedelta(seconds=5))
    assert len({clock.line for _ in range(1000)}) == 1
