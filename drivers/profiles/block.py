"""One read request and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.profiles.point import Point, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One read request: `count` registers from `start`, and the points that lie in them."""

    space: Space
    start: int
    count: int
    points: tuple[Point, ...]

    def slice(self, point: Point, registers: Sequence[int]) -> Sequence[int]:
        """Return the point's part of the block's registers."""
        return registers[point.address - self.start : point.end - self.start]
