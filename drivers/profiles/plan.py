"""Compiles points into a read plan: few requests, none too long, and no two alike.

A serial Modbus reply says which unit and function it answers and how long it is, but not which address. A
reply that comes after its request was given up could so be taken for the answer to the next one. In this
plan every block of a function code has its own length on the wire, so such a reply is known by its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from typing import Final

from drivers.profiles.block import Block
from drivers.profiles.point import Point, Poll, Space

Shape = tuple[Space, int]
Cell = tuple[Point, ...]
"""Points in the same registers: one, or several that have a mask each."""
Run = tuple[Cell, ...]
"""What one read can take, in order of address."""
PLANNED: Final[tuple[Poll, ...]] = ("fast", "slow", "once")

MOST_BLOCKS: Final = 250
"""More reads than this cannot all have lengths of their own: two spaces of registers of at most 125 each."""
MOST_TRIES: Final = 20_000
"""How many ways to read some run are looked at before the search for lengths that differ is given up."""


class PlanError(ValueError):
    """These points cannot be read under these limits; `point` is the one that is in the way."""

    def __init__(self, point: str, problem: str) -> None:
        super().__init__(problem)
        self.point = point


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
    points: Iterable[Point],
    *,
    max_read: int,
    max_hole: int,
    barriers: tuple[int, ...] = (),
    one_per_read: bool = False,
) -> tuple[Block, ...]:
    """Return the blocks that read all readable points, at most `max_read` registers and `max_hole` gaps each.

    Points of different poll classes are read apart, those read on demand not at all; a point that scales
    others is read together with them, unless it is read once. If `one_per_read`, each point is read alone,
    and lengths may be alike.

    Raises:
        PlanError: If a point is longer than `max_read`, two overlap, or lengths cannot be made distinct.
    """
    planned = [point for point in points if point.readable and point.poll in PLANNED]
    _check_overlaps(planned)
    limits = Limits(max_read=max_read, max_hole=max_hole, barriers=barriers)
    runs, bonds = list(_runs(planned, limits)), _bonds(planned)
    if one_per_read:
        blocks = [_block((cell,)) for run in runs for cell in run]
    else:
        _check_number(runs)
        blocks = _Search(limits, bonds).solve(runs)
    _check_bonds(blocks, bonds)
    return tuple(sorted(blocks, key=lambda block: (block.space, block.start)))


def choose_probe(blocks: Iterable[Block], *, pieces: bool = False) -> Block | None:
    """Return the shortest part of a block whose reply is unlike the reply of every block, or None.

    With `pieces`, it may be part of a value.
    """
    blocks = tuple(blocks)
    taken = {_shape(block) for block in blocks}
    parts = _pieces if pieces else _parts
    free = [part for block in blocks for part in parts(block) if _shape(part) not in taken]
    return min(free, key=lambda part: part.count, default=None)


def shapes_differ(blocks: Iterable[Block]) -> bool:
    """Tell whether no two blocks have replies of the same shape."""
    shapes = [_shape(block) for block in blocks]
    return len(set(shapes)) == len(shapes)


def _parts(block: Block) -> Iterator[Block]:
    cells = _cells(block.points)
    return (_block(tuple(cells[:end])) for end in range(1, len(cells)))


def _pieces(block: Block) -> Iterator[Block]:
    return (Block(space=block.space, start=block.start, count=n, points=()) for n in range(1, block.count))


def _cells(points: Iterable[Point]) -> list[Cell]:
    """Group points that share their registers, in order of address."""
    ordered = sorted(points, key=lambda point: point.address)
    return [tuple(cell) for _, cell in groupby(ordered, key=lambda point: point.place)]


def _check_overlaps(points: Iterable[Point]) -> None:
    """Refuse points that overlap, unless each takes other bits of the same registers."""
    for one, other in pairwise(sorted(points, key=lambda point: (point.space, point.address, point.count))):
        if one.space == other.space and other.address < one.end and not _may_share(one, other):
            raise PlanError(other.name, f"{other.name} overlaps {one.name}")


def _may_share(one: Point, other: Point) -> bool:
    return one.place == other.place and one.mask is not None and other.mask is not None


def _runs(points: list[Point], limits: Limits) -> Iterator[Run]:
    for space in ("coil", "discrete", "holding", "input"):
        for poll in PLANNED:
            wanted = [point for point in points if (point.space, point.poll) == (space, poll)]
            yield from _pack(_cells(wanted), limits)


def _pack(cells: list[Cell], limits: Limits) -> Iterator[Run]:
    """Group neighbours greedily, in order of address."""
    run: list[Cell] = []
    for cell in cells:
        point = cell[0]
        if point.count > limits.max_read:
            raise PlanError(
                point.name, f"{point.name} takes {point.count} registers but max_read is {limits.max_read}"
            )
        if not limits.fit(point.address, point.end):
            raise PlanError(point.name, f"a barrier lies inside {point.name}")
        hole = point.address - run[-1][0].end if run else 0
        if run and (hole > limits.max_hole or not limits.fit(run[0][0].address, point.end)):
            yield tuple(run)
            run = []
        run.append(cell)
    if run:
        yield tuple(run)


Bonds = frozenset[tuple[str, str]]
"""Names of points that must be read in one block: a value and what scales it."""


def _bonds(points: Iterable[Point]) -> Bonds:
    points = tuple(points)
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
                value,
                f"{scale} scales {value}, but one read cannot take both: if it never changes, give it "
                "'poll: once', else check max_read, max_hole and barriers",
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
            first = ordered[self.deepest][0][0]
            raise PlanError(
                first.name,
                f"the read of {first.name} is as long as another {first.space} read, and max_hole "
                f"{self.limits.max_hole} leaves no room to make it longer: a late reply to one could pass "
                "for the other",
            )
        return blocks

    def _bonded(self, run: Run) -> bool:
        names = _names(run)
        return any(value in names for value, _ in self.bonds)

    def _place(self, runs: list[Run], index: int, taken: frozenset[Shape]) -> list[Block] | None:
        if index == len(runs):
            return []
        self.deepest = max(self.deepest, index)
        for blocks in chain(self._whole(runs[index]), self._split(runs[index]), self._padded(runs[index])):
            self.tries += 1
            if self.tries > MOST_TRIES:
                return None
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
            left, right = _names(run[:cut]), _names(run[cut:])
            if not any((a in left) != (b in left) for a, b in self.bonds if a in left | right):
                yield [_block(run[:cut]), _block(run[cut:])]

    def _padded(self, run: Run) -> Iterator[list[Block]]:
        """Read past the end; by pairs of registers first, since half a value may be refused."""
        for extra in sorted(range(1, self.limits.max_hole + 1), key=lambda extra: extra % 2):
            if self.limits.fit(run[0][0].address, run[-1][0].end + extra):
                yield [_block(run, extra)]


def _check_number(runs: list[Run]) -> None:
    """Refuse at once what no search can solve."""
    for number, run in enumerate(runs):
        if number >= MOST_BLOCKS:
            raise PlanError(run[0][0].name, f"these points need more than {MOST_BLOCKS} reads")


def _names(run: Run) -> set[str]:
    return {point.name for cell in run for point in cell}


def _block(run: Run, extra: int = 0) -> Block:
    start, points = run[0][0].address, tuple(point for cell in run for point in cell)
    return Block(space=run[0][0].space, start=start, count=run[-1][0].end + extra - start, points=points)


def _shape(block: Block) -> Shape:
    """What tells replies apart: the function and the bytes of data (eight bits of coils make one byte)."""
    bits = block.space in {"coil", "discrete"}
    return block.space, (block.count + 7) // 8 if bits else block.count * 2
