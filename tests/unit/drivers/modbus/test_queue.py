from __future__ import annotations

from dataclasses import dataclass

from drivers.modbus.queue import AGEING_S, TURNS, Queue

WRITE, HEARTBEAT, FAST, SLOW = range(4)


@dataclass(eq=False)
class Job:
    urgency: int
    unit: int = 1
    since_s: float = 0.0
    is_over: bool = False


def always(_: int) -> float:
    return 0.0


def queue_of(*jobs: Job) -> Queue[Job]:
    queue: Queue[Job] = Queue()
    for job in jobs:
        queue.put(job)
    return queue


def order(queue: Queue[Job], now_s: float = 0.0, *, change_costs: bool = False) -> list[Job]:
    taken = []
    while (job := queue.take(now_s, always, change_costs=change_costs)) is not None:
        taken.append(job)
    return taken


def test_the_most_urgent_goes_first_and_among_equals_the_oldest() -> None:
    slow, fast, later, beat, write = Job(SLOW), Job(FAST), Job(FAST, since_s=0.1), Job(HEARTBEAT), Job(WRITE)
    assert order(queue_of(slow, fast, later, beat, write), 0.2) == [write, beat, fast, later, slow]


def test_a_slow_job_gets_its_turn_however_many_fast_ones_come() -> None:
    queue = queue_of(Job(SLOW, unit=9))
    now_s, served = 0.0, 0
    while True:
        queue.put(Job(FAST, since_s=now_s))
        job = queue.take(now_s, always, change_costs=False)
        assert job is not None
        if job.unit == 9:
            break
        now_s += 0.1
        served += 1
    assert 0 < served <= 2 * AGEING_S / 0.1


def test_a_slow_job_gets_its_turn_among_heartbeats_too() -> None:
    old = Job(SLOW)
    queue = queue_of(old, Job(HEARTBEAT, since_s=9.9))
    assert queue.take(10.0, always, change_costs=False) is old


def test_no_age_makes_a_job_as_urgent_as_a_write() -> None:
    write = Job(WRITE, since_s=1000.0)
    assert order(queue_of(Job(SLOW), Job(HEARTBEAT), write), 1000.0)[0] is write


def test_where_a_change_costs_time_the_unit_asked_last_goes_on() -> None:
    queue = queue_of(*(Job(FAST, unit=unit, since_s=place / 1000) for place, unit in enumerate((1, 2) * 3)))
    assert [job.unit for job in order(queue, 0.1, change_costs=True)] == [1, 1, 1, 2, 2, 2]


def test_where_a_change_is_free_the_order_of_coming_counts() -> None:
    queue = queue_of(*(Job(FAST, unit=unit, since_s=place / 1000) for place, unit in enumerate((1, 2) * 3)))
    assert [job.unit for job in order(queue, 0.1)] == [1, 2] * 3


def test_a_change_costs_nothing_that_a_more_urgent_job_waits_for() -> None:
    queue = queue_of(Job(FAST, unit=1), Job(FAST, unit=1), Job(HEARTBEAT, unit=2))
    assert [job.unit for job in order(queue, change_costs=True)] == [2, 1, 1]


def test_a_unit_that_always_asks_does_not_keep_the_line() -> None:
    queue = queue_of(Job(FAST, unit=1), Job(FAST, unit=2))
    units = []
    for turn in range(3 * TURNS):
        job = queue.take(turn / 1000, always, change_costs=True)
        assert job is not None
        units.append(job.unit)
        queue.put(Job(FAST, unit=job.unit, since_s=turn / 1000))
    assert units == [1] * TURNS + [2] * TURNS + [1] * TURNS


def test_a_unit_that_is_not_ready_is_passed_over() -> None:
    waiting, ready = Job(WRITE, unit=1), Job(SLOW, unit=2)
    queue = queue_of(waiting, ready)

    def ready_at_s(unit: int) -> float:
        return 5.0 if unit == 1 else 0.0

    assert queue.take(1.0, ready_at_s, change_costs=True) is ready
    assert queue.take(1.0, ready_at_s, change_costs=True) is None
    assert queue.next_ready_s(ready_at_s) == 5.0
    assert queue.take(5.0, ready_at_s, change_costs=True) is waiting


def test_jobs_that_nobody_waits_for_are_dropped() -> None:
    queue = queue_of(Job(FAST, is_over=True), Job(SLOW, is_over=True))
    assert order(queue) == []
    assert queue.next_ready_s(always) is None


def test_a_cleared_queue_is_empty() -> None:
    queue = queue_of(Job(FAST), Job(SLOW))
    assert len(queue) == 2
    queue.clear()
    assert list(queue) == []
