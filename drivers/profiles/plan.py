"""Compiles points into a read plan: few requests, none too long, and no two alike.

A serial Modbus reply says which unit and function it answers and how long it is, but not which address. A
reply that comes after its request was given up could so be taken for the answer to the next one. In this
plan every block of a function code has its own length on the wire, so such a reply is known by its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

from drivers.profiles.model import Block, Point, Space

Shape = tuple[Space, int]
Run = tuple[Point, ...]
"""Points that one read can take."""

MOST_TRIES: Final = 5000
"""When to give up looking for lengths that differ."""


class PlanError(ValueError):
    """These points cannot be read under these limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one read of a device may do."""

    max_read: int
    max_hole: int
    barriers: tuple[int, ...] = ()

    def fit(self, start: int, end: int) -> bool:
        """Tell whether a read may go from `start` to before `end`."""
        within = end - start <= self.max_read and end <= 65536
        return within and not any(start < barrier < end for barrier in self.barriers)


def compile_plan(
    points: Iterable[Point], *, max_read: int, max_hole: int, barriers: tuple[int, ...] = ()
) -> tuple[Block, ...]:
    """Return the blocks that read all readable points, at most `max_read` registers and `max_hole` gaps each.

    Points of different poll classes are read apart; a point that scales others is read together with them,
    unless it is read once.

    Raises:
        PlanError: If a point is longer than `max_read`, two overlap, or lengths cannot be made distinct.
    """
    points = tuple(points)
    _check_overlaps(points)
    limits = Limits(max_read=max_read, max_hole=max_hole, barriers=barriers)
    runs = list(_runs(points, limits))
    blocks = _Search(limits, _bonds(points)).solve(runs)
    _check_bonds(blocks, _bonds(points))
    return tuple(sorted(blocks, key=lambda block: (block.space, block.start)))


def choose_probe(blocks: Iterable[Block]) -> Block | None:
    """Return the shortest part of a block whose reply is unlike the reply of every block, or None."""
    blocks = tuple(blocks)
    taken = {_shape(block) for block in blocks}
    parts = [_block(part) for block in blocks for part in _parts(block)]
    free = [part for part in parts if _shape(part) not in taken]
    return min(free, key=lambda part: part.count, default=None)


def _parts(block: Block) -> Iterator[Run]:
    return (block.points[:end] for end in range(1, len(block.points)))


def _check_overlaps(points: tuple[Point, ...]) -> None:
    for one, other in pairwise(sorted(_readable(points), key=lambda point: (point.space, point.address))):
        if one.space == other.space and other.address < one.end:
            raise PlanError(f"{other.name} overlaps {one.name}")


def _readable(points: tuple[Point, ...]) -> list[Point]:
    return [point for point in points if point.readable]


def _runs(points: tuple[Point, ...], limits: Limits) -> Iterator[Run]:
    for space in ("coil", "discrete", "holding", "input"):
        for poll in ("fast", "slow", "once"):
            wanted = [point for point in _readable(points) if (point.space, point.poll) == (space, poll)]
            yield from _pack(sorted(wanted, key=lambda point: point.address), limits)


def _pack(points: list[Point], limits: Limits) -> Iterator[Run]:
    """Group neighbours greedily, in order of address."""
    run: list[Point] = []
    for point in points:
        if point.count > limits.max_read:
            raise PlanError(f"{point.name} takes {point.count} registers but max_read is {limits.max_read}")
        if not limits.fit(point.address, point.end):
            raise PlanError(f"a barrier lies inside {point.name}")
        hole = point.address - run[-1].end if run else 0
        if run and (hole > limits.max_hole or not limits.fit(run[0].address, point.end)):
            yield tuple(run)
            run = []
        run.append(point)
    if run:
        yield tuple(run)


Bonds = frozenset[tuple[str, str]]
"""Names of points that must be read in one block: a value and what scales it."""


def _bonds(points: tuple[Point, ...]) -> Bonds:
    constant = {point.name for point in points if point.poll == "once"}
    return frozenset(
        (point.name, scaled_by.point)
        for point in points
        for scaled_by in point.scaled_by
        if scaled_by.point not in constant
    )


def _check_bonds(blocks: Sequence[Block], bonds: Bonds) -> None:
    place = {point.name: block for block in blocks for point in block.points}
    for value, scale in sorted(bonds):
        if place.get(value) is not place.get(scale):
            raise PlanError(
                f"{scale} scales {value}, but one read cannot take both: if it never changes, give it "
                "'poll: once', else check max_read, max_hole and barriers"
            )


@dataclass(slots=True)
class _Search:
    """Looks for one way to read each run such that no two replies have the same shape."""

    limits: Limits
    bonds: Bonds
    tries: int = 0
    deepest: int = 0

    def solve(self, runs: list[Run]) -> list[Block]:
        """Return the blocks; runs that cannot be split are placed first, then short ones."""
        ordered = sorted(runs, key=lambda run: (not self._bonded(run), len(run)))
        blocks = self._place(ordered, 0, frozenset())
        if blocks is None:
            first = ordered[self.deepest][0]
            raise PlanError(
                f"the read of {first.name} is as long as another {first.space} read, and max_hole "
                f"{self.limits.max_hole} leaves no room to make it longer: a late reply to one could pass "
                "for the other"
            )
        return blocks

    def _bonded(self, run: Run) -> bool:
        return any(value == point.name for point in run for value, _ in self.bonds)

    def _place(self, runs: list[Run], index: int, taken: frozenset[Shape]) -> list[Block] | None:
        if index == len(runs):
            return []
        self.tries += 1
        self.deepest = max(self.deepest, index)
        if self.tries > MOST_TRIES:
            return None
        for blocks in chain(self._whole(runs[index]), self._split(runs[index]), self._padded(runs[index])):
            shapes = frozenset(map(_shape, blocks))
            if len(shapes) == len(blocks) and not shapes & taken:
                rest = self._place(runs, index + 1, taken | shapes)
                if rest is not None:
                    return blocks + rest
        return None

    def _whole(self, run: Run) -> Iterator[list[Block]]:
        yield [_block(run)]

    def _split(self, run: Run) -> Iterator[list[Block]]:
        for cut in range(1, len(run)):
            left, right = run[:cut], run[cut:]
            names = ({point.name for point in left}, {point.name for point in right})
            if not any((a in names[0]) != (b in names[0]) for a, b in self.bonds if a in names[0] | names[1]):
                yield [_block(left), _block(right)]

    def _padded(self, run: Run) -> Iterator[list[Block]]:
        """Read past the end; by pairs of registers first, since half a value may be refused."""
        for extra in sorted(range(1, self.limits.max_hole + 1), key=lambda extra: extra % 2):
            if self.limits.fit(run[0].address, run[-1].end + extra):
                yield [_block(run, extra)]


def _block(run: Run, extra: int = 0) -> Block:
    start = run[0].address
    return Block(space=run[0].space, start=start, count=run[-1].end + extra - start, points=run)


def _shape(block: Block) -> Shape:
    """What tells replies apart: the function and the bytes of data (eight bits of coils make one byte)."""
    bits = block.space in {"coil", "discrete"}
    return block.space, (block.count + 7) // 8 if bits else block.count * 2
