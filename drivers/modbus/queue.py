"""Which job of a bus is next: the most urgent, but nobody waits for ever. No IO; the time is passed in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, Generic, Protocol, TypeVar

LANES: Final = 4
AGEING_S: Final = 1.0
"""A job that has waited for this long counts as one step more urgent; and so on, but never as a write."""
MOST_AGED: Final = 1
TURNS: Final = 8
"""So many jobs one unit may have in a row, where changing units costs time and others wait."""


class Waiting(Protocol):
    """A job as the queue sees it."""

    @property
    def urgency(self) -> int:
        """The lane: 0, the most urgent, to 3."""

    @property
    def unit(self) -> int:
        """Whom it asks."""

    @property
    def since_s(self) -> float:
        """When it was put here."""

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for it any more."""


J = TypeVar("J", bound=Waiting)


class Queue(Generic[J]):
    """Jobs in the order of their coming, one lane for each urgency."""

    def __init__(self) -> None:
        self._lanes: tuple[deque[J], ...] = tuple(deque() for _ in range(LANES))
        self._last_unit: int | None = None
        self._turns = 0

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    def __iter__(self) -> Iterator[J]:
        for lane in self._lanes:
            yield from lane

    def put(self, job: J) -> None:
        """Add a job behind those of its urgency."""
        self._lanes[job.urgency].append(job)

    def take(self, now_s: float, ready_at_s: Callable[[int], float], *, change_costs: bool) -> J | None:
        """Take the next job whose unit is ready, or None; jobs that nobody waits for are dropped.

        Within one urgency the oldest goes first, unless changing units costs time: then the unit that was
        asked last goes on, for TURNS jobs at most.
        """
        best: tuple[float, float] | None = None
        chosen: J | None = None
        for lane in self._lanes:
            job = _first_ready(lane, now_s, ready_at_s) if lane else None
            if job is None:
                continue
            rank = (_rank(job, now_s), job.since_s)
            if best is None or rank < best:
                best, chosen = rank, job
        if chosen is None or best is None:
            return None
        if change_costs and chosen.unit != self._last_unit and self._turns < TURNS:
            chosen = self._of_last_unit(best[0], now_s, ready_at_s) or chosen
        self._lanes[chosen.urgency].remove(chosen)
        self._turns = self._turns + 1 if chosen.unit == self._last_unit else 1
        self._last_unit = chosen.unit
        return chosen

    def next_ready_s(self, ready_at_s: Callable[[int], float]) -> float | None:
        """Return when the first unit that is waited for will be ready, None if nobody waits."""
        return min((ready_at_s(job.unit) for job in self if not job.is_over), default=None)

    def clear(self) -> None:
        """Forget all jobs."""
        for lane in self._lanes:
            lane.clear()

    def _of_last_unit(self, rank: float, now_s: float, ready_at_s: Callable[[int], float]) -> J | None:
        unit = self._last_unit
        if unit is None or ready_at_s(unit) > now_s:
            return None
        mine = (job for job in self if job.unit == unit and not job.is_over)
        return next((job for job in mine if _rank(job, now_s) == rank), None)


def _rank(job: Waiting, now_s: float) -> int:
    if job.urgency <= MOST_AGED:
        return job.urgency
    return max(MOST_AGED, job.urgency - int((now_s - job.since_s) / AGEING_S))


def _first_ready(lane: deque[J], now_s: float, ready_at_s: Callable[[int], float]) -> J | None:
    while lane and lane[0].is_over:
        lane.popleft()
    if lane and ready_at_s(lane[0].unit) <= now_s:
        return lane[0]
    return next((job for job in lane if not job.is_over and ready_at_s(job.unit) <= now_s), None)
