from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.emulated.faults.injection import Schedule, Span, Where


@pytest.mark.parametrize(
    ("when", "occurrences"),
    [
        (Schedule(), [0, 0, 0, 0, 0, 0]),
        (Schedule(at_s=2), [None, None, 0, 0, 0, 0]),
        (Schedule(at_s=1, for_s=2), [None, 0, 0, None, None, None]),
        (Schedule(every_s=2), [0, 0, 1, 1, 2, 2]),
        (Schedule(at_s=1, every_s=3, for_s=1), [None, 0, None, None, 1, None]),
    ],
)
def test_which_occurrence_is_under_way(when: Schedule, occurrences: list[int | None]) -> None:
    assert [when.occurrence(since_s) for since_s in range(6)] == occurrences


@pytest.mark.parametrize(
    "make",
    [
        lambda: Schedule(at_s=-1),
        lambda: Schedule(at_s=float("nan")),
        lambda: Schedule(every_s=0),
        lambda: Schedule(for_s=-1),
        lambda: Schedule(times=0),
        lambda: Schedule(probability=0),
        lambda: Schedule(probability=1.1),
    ],
)
def test_impossible_schedules_are_refused(make: Callable[[], Schedule]) -> None:
    with pytest.raises(ValueError, match=r"is not|must be above"):
        make()


READ = Span(4, "input", 72, 74)


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        (Where(), True),
        (Where(functions=frozenset({4})), True),
        (Where(functions=frozenset({3})), False),
        (Where(addresses=range(73, 80)), True),
        (Where(addresses=range(74, 80)), False),
        (Where(points=frozenset({"energy"})), True),
        (Where(points=frozenset({"power"})), False),
        (Where(functions=frozenset({4}), points=frozenset({"power"})), False),
    ],
)
def test_which_requests_are_meant(where: Where, matches: bool) -> None:
    assert where.matches(READ, frozenset({"energy"})) is matches


def test_a_request_without_registers_is_meant_only_by_faults_for_all() -> None:
    assert Where().matches(None, frozenset())
    assert not Where(functions=frozenset({4})).matches(None, frozenset())
    assert not Where(addresses=range(10)).matches(None, frozenset())


def test_which_devices_are_meant() -> None:
    assert Where().concerns("meter")
    assert Where(devices=frozenset({"meter"})).concerns("meter")
    assert not Where(devices=frozenset({"other"})).concerns("meter")
