"""One line of the benchmark's report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured value, what it is compared with and what it has to reach; `ratio` is how much better it is."""

    name: str
    value: float
    unit: str
    baseline: str
    ratio: float | None
    goal: str
    holds: bool
