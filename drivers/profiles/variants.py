"""The variants of a device: every set of points that its `when` conditions can leave, each with a plan.

Conditions are about points that are read once, so which variant a device is can be told when it is met. All
of them are compiled when the file is loaded; none can turn out to be unreadable in the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from math import prod
from typing import Final

from drivers.profiles.block import Block
from drivers.profiles.codec import INTEGERS
from drivers.profiles.conditions import Condition, version
from drivers.profiles.derived import Derived
from drivers.profiles.kinds import check_safe, check_unique
from drivers.profiles.links import Link, ModbusDefaults
from drivers.profiles.model import Variant
from drivers.profiles.plan import PlanError, choose_probe, compile_plan, shapes_differ
from drivers.profiles.point import Point
from drivers.profiles.scripts import Script
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting

MOST_COMBINATIONS: Final = 1000
"""More than this, in all instances together, would make loading slow; no device is like that."""

_BETWEEN: Final = (0, 0, 0, 0, 0, 0, 0, 1)
"""Added to a version number, it gives one above it and below any other that people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """All that the file says, whatever the variant."""

    link: Link
    points: tuple[Point, ...] = ()
    derived: tuple[Derived, ...] = ()
    init: tuple[Setting, ...] = ()
    watchdog: Watchdog | None = None
    scripts: Mapping[str, Script] = field(default_factory=dict)


class TooManyVariants(ValueError):
    """The `when` conditions have too many combinations."""


def compile_variants(everything: Everything, instances: int = 1) -> dict[frozenset[str], Variant]:
    """Return all variants by the names of their points; the device has so many `instances`.

    Raises:
        PlanError: If one of them cannot be read.
        KindError: If one of them has something twice, or cannot be stopped.
        TooManyVariants: If there are more combinations than anybody would check.
    """
    variants: dict[frozenset[str], Variant] = {}
    for values in _combinations(everything.points, instances):
        points = tuple(point for point in everything.points if holds(point, values))
        names = frozenset(point.name for point in points)
        if names not in variants:
            variants[names] = _compile(everything, points, names)
    return variants


def holds(point: Point, values: Mapping[str, Value | None]) -> bool:
    """Tell whether a device with these values has the point."""
    return all(condition.holds(values.get(condition.point)) for condition in point.when)


def unconditional(points: Iterable[Point]) -> frozenset[str]:
    """Return the names of the points that every variant has."""
    return frozenset(point.name for point in points if not point.when)


def _compile(everything: Everything, points: tuple[Point, ...], names: frozenset[str]) -> Variant:
    _check_references(points, names)
    derived = tuple(one for one in everything.derived if names.issuperset(one.parts))
    watchdog = everything.watchdog
    check_unique(points, derived)
    check_safe(points)
    blocks, probe = _read_plan(everything.link, points)
    return Variant(
        points=points,
        derived=derived,
        blocks=blocks,
        probe=probe,
        init=tuple(setting for setting in everything.init if setting.point in names),
        watchdog=watchdog if watchdog is not None and names.issuperset(watchdog.points) else None,
        scripts={name: one for name, one in everything.scripts.items() if names >= one.points},
    )


def _check_references(points: tuple[Point, ...], names: frozenset[str]) -> None:
    """Refuse a variant that has a value, but not what says its scale or length."""
    for point in points:
        for scaled_by in point.scaled_by:
            if scaled_by.point not in names:
                problem = f"{point.name} is scaled by {scaled_by.point}, but not in all variants"
                raise PlanError(point.name, problem)
        if point.length_from is not None and point.length_from.point not in names:
            problem = f"{point.name} takes its length from {point.length_from.point}, but not in all variants"
            raise PlanError(point.name, problem)


def _read_plan(link: Link, points: tuple[Point, ...]) -> tuple[tuple[Block, ...], Block | None]:
    """Return the blocks and the probe.

    A device that writes into our registers may not have written a point's neighbours: each is read alone.
    """
    if not isinstance(link, ModbusDefaults):
        return (), None
    if link.answers:
        return compile_plan(points, max_read=link.max_read, max_hole=0, one_per_read=True), None
    blocks = compile_plan(
        points,
        max_read=link.max_read,
        max_hole=link.max_hole,
        barriers=link.barriers,
        one_per_read=link.one_per_read,
    )
    probe = choose_probe(blocks, pieces=link.one_per_read)
    if probe is None and link.serial is not None and not shapes_differ(blocks):
        raise PlanError(
            blocks[0].points[0].name,
            "with one_per_read some replies have the same length, so a read of another length is needed to "
            "tell late ones apart: add a longer point, such as the serial number",
        )
    return blocks, probe


def _combinations(points: tuple[Point, ...], instances: int) -> Iterator[dict[str, Value | None]]:
    """Yield values for the points that conditions are about: all that make a difference."""
    about: dict[str, list[Condition]] = {}
    for point in points:
        for condition in point.when:
            about.setdefault(condition.point, []).append(condition)
    by_name = {point.name: point for point in points}
    classes = [_classes(by_name[name], conditions) for name, conditions in about.items()]
    most = MOST_COMBINATIONS // instances
    if prod(map(len, classes)) > most:
        each = f" for each of {instances} instances" if instances > 1 else ""
        raise TooManyVariants(f"the 'when' conditions have more than {most} combinations{each}")
    for values in product(*classes):
        yield dict(zip(about, values, strict=True))


def _classes(point: Point, conditions: list[Condition]) -> list[Value | None]:
    """Return one value of each class that the conditions tell apart."""
    classes: dict[tuple[bool, ...], Value | None] = {}
    for value in dict.fromkeys(_samples(point, conditions)):
        classes.setdefault(tuple(condition.holds(value) for condition in conditions), value)
    return list(classes.values())


def _samples(point: Point, conditions: list[Condition]) -> Iterator[Value | None]:
    """Yield None, every value that a condition names, and values between all of them."""
    yield None
    critical = dict.fromkeys(value for condition in conditions for value in condition.values)
    bounds = dict.fromkeys(b for one in conditions for b in (one.at_least, one.at_most) if b is not None)
    yield from critical
    step = _step(point)
    for number in critical | bounds:
        if isinstance(number, Decimal):
            yield from (number - step, number, number + step)
    for bound in bounds:
        if isinstance(bound, str):
            parts = version(bound) or ()
            yield from (bound, _text((*parts, *_BETWEEN)), _below(parts))


def _step(point: Point) -> Decimal:
    """Return the smallest difference between two values of a point."""
    if point.type in INTEGERS:
        return abs(point.scale * point.unit_factor)
    return Decimal("1e-9")


def _below(parts: tuple[int, ...]) -> str:
    """Return the largest version below this one that anybody would write."""
    *head, last = parts or (0,)
    return _text((*head, last - 1, 999999999)) if last else "0"


def _text(parts: tuple[int, ...]) -> str:
    return ".".join(map(str, parts))
