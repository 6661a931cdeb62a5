from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.metering.count import (
    CONFIRMING_POLLS,
    CONFIRMING_S,
    Count,
    CountState,
    CountVerdict,
    first,
    follow,
)
from agent.metering.problems import Break, Problem
from drivers.readings import RegisterFacts

MOST_W = Decimal(30_000)
STEP = RegisterFacts(step_mwh=1_000)
KWH = 1_000_000
HIGH = 12_345 * KWH


def start(mwh: int = HIGH) -> CountState:
    return first(Count(mwh=mwh, at_s=0.0))


def judged(state: CountState, mwh: int, at_s: float, facts: RegisterFacts = STEP) -> CountVerdict:
    return follow(state, Count(mwh=mwh, at_s=at_s), facts, MOST_W)


def held(state: CountState, counts: list[int], begin_s: float = 1.0, every_s: float = 2.5) -> CountVerdict:
    """Return the verdict on the last of these counts."""
    for number, mwh in enumerate(counts):
        verdict = judged(state, mwh, begin_s + number * every_s)
        state = verdict.state
    return verdict


@pytest.mark.parametrize(("mwh", "seconds"), [(0, 1), (3_000, 1), (500_000, 60), (29 * KWH, 3600)])
def test_what_the_fuse_lets_through_is_believed(mwh: int, seconds: float) -> None:
    verdict = judged(start(), HIGH + mwh, seconds)
    assert verdict.problem is None
    assert verdict.state.believed.mwh == HIGH + mwh


@pytest.mark.parametrize("wrong", [HIGH + 100_000, HIGH + 2**32, 0, HIGH - KWH])
def test_one_wrong_count_is_left_out_and_the_next_right_one_is_believed(wrong: int) -> None:
    doubted = judged(start(), wrong, 1)
    assert doubted.problem is (Problem.COUNT_JUMPED if wrong > HIGH else Problem.COUNT_FELL)
    assert doubted.broken is None
    assert doubted.state.believed.mwh == HIGH
    believed = judged(doubted.state, HIGH + 6_000, 2)
    assert (believed.problem, believed.state.doubt) == (None, None)


def test_a_register_of_coarse_steps_moves_at_once_by_what_has_gathered() -> None:
    verdict = judged(start(), HIGH + KWH, 300, RegisterFacts(step_mwh=KWH))
    assert verdict.problem is None


def test_a_register_of_which_nothing_is_known_may_step_by_a_tenth_of_a_kilowatt_hour() -> None:
    assert judged(start(), HIGH + 100_000, 1, RegisterFacts()).problem is None
    assert judged(start(), HIGH + 300_000, 1, RegisterFacts()).problem is Problem.COUNT_JUMPED


def test_a_register_that_moves_only_now_and_then_catches_up_once_two_polls_agree() -> None:
    """Its meter counts in 100 Wh behind a float, at 10 kW every 36 s."""
    state = start()
    for second in range(1, 40):
        state = judged(state, HIGH, second).state
    doubted = judged(state, HIGH + 100_000, 40)
    assert doubted.problem is Problem.COUNT_JUMPED
    assert judged(doubted.state, HIGH + 100_000, 41).problem is None


def test_last_digits_that_waver_are_left_out_for_as_long_as_they_do() -> None:
    verdict = held(start(), [HIGH - 12_000] * 20)
    assert (verdict.problem, verdict.broken) == (Problem.COUNT_FELL, None)
    assert verdict.state.believed.mwh == HIGH


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ([0, 0, 5_000, 10_000, 15_000], Break.RESET),
        ([7 * KWH] * 5, Break.RESET),
        ([20_000 * KWH] * 5, Break.JUMP),
    ],
)
def test_counts_that_agree_with_each_other_for_long_are_another_register(
    counts: list[int], kind: Break
) -> None:
    verdict = held(start(), counts)
    assert verdict.broken is kind
    assert verdict.state.believed.mwh == HIGH, "the last count before is kept for whoever needs it"


def test_neither_a_few_polls_nor_a_short_time_are_enough() -> None:
    assert held(start(), [0] * (CONFIRMING_POLLS - 1), every_s=60).broken is None
    assert held(start(), [0] * 50, every_s=CONFIRMING_S / 51).broken is None


def test_counts_that_contradict_each_other_are_no_register() -> None:
    verdict = held(start(), [0, 9_000 * KWH, 5 * KWH, 1 * KWH, 2_000 * KWH] * 4)
    assert verdict.broken is None


def test_a_right_count_in_between_ends_the_doubt() -> None:
    verdict = held(start(), [0, 0, 0, 0, HIGH, 0, 0, 0, 0])
    assert verdict.broken is None


@pytest.mark.parametrize(
    ("last_mwh", "facts"),
    [
        (999_999 * KWH + 999_000, STEP),
        (99_999 * KWH + 995_000, STEP),
        (2**32 * 100 - 300, RegisterFacts(step_mwh=100, wraps_at_mwh=2**32 * 100)),
    ],
)
def test_a_count_that_began_again_after_its_highest(last_mwh: int, facts: RegisterFacts) -> None:
    state = start(last_mwh)
    for number in range(CONFIRMING_POLLS):
        verdict = judged(state, 2_000 + 5_000 * number, 1 + 2.5 * number, facts)
        state = verdict.state
    assert verdict.broken is Break.ROLLOVER


@given(steps=st.lists(st.tuples(st.integers(0, 8_300), st.integers(0, 2**40)), min_size=1, max_size=60))
def test_a_true_count_is_believed_whatever_comes_between(steps: list[tuple[int, int]]) -> None:
    """Up to 30 kW, and every other poll is anything at all; what is believed never falls."""
    state, truth_mwh = start(), HIGH
    for second, (step_mwh, wrong_mwh) in enumerate(steps):
        truth_mwh += step_mwh
        between = judged(state, wrong_mwh, second + 0.5)
        assert between.state.believed.mwh >= state.believed.mwh
        verdict = judged(between.state, truth_mwh, second + 1)
        assert verdict.state.believed.mwh >= between.state.believed.mwh
        assert verdict.problem is None or between.state.believed.mwh > truth_mwh
        assert verdict.state.believed.mwh <= truth_mwh + 2 * 1_000 + 10_000 + 30_000 * 1_000 // 3_600
        assert verdict.broken is None
        state = verdict.state
