from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.smartcharging.composite import composite
from agent.smartcharging.delays import delayed
from tests.unit.agent.smartcharging.charging import NOON, evse, profile, schedule

STEPS = schedule((0, 16), (300, 12), (600, 8), (900, 6), delay_s=1000)


@given(st.text(max_size=5), st.integers(0, 2000), st.one_of(st.none(), st.integers(1, 2000)))
def test_periods_begin_later_in_order_or_not_at_all(seed: str, most_s: int, duration_s: int | None) -> None:
    """K01.FR.93: the first at once, each other up to the delay later, none after the end."""
    moved = delayed(replace(STEPS, delay_s=most_s, duration_s=duration_s), seed)
    before = {period.limit: period.start_s for period in STEPS.periods}
    assert moved.periods[0] == STEPS.periods[0]
    assert all(one.start_s < other.start_s for one, other in pairwise(moved.periods))
    for period in moved.periods:
        assert 0 <= period.start_s - before[period.limit] <= most_s
        assert duration_s is None or period.start_s == 0 or period.start_s < duration_s


def test_a_period_overtaken_by_a_later_one_is_left_out() -> None:
    """Errata 2025-09, with delays long enough that it happens."""
    lengths = {len(delayed(STEPS, str(number)).periods) for number in range(50)}
    assert min(lengths) < len(STEPS.periods)


def test_the_delays_of_a_seed_stay_and_those_of_another_differ() -> None:
    """A restart in mid session changes nothing; another transaction has delays of its own."""
    assert delayed(STEPS, "T-1") == delayed(STEPS, "T-1")
    assert len({delayed(STEPS, str(number)) for number in range(20)}) > 10


def test_only_a_transaction_is_delayed() -> None:
    """What is shown while no transaction runs has no delays."""
    one = profile((0, 16), (300, 12), delay_s=200)
    assert [period.start_s for period in composite([one], evse(transaction_id=None), NOON, 900, "A")] == [
        0,
        300,
    ]
    starts = {
        composite([one], evse(transaction_id=f"T-{number}"), NOON, 900, "A")[1].start_s for number in range(9)
    }
    assert len(starts) > 1
    assert all(300 <= start <= 500 for start in starts)
