from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.smartcharging.profiles import Period, Profile, Schedule, SocLimit
from agent.smartcharging.timeline import Reference, said_by
from tests.unit.agent.smartcharging.charging import NOON, minutes, profile, schedule

UNTIED = Reference()
BERLIN = ZoneInfo("Europe/Berlin")


def amperes(of: Profile, at: datetime, reference: Reference = UNTIED) -> Decimal | None:
    cap = said_by(of, at, reference).cap
    return None if cap is None else cap.current_a


def test_an_absolute_schedule_has_its_periods_from_its_start_on() -> None:
    steps = profile((0, 16), (600, 10), (1200, 6))
    assert [amperes(steps, NOON + minutes(m)) for m in (-1, 0, 9.9, 10, 20, 9999)] == [None, 16, 16, 10, 6, 6]


def test_after_its_duration_a_schedule_says_nothing() -> None:
    short = profile((0, 16), duration_s=600)
    assert [amperes(short, NOON + minutes(m)) for m in (9.9, 10)] == [16, None]


def test_it_is_valid_from_and_to_and_not_at_the_end() -> None:
    """K01.FR.36, K01.FR.37."""
    window = profile((0, 16), start=NOON - minutes(60), valid_from=NOON, valid_to=NOON + minutes(5))
    assert [amperes(window, NOON + minutes(m)) for m in (-0.1, 0, 4.9, 5)] == [None, 16, 16, None]


def test_a_relative_schedule_begins_with_the_charging() -> None:
    relative = profile((0, 16), (600, 10), kind="Relative")
    since = Reference(charging_since=NOON)
    assert [amperes(relative, NOON + minutes(m), since) for m in (0, 10)] == [16, 10]
    assert amperes(relative, NOON + minutes(500)) == 16  # as if it began at the moment asked about


def test_a_daily_schedule_begins_again_every_day() -> None:
    nightly = profile((0, 8), (6 * 3600, 16), kind="Recurring", recurrency="Daily", duration_s=20 * 3600)
    for day in (0, 1, 400):
        began = NOON + timedelta(days=day)
        moments = [began + timedelta(hours=hours) for hours in (0, 6, 19.99, 20)]
        assert [amperes(nightly, at) for at in moments] == [8, 16, 16, None]
    assert amperes(nightly, NOON - minutes(1)) is None


def test_a_weekly_schedule_begins_again_every_week() -> None:
    weekly = profile((0, 8), (86_400, 16), kind="Recurring", recurrency="Weekly")
    assert [amperes(weekly, NOON + timedelta(days=day)) for day in (0, 1, 6, 7, 8)] == [8, 16, 16, 8, 16]


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), 23),
        (datetime(2026, 10, 25, tzinfo=BERLIN), 25),
        (datetime(2026, 6, 1, tzinfo=BERLIN), 24),
    ],
)
def test_a_daily_schedule_keeps_its_time_of_day_when_the_clocks_change(change: datetime, hours: int) -> None:
    """Berlin goes to summer time on 29 March 2026 and back on 25 October."""
    six_in_the_evening = datetime(2026, 3, 10, 18, tzinfo=BERLIN)
    daily = profile(
        (0, 8), (3600, 16), kind="Recurring", recurrency="Daily", start=six_in_the_evening, in_local_time=True
    )
    eve = (change - timedelta(days=1)).replace(hour=18).astimezone(UTC)
    said = said_by(daily, eve + timedelta(hours=2), Reference(zone=BERLIN))
    assert said.until == eve + timedelta(hours=hours)
    assert amperes(daily, eve + timedelta(hours=hours), Reference(zone=BERLIN)) == 8
    assert amperes(daily, eve + timedelta(hours=hours) - minutes(1), Reference(zone=BERLIN)) == 16


def test_a_daily_schedule_at_an_hour_that_does_not_exist_still_begins_that_day() -> None:
    half_past_two = datetime(2026, 3, 10, 2, 30, tzinfo=BERLIN)
    daily = profile(
        (0, 8), (3600, 16), kind="Recurring", recurrency="Daily", start=half_past_two, in_local_time=True
    )
    reference = Reference(zone=BERLIN)
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN).astimezone(UTC)
    said = [amperes(daily, midnight + minutes(m), reference) for m in range(0, 24 * 60, 10)]
    assert said.count(Decimal(8)) == 6


starts = st.integers(-10_000_000, 10_000_000).map(lambda s: NOON + timedelta(seconds=s))
zones = st.sampled_from([UTC, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/New_York")])


@given(
    start=starts,
    at=starts,
    recurrency=st.sampled_from(["Daily", "Weekly"]),
    duration_s=st.one_of(st.none(), st.integers(1, 700_000)),
    zone=zones,
)
def test_what_it_says_holds_until_the_moment_it_names(
    start: datetime, at: datetime, recurrency: str, duration_s: int | None, zone: ZoneInfo
) -> None:
    steps = [(0, 8), (7200, 16), (90_000, 10)]
    one = profile(
        *steps,
        kind="Recurring",
        recurrency=recurrency,
        start=start,
        duration_s=duration_s,
        in_local_time=True,
    )
    reference = Reference(zone=zone)
    said = said_by(one, at, reference)
    assert said.until is not None
    assert said.until > at
    for share in (0.25, 0.5, 0.999):
        between = at + (said.until - at) * share
        assert said_by(one, between, reference) == said


def test_in_local_time_the_offset_of_the_start_counts_for_nothing() -> None:
    """useLocalTime: 12:00 by the station's wall clock, in winter and in summer alike."""
    for month, hour_utc in ((3, 11), (7, 10)):
        start = datetime(2026, month, 10, 12, tzinfo=UTC)
        at_noon = profile((0, 16), start=start, in_local_time=True)
        begins = datetime(2026, month, 10, hour_utc, tzinfo=UTC)
        reference = Reference(zone=BERLIN)
        assert [amperes(at_noon, begins + minutes(m), reference) for m in (-1, 0)] == [None, 16]
        assert amperes(profile((0, 16), start=start), begins, reference) is None  # the offset counts


def test_a_dynamic_profile_is_as_old_as_its_last_update() -> None:
    """K28.FR.13, K28.FR.14, K28.FR.15: it ends when no update comes in its duration, and returns with one."""
    dynamic = profile((0, 16), kind="Dynamic", duration_s=60, updated_at=NOON, start=None)
    assert [amperes(dynamic, NOON + timedelta(seconds=s)) for s in (0, 59, 60)] == [16, 16, None]
    updated = replace(dynamic, updated_at=NOON + minutes(5))
    assert [amperes(updated, NOON + minutes(m)) for m in (5, 5.9, 6)] == [16, 16, None]
    assert amperes(replace(dynamic, schedules=(schedule((0, 16)),)), NOON + minutes(9999)) == 16


def test_a_period_whose_limit_is_to_come_says_nothing() -> None:
    waiting = Schedule(id=1, unit="A", periods=(Period(start_s=0, limit=None, mode="ExternalLimits"),))
    assert amperes(profile(kind="Dynamic", updated_at=NOON, schedules=(waiting,)), NOON) is None


def test_without_the_backend_it_holds_as_long_as_it_says() -> None:
    """maxOfflineDuration; 0 is at once."""
    offline = Reference(offline_since=NOON)
    for most_s, still in ((600, [16, 16, None]), (0, [None, None, None]), (None, [16, 16, 16])):
        one = profile((0, 16), max_offline_s=most_s)
        assert [amperes(one, NOON + minutes(m), offline) for m in (0, 9.9, 10)] == still
        assert amperes(one, NOON + minutes(99)) == 16


def test_a_full_battery_gets_less() -> None:
    """limitAtSoC, from that charge on; as long as the charge is not known it does not count."""
    one = profile((0, 16), (600, 6))
    capped = replace(one, schedules=(replace(one.schedule, soc_limit=SocLimit(soc=80, limit=Decimal(10))),))
    assert [amperes(capped, NOON, Reference(soc=soc)) for soc in (None, 79, 80, 100)] == [16, 16, 10, 10]
    assert amperes(capped, NOON + minutes(10), Reference(soc=80)) == 6
