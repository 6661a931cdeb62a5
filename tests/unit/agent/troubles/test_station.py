from __future__ import annotations

from agent.station.bolt import PlugLock
from agent.store.keeper import Figures
from agent.troubles.station import of_clock, of_locks, of_outbox
from agent.troubles.trouble import (
    EVENTS_REFUSED,
    LOCK_FAILED,
    OUTBOX_OVERFULL,
    OUTBOX_THINNED,
    TIME_UNKNOWN,
    Trouble,
)
from tests.unit.agent.hardware import HandClock, MemoryLock


def test_a_bolt_that_has_failed_is_told() -> None:
    clock = HandClock()
    well, stuck = (PlugLock("EVSE", MemoryLock(clock), clock) for _ in range(2))
    for _ in range(3):
        stuck._note_failure("it does not move")
    assert list(of_locks({1: well, 2: stuck, 3: None})) == [Trouble("EVSE 2", LOCK_FAILED)]


def test_an_outbox_that_drains_is_no_trouble() -> None:
    assert list(of_outbox(Figures(waiting=7, failed=3, delivered=9))) == []


def test_what_the_backend_does_not_take_and_what_was_dropped_is_told() -> None:
    figures = Figures(waiting=1, set_aside=2, thinned=3, is_overfull=True)
    told = [Trouble("outbox", what) for what in (EVENTS_REFUSED, OUTBOX_OVERFULL, OUTBOX_THINNED)]
    assert list(of_outbox(figures)) == told
    figures.waiting = figures.set_aside = 0
    figures.is_overfull = False
    assert list(of_outbox(figures)) == [], "dropped is dropped; the rest has been told"


def test_a_station_without_the_time_says_so() -> None:
    assert list(of_clock(is_known=False)) == [Trouble("clock", TIME_UNKNOWN)]
    assert list(of_clock(is_known=True)) == []
