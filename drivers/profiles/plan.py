"""Compiles points into a read plan: few requests, none too long, and no two alike.

A serial Modbus reply says which unit and function it answers and how long it is, but not which address. A
reply that comes after its request was given up could so be taken for the answer to the next one. In this
plan every block of a function code has its own length on the wire, so such a reply is known by its shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from drivers.profiles.model import Block, Point, Space


class PlanError(ValueError):
    """These points cannot be read under these limits."""


def compile_plan(points: Iterable[Point], *, max_read: int, max_hole: int) -> tuple[Block, ...]:
    """Return the blocks that read all readable points, at most `max_read` registers and `max_hole` gaps each.

    Raises:
        PlanError: If a point is longer than `max_read`, two overlap, or lengths cannot be made distinct.
    """
    blocks: list[Block] = []
    for space in ("coil", "discrete", "holding", "input"):
        readable = sorted((p for p in points if p.space == space and p.readable), key=lambda p: p.address)
        runs = list(_pack(readable, max_read, max_hole))
        blocks += _distinct(space, runs, max_read, max_hole)
    return tuple(blocks)


def choose_probe(blocks: Iterable[Block]) -> Block | None:
    """Return the shortest part of a block whose reply is unlike the reply of every block, or None."""
    blocks = tuple(blocks)
    taken = {_shape(block) for block in blocks}
    parts = [_block(block.space, list(part)) for block in blocks for part in _parts(block)]
    free = [part for part in parts if _shape(part) not in taken]
    return min(free, key=lambda part: part.count, default=None)


def _parts(block: Block) -> Iterator[tuple[Point, ...]]:
    return (block.points[:end] for end in range(1, len(block.points)))


def _pack(points: list[Point], max_read: int, max_hole: int) -> Iterator[list[Point]]:
    """Group neighbours greedily, in order of address."""
    run: list[Point] = []
    for point in points:
        if point.count > max_read:
            raise PlanError(f"{point.name} takes {point.count} registers but max_read is {max_read}")
        if run and point.address < run[-1].end:
            raise PlanError(f"{point.name} overlaps {run[-1].name}")
        if run and (point.address - run[-1].end > max_hole or point.end - run[0].address > max_read):
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _distinct(space: Space, runs: list[list[Point]], max_read: int, max_hole: int) -> list[Block]:
    """Make blocks whose replies differ in length: split a run, or else read a few registers past its end."""
    blocks: list[Block] = []
    for run in sorted(runs, key=len):
        blocks += _fit(space, run, {_shape(block) for block in blocks}, max_read, max_hole)
    return sorted(blocks, key=lambda block: block.start)


Shape = tuple[Space, int]


def _fit(space: Space, run: list[Point], taken: set[Shape], max_read: int, max_hole: int) -> list[Block]:
    whole = _block(space, run)
    if _shape(whole) not in taken:
        return [whole]
    for cut in range(1, len(run)):
        halves = [_block(space, run[:cut]), _block(space, run[cut:])]
        shapes = {_shape(half) for half in halves}
        if len(shapes) == 2 and not shapes & taken:
            return halves
    for extra in range(1, max_hole + 1):
        padded = _block(space, run, extra)
        if _shape(padded) not in taken and padded.count <= max_read and padded.start + padded.count <= 65536:
            return [padded]
    raise PlanError(
        f"the read of {run[0].name} is as long as another {space} read, and max_hole {max_hole} leaves no "
        "room to make it longer: a late reply to one could pass for the other"
    )


def _block(space: Space, run: list[Point], extra: int = 0) -> Block:
    start = run[0].address
    return Block(space=space, start=start, count=run[-1].end + extra - start, points=tuple(run))


def _shape(block: Block) -> Shape:
    """What tells replies apart: the function and the bytes of data (eight bits of coils make one byte)."""
    bits = block.space in {"coil", "discrete"}
    return block.space, (block.count + 7) // 8 if bits else block.count * 2
