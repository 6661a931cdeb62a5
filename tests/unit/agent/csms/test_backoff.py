from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.csms.backoff import BackOff


@pytest.mark.parametrize(("attempt", "wait_s"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 40), (99, 40)])
def test_the_wait_doubles_until_it_stays(attempt: int, wait_s: float) -> None:
    """OCPP 2.0.1 part 4, 5.3."""
    back_off = BackOff(minimum_s=5, random_range_s=0, repeat_times=3)
    assert back_off.wait_s(attempt, lambda: 1.0) == wait_s


@given(st.floats(0, 1), st.integers(1, 50))
def test_chance_adds_at_most_its_range(chance: float, attempt: int) -> None:
    back_off = BackOff(minimum_s=1, random_range_s=10, repeat_times=2)
    assert 0 <= back_off.wait_s(attempt, lambda: chance) - back_off.wait_s(attempt, lambda: 0.0) <= 10
