from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.pilot import current_for_duty, duty_for_current


@pytest.mark.parametrize(
    ("duty_bp", "current_ma"),
    [
        (0, 0),
        (299, 0),
        (500, 0),
        (799, 0),
        (800, 6_000),
        (999, 6_000),
        (1_000, 6_000),
        (1_600, 9_600),
        (5_000, 30_000),
        (8_500, 51_000),
        (8_501, 52_525),
        (9_000, 65_000),
        (9_600, 80_000),
        (9_601, 80_000),
        (9_700, 80_000),
        (9_701, 0),
        (10_000, 0),
    ],
)
def test_what_a_vehicle_may_draw_at_the_edges_of_the_standards_table(duty_bp: int, current_ma: int) -> None:
    assert current_for_duty(duty_bp) == current_ma


@pytest.mark.parametrize(
    ("current_ma", "duty_bp"),
    [
        (6_000, 1_000),
        (16_000, 2_666),
        (32_000, 5_333),
        (51_000, 8_500),
        (52_000, 8_500),
        (52_525, 8_501),
        (80_000, 9_600),
    ],
)
def test_the_duty_cycle_that_offers_a_current(current_ma: int, duty_bp: int) -> None:
    assert duty_for_current(current_ma) == duty_bp


@given(st.integers(6_000, 80_000))
def test_never_more_is_offered_than_allowed_and_hardly_less(current_ma: int) -> None:
    offered_ma = current_for_duty(duty_for_current(current_ma))
    gap_ma = 1_525 if 51_000 < current_ma < 52_525 else 25
    assert current_ma - gap_ma < offered_ma <= current_ma


@given(st.integers(1_000, 9_600))
def test_duty_to_current_and_back_is_the_same_duty(duty_bp: int) -> None:
    assert duty_for_current(current_for_duty(duty_bp)) == duty_bp


@pytest.mark.parametrize("current_ma", [0, 5_999, 80_001])
def test_currents_that_the_pilot_cannot_code_are_refused(current_ma: int) -> None:
    with pytest.raises(ValueError, match=f"{current_ma} mA cannot be offered"):
        duty_for_current(current_ma)
