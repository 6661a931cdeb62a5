"""Streams: opened, filled, told several values at a time, closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agent.monitoring.records import Kind, Monitor, StreamRate
from agent.monitoring.streams import MOST_KEPT, MOST_TOGETHER, Stream, Streams, is_due
from tests.unit.agent.hardware import HandClock

RATE = StreamRate(interval_s=10, values=3)


def monitor(number: int = 1, stream: StreamRate | None = RATE, kind: Kind = "Periodic") -> Monitor:
    return Monitor(id=number, name="EVSE.Power", kind=kind, value=Decimal(1), severity=5, stream=stream)


class Bench:
    """Streams, and a clock to move."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.streams = Streams(self.clock.instant)

    def settle(self, *monitors: Monitor) -> None:
        self.streams.settle({one.id: one for one in monitors})

    def open(self, *monitors: Monitor) -> None:
        self.settle(*monitors)
        for stream in self.streams.to_open:
            self.streams.opened(stream, is_accepted=True)

    def fill(self, one: Monitor, *texts: str) -> None:
        for text in texts:
            assert self.streams.take(one, self.clock.now(), text)
            self.clock.advance(1)

    @property
    def closing(self) -> list[int]:
        return list(self.streams.to_close)

    def told(self) -> list[tuple[int, list[str], int]]:
        """Return everything that is due: stream, values, how many are left."""
        found = []
        while (batch := self.streams.due()) is not None:
            found.append((batch.id, [value.text for value in batch.values], batch.pending))
        return found


@pytest.mark.parametrize(
    ("rate", "waiting", "waited_s", "due"),
    [
        (StreamRate(values=3), 2, 1e6, False),
        (StreamRate(values=3), 3, 0, True),  # N15.FR.08
        (StreamRate(interval_s=10), 1, 9.9, False),
        (StreamRate(interval_s=10), 1, 10, True),
        (StreamRate(interval_s=10), 0, 10, False),
        (StreamRate(interval_s=10, values=3), 1, 10, True),
        (StreamRate(interval_s=10, values=3), 3, 0, True),
        (StreamRate(), 1, 0, True),
    ],
)
def test_when_values_are_due(rate: StreamRate, waiting: int, waited_s: float, due: bool) -> None:
    assert is_due(rate, waiting, waited_s) is due


def test_values_are_told_once_there_are_enough() -> None:
    """N15.FR.04, N15.FR.07, N15.FR.08: so many at a time, and how many are left."""
    bench, one = Bench(), monitor()
    bench.open(one)
    bench.fill(one, "1", "2")
    assert bench.told() == []
    bench.fill(one, "3", "4", "5", "6", "7")
    assert bench.told() == [(1, ["1", "2", "3"], 4), (1, ["4", "5", "6"], 1)]
    bench.clock.advance(9)
    assert bench.told() == []
    bench.clock.advance(1)
    assert bench.told() == [(1, ["7"], 0)]


def test_without_a_number_messages_are_bounded() -> None:
    bench, one = Bench(), monitor(stream=StreamRate(interval_s=1))
    bench.open(one)
    bench.fill(one, *["x"] * (MOST_TOGETHER + 1))
    assert [pending for _, _, pending in bench.told()] == [1]


def test_what_waits_is_bounded() -> None:
    bench, one = Bench(), monitor(stream=StreamRate(values=MOST_KEPT + 1))
    bench.open(one)
    bench.fill(one, *map(str, range(MOST_KEPT + 2)))
    bench.streams.adjust(1, StreamRate(values=MOST_KEPT))
    [(_, values, pending)] = bench.told()
    assert (values[0], values[-1], pending) == ("2", str(MOST_KEPT + 1), 0)


def test_until_it_is_open_a_monitor_is_told_as_any_other() -> None:
    bench, one = Bench(), monitor()
    bench.settle(one, monitor(2, None), monitor(3, kind="Delta"))
    assert bench.streams.to_open == (Stream(id=1, rate=RATE),)
    assert not bench.streams.take(one, bench.clock.now(), "1")
    bench.streams.opened(Stream(id=1, rate=RATE), is_accepted=False)
    assert not bench.streams.take(one, bench.clock.now(), "1")
    assert not [*bench.streams.to_open, *bench.streams.open]


def test_a_stream_goes_with_its_monitor() -> None:
    bench, one = Bench(), monitor()
    bench.open(one, monitor(2))
    bench.settle(one)
    assert bench.closing == [2]
    bench.streams.closed(2)
    assert (bench.closing, [stream.id for stream in bench.streams.open]) == ([], [1])


def test_another_rate_is_another_stream_unless_the_backend_adjusts_it() -> None:
    bench, one = Bench(), monitor()
    bench.open(one)
    faster = replace(one, stream=StreamRate(values=1))
    bench.settle(faster)
    assert (bench.closing, [stream.id for stream in bench.streams.to_open]) == ([1], [1])
    bench.open(faster)
    bench.streams.adjust(1, StreamRate(values=2))
    bench.settle(replace(one, stream=StreamRate(values=2)))
    assert bench.streams.open == (Stream(id=1, rate=StreamRate(values=2)),)


def test_what_opens_too_late_is_closed_again() -> None:
    bench = Bench()
    bench.settle(monitor())
    bench.settle()
    bench.streams.opened(Stream(id=1, rate=RATE), is_accepted=True)
    assert (bench.closing, bench.streams.open) == ([1], ())


def test_another_backend_knows_of_no_stream() -> None:
    bench, one = Bench(), monitor()
    bench.open(one)
    bench.fill(one, "1", "2", "3")
    bench.settle()
    bench.settle(one)
    bench.open(one)
    bench.fill(one, "1", "2", "3")
    bench.streams.begin_anew()
    assert bench.closing == []
    assert [stream.id for stream in bench.streams.to_open] == [1]
    assert bench.told() == []


async def test_somebody_who_waits_hears_of_news() -> None:
    bench, one = Bench(), monitor()
    bench.open(one)
    await bench.streams.wait(1000)
    bench.fill(one, "1")
    await bench.streams.wait(1000)
    await bench.streams.wait(0)
