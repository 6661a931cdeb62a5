from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent.store.thinning import Waiting, Weight, dispensable, weight_of
from agent.transactions.records import Token
from tests.unit.agent.store.test_outbox import EVENT

SAMPLE = replace(EVENT, kind="Updated", trigger="MeterValuePeriodic")


def session(weights: str, transaction_id: str = "tx", begins_at: int = 0) -> list[Waiting]:
    """A transaction of 100-byte events: f for fixed, s for sample, u for update."""
    names: dict[str, Weight] = {"f": "fixed", "s": "sample", "u": "update"}
    return [
        Waiting(begins_at + number, transaction_id, number, 100, names[letter])
        for number, letter in enumerate(weights)
    ]


def test_what_an_event_weighs() -> None:
    """E04.FR.08: never a start or an end; nor an event that says who charges."""
    assert weight_of(SAMPLE) == "sample"
    assert weight_of(replace(SAMPLE, trigger="MeterValueClock")) == "sample"
    assert weight_of(replace(SAMPLE, trigger="ChargingStateChanged")) == "update"
    assert weight_of(replace(SAMPLE, token=Token(id="CARD", type="ISO14443"))) == "fixed"
    assert weight_of(replace(SAMPLE, remote_start_id=7)) == "fixed"
    assert weight_of(EVENT) == "fixed"
    assert weight_of(replace(SAMPLE, kind="Ended")) == "fixed"


def test_every_second_sample_goes_first() -> None:
    """E04.FR.08, E11.FR.05, E12.FR.05, J02.FR.12, J02.FR.13: the 1st, the 3rd, the 5th."""
    assert dispensable(session("fsssssssf"), 400) == {1, 3, 5, 7}


def test_what_is_thin_already_is_left_alone_until_the_rest_is_as_thin() -> None:
    thin = [
        event for event in session("f" + "s" * 20 + "f") if event.event_no % 2 == 0 or event.event_no > 20
    ]
    dense = session("f" + "s" * 20 + "f", "ty", begins_at=100)
    gone = dispensable([*thin, *dense], 1000)
    assert len(gone) == 10
    assert all(position > 100 for position in gone)


def test_updates_go_only_when_no_sample_is_left_to_go() -> None:
    events = session("fsusususf")
    assert dispensable(events, 400) == {1, 3, 5, 7}
    assert dispensable(events, 500) > {1, 3, 5, 7}


def test_nothing_goes_if_nothing_is_needed_or_may_go() -> None:
    assert dispensable(session("fsssf"), 0) == frozenset()
    assert dispensable(session("ffff"), 1000) == frozenset()
    assert dispensable(session("ss"), 1000) == frozenset(), "the first and the last of what waits"


@given(st.lists(st.text("fsu", min_size=1, max_size=40), max_size=5), st.integers(0, 10_000))
def test_no_more_goes_than_is_needed_and_never_what_is_fixed(texts: list[str], surplus: int) -> None:
    events = [
        event for number, text in enumerate(texts) for event in session(text, f"t{number}", number * 100)
    ]
    gone = dispensable(events, surplus)
    freed = sum(event.size_bytes for event in events if event.position in gone)
    assert all(event.weight != "fixed" for event in events if event.position in gone)
    assert freed < surplus + 100
    left = [event for event in events if event.position not in gone]
    assert freed >= surplus or dispensable(left, 1) == frozenset(), "all that may go has gone"


@given(st.integers(10, 200), st.integers(1, 20))
def test_what_is_left_is_spread_evenly(count: int, rounds: int) -> None:
    """However often it is thinned: no gap is more than twice as wide as another, ends aside."""
    events = session("f" + "s" * count + "f")
    for _ in range(rounds):
        gone = dispensable(events, max(100, len(events) * 20))
        events = [event for event in events if event.position not in gone]
    gaps = [after.event_no - before.event_no for before, after in pairwise(events)]
    assert max(gaps[1:-1], default=1) <= 2 * max(min(gaps[:-1], default=1), 1)
