from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.monitoring.records import Diagnosis, Kind
from agent.monitoring.watch import Memory, Seen, begun, look
from tests.unit.agent.monitoring.watching import Watcher, at, monitor

NOTHING = Seen(value="", is_numeric=True)


def number(value: float | str, transaction_id: str | None = None) -> Seen:
    return Seen(value=str(value), is_numeric=True, transaction_id=transaction_id)


# thresholds


def test_beyond_a_threshold_not_on_it_and_back_within() -> None:
    """N07.FR.02, N07.FR.16, N07.FR.17."""
    upper = Watcher(monitor("UpperThreshold", 100), NOTHING)
    assert upper.sees("99", "100", "100.1", "200", "100", "50") == ["", "", "Alerting", "", "cleared", ""]
    lower = Watcher(monitor("LowerThreshold", 10), NOTHING)
    assert lower.sees("11", "10", "9.9", "0", "10", "11") == ["", "", "Alerting", "", "cleared", ""]


def test_a_value_that_is_not_known_changes_nothing() -> None:
    watcher = Watcher(monitor("UpperThreshold", 100), NOTHING)
    assert watcher.sees("101", "", "NaN", "abc", "101", "99") == ["Alerting", "", "", "", "", "cleared"]


def test_the_end_of_an_excess_names_the_transaction_in_which_it_began() -> None:
    watcher = Watcher(monitor("UpperThreshold", 100), NOTHING)
    watcher.sees(number(101, "t"), number(50))
    assert [found.transaction_id for found in watcher.found if found] == ["t", "t"]


@pytest.mark.parametrize(("value", "word"), [(120, ""), (200, "cleared")])
def test_a_new_threshold_is_judged_by_what_the_old_one_knew(value: int, word: str) -> None:
    """N07.FR.11."""
    old = Watcher(monitor("UpperThreshold", 100), NOTHING)
    old.sees("150")
    new = Watcher(monitor("UpperThreshold", value), NOTHING)
    new.memory = begun(new.monitor, number(150), at(0), old.memory)
    assert new.sees("150") == [word]


@given(
    st.sampled_from(["UpperThreshold", "LowerThreshold"]),
    st.integers(-5, 5),
    st.lists(st.integers(-7, 7), max_size=30),
)
def test_alerts_and_ends_alternate_and_agree_with_the_values(
    kind: Kind, threshold: int, values: list[int]
) -> None:
    watcher = Watcher(monitor(kind, threshold), NOTHING)
    words = watcher.sees(*map(str, values))
    told = [word for word in words if word]
    assert told == [("Alerting", "cleared")[number % 2] for number in range(len(told))]
    is_beyond = False
    for value, word in zip(values, words, strict=True):
        is_now = value > threshold if kind == "UpperThreshold" else value < threshold
        assert (word != "") == (is_now != is_beyond)
        is_beyond = is_now


# differences


def test_a_number_must_change_by_more_than_the_difference() -> None:
    """N07.FR.18: since it was set, or last told."""
    watcher = Watcher(monitor("Delta", 10), number(100))
    assert watcher.sees("110", "90", "110.5", "101", "100.4", "") == ["", "", "Delta", "", "Delta", ""]
    assert watcher.sees("101") == [""]


def test_anything_else_must_change_only() -> None:
    """N07.FR.19: whatever the value of the monitor."""
    watcher = Watcher(monitor("Delta", 1000), Seen(value="Available"))
    words = watcher.sees(*(Seen(value=word) for word in ("Available", "Occupied", "Occupied", "Available")))
    assert words == ["", "Delta", "", "Delta"]


def test_a_number_that_was_not_known_is_compared_from_when_it_is() -> None:
    watcher = Watcher(monitor("Delta", 10), NOTHING)
    assert watcher.sees("5", "15", "16") == ["", "", "Delta"]


def test_a_hard_wired_monitor_tells_one_fault_after_another() -> None:
    silent, hot = Diagnosis(code="A", info="silent"), Diagnosis(code="B", info="hot")
    faults = [Seen(value="true", diagnosis=silent), Seen(value="true", diagnosis=hot), Seen(value="false")]
    hard = Watcher(monitor("Delta", origin="HardWired"), Seen(value="false"))
    assert hard.sees(*faults) == ["Delta", "Delta", "Delta"]
    custom = Watcher(monitor("Delta"), Seen(value="false"))
    assert custom.sees(*faults) == ["Delta", "", "Delta"]


@given(st.integers(0, 5), st.lists(st.integers(-9, 9), min_size=1, max_size=30))
def test_what_is_not_told_is_never_further_from_what_was_than_the_difference(
    difference: int, values: list[int]
) -> None:
    watcher = Watcher(monitor("Delta", difference), number(values[0]))
    told = values[0]
    for value in values:
        if watcher.sees(str(value)) == ["Delta"]:
            assert abs(value - told) > difference
            told = value
        assert abs(value - told) <= difference


# periods


def test_a_period_counts_from_when_it_was_set_and_catches_up_nothing() -> None:
    """N08.FR.05, N08.FR.06."""
    watcher = Watcher(monitor("Periodic", 10), NOTHING, seconds=3)
    words = {second: watcher.sees("5", seconds=second) for second in (12, 13, 14, 23, 58, 62, 63)}
    assert [second for second, word in words.items() if word == ["Periodic"]] == [13, 23, 58, 63]


def test_a_clock_aligned_period_counts_from_midnight() -> None:
    """N08.FR.05, N08.FR.07: 900 s are quarters of an hour."""
    watcher = Watcher(monitor("PeriodicClockAligned", 900), NOTHING, seconds=1000)
    words = {second: watcher.sees("5", seconds=second) for second in (1799, 1800, 1801, 2700, 5000)}
    assert [second for second, word in words.items() if word == ["Periodic"]] == [1800, 2700, 5000]


def test_a_clock_that_is_set_back_tells_nothing_at_once() -> None:
    watcher = Watcher(monitor("PeriodicClockAligned", 900), NOTHING, seconds=1000)
    words = [watcher.sees("5", seconds=second) for second in (1800, 900, 1799, 1800)]
    assert words == [["Periodic"], [""], [""], ["Periodic"]]


@given(st.integers(1, 100), st.lists(st.floats(0, 50, allow_nan=False), max_size=30))
def test_periodic_events_are_never_more_than_the_periods_that_have_passed(
    period: int, steps: list[float]
) -> None:
    watcher = Watcher(monitor("Periodic", period), NOTHING)
    now, told = 0.0, 0
    for step in steps:
        now += step
        told += watcher.sees("5", seconds=now) == ["Periodic"]
        assert told <= math.floor(now / period)
        assert watcher.memory.due_s is not None
        assert now < watcher.memory.due_s <= now + period


# transactions


@pytest.mark.parametrize("kind", ["UpperThreshold", "Delta", "Periodic", "PeriodicClockAligned"])
def test_a_monitor_for_transactions_looks_during_one_only(kind: Kind) -> None:
    watcher = Watcher(monitor(kind, 10, needs_transaction=True), number(0))
    assert watcher.sees(number(50), seconds=100) == [""]
    assert watcher.sees(number(50, "t"), seconds=200) != [""]


def test_an_excess_ends_after_the_transaction_too() -> None:
    watcher = Watcher(monitor("UpperThreshold", 10, needs_transaction=True), NOTHING)
    assert watcher.sees(number(50, "t"), number(0)) == ["Alerting", "cleared"]


@pytest.mark.parametrize("kind", ["Delta", "Periodic", "PeriodicClockAligned"])
def test_a_monitor_that_remembers_nothing_begins_without_a_word(kind: Kind) -> None:
    after, found = look(monitor(kind, 10), Memory(), number(5), at(100))
    assert found is None
    assert after != Memory()
