from __future__ import annotations

import pytest

from drivers.modbus.patience import SHORTEST_S, TIMES_USUAL, Patience

MOST_S = 1.0


def learnt(*latencies_s: float) -> Patience:
    patience = Patience()
    for latency_s in latencies_s:
        patience.answered(latency_s)
    return patience


def test_a_unit_that_never_answered_gets_all_the_time_there_is() -> None:
    patience = Patience()
    assert patience.wait_s(MOST_S) == MOST_S
    patience.missed()
    assert patience.wait_s(MOST_S) == MOST_S


def test_four_times_the_usual_latency_is_waited_for() -> None:
    assert learnt(0.05, 0.05).wait_s(MOST_S) == pytest.approx(TIMES_USUAL * 0.05)


@pytest.mark.parametrize(("latency_s", "wait_s"), [(0.001, SHORTEST_S), (0.9, MOST_S)])
def test_patience_has_bounds(latency_s: float, wait_s: float) -> None:
    assert learnt(latency_s).wait_s(MOST_S) == wait_s


def test_one_slow_answer_is_learnt_at_once_and_forgotten_by_and_by() -> None:
    patience = learnt(0.03, 0.2)
    assert patience.wait_s(MOST_S) == pytest.approx(0.8)
    waits = []
    for _ in range(60):
        patience.answered(0.03)
        waits.append(patience.wait_s(MOST_S))
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(0.12, rel=0.01)


def test_each_missed_answer_doubles_the_patience_up_to_all_there_is() -> None:
    patience = learnt(0.025)
    waits = []
    for _ in range(6):
        waits.append(patience.wait_s(MOST_S))
        patience.missed()
    assert waits == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.0, 1.0])
    patience.answered(0.025)
    assert patience.wait_s(MOST_S) == pytest.approx(0.1)
