"""One line of the benchmark's report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured value, what it is compared with (`ratio` times better) and what it has to reach."""

    name: str
    value: float
    unit: str
    baseline: str
    ratio: float | None
    goal: str
    holds: bool
