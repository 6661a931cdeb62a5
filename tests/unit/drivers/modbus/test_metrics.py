from __future__ import annotations

import pytest

from drivers.modbus.errors import (
    BusClosed,
    ExceptionReply,
    GarbledReply,
    LineNeverQuiet,
    NoReply,
    PortUnavailable,
    UnitResting,
    WrongCount,
)
from drivers.modbus.metrics import LATENCY_BOUNDS_S, BusMetrics, Counters
from drivers.modbus.requests import Read

REQUEST = Read(unit=1, space="input", address=0, count=2)


def test_every_failure_is_counted_by_kind() -> None:
    counters = Counters()
    for error in (
        NoReply(REQUEST, ""),
        GarbledReply(REQUEST, b""),
        LineNeverQuiet(REQUEST, ""),
        WrongCount(REQUEST, ""),
        PortUnavailable(REQUEST, ""),
        UnitResting(REQUEST, 1.0),
        BusClosed(REQUEST, ""),
        ExceptionReply(REQUEST, 2),
        ExceptionReply(REQUEST, 2),
    ):
        counters.count(error)
    assert counters == Counters(
        timeout=1, garbled=2, mismatched=1, port=1, refused=2, exceptions=counters.exceptions
    )
    assert counters.exceptions == {2: 2}


def test_answers_are_counted_by_how_long_they_took() -> None:
    counters = Counters()
    for latency_s in (0.001, 0.005, 0.006, 0.3, 99.0):
        counters.answered(latency_s)
    metrics = counters.snapshot(7, failures_in_a_row=0, is_resting=False)
    assert metrics.ok == sum(metrics.latency_counts) == 5
    assert metrics.latency_counts == (2, 1, 0, 0, 0, 0, 1, 0, 0, 1)
    assert len(metrics.latency_counts) == len(LATENCY_BOUNDS_S) + 1
    assert metrics.latency_sum_s == pytest.approx(99.312)


def test_a_snapshot_does_not_change_any_more() -> None:
    counters = Counters()
    before = counters.snapshot(7, failures_in_a_row=0, is_resting=False)
    counters.answered(0.1)
    counters.count(ExceptionReply(REQUEST, 2))
    assert (before.ok, sum(before.latency_counts), before.exceptions) == (0, 0, {})


def test_the_numbers_of_a_unit_are_found_by_its_number() -> None:
    unit = Counters().snapshot(7, failures_in_a_row=0, is_resting=False)
    bus = BusMetrics(name="a", is_open=True, opened=1, units=(unit,))
    assert bus.unit(7) is unit
    with pytest.raises(KeyError):
        bus.unit(8)
