"""Reads how a point is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from drivers.profiles.fields import Entry
from drivers.profiles.load_value import NO_NUMBERS, Points, read_conditions, read_value
from drivers.profiles.point import Point, Space
from drivers.profiles.values import UNBOUNDED, Range
from drivers.profiles.writes import WriteFunction, WriteRule

WRITE_FUNCTIONS: Final[dict[Space, tuple[WriteFunction, ...]]] = {"coil": (5, 15), "holding": (6, 16)}
ONE_REGISTER: Final = 6
"""The function that writes a single register."""
LONGEST_SETTLE_MS: Final = 60_000
LONGEST_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """What can only be read when the point itself, or all points, are known."""

    off: Entry | None = None
    needs: Entry | None = None


def read_write(entry: Entry | None, space: Space, count: int) -> tuple[WriteRule | None, Deferred]:
    """Return how a point of `count` registers is written, and what is left to `finish_write`."""
    if entry is None:
        return None, Deferred()
    fields = entry.fields()
    verify, settle = fields.get("verify"), fields.get("settle_ms")
    cool_down, expires, keeps = (fields.get(n) for n in ("cool_down_s", "expires_s", "keeps_others"))
    rule = WriteRule(
        function=_function(fields.need("function"), space, count),
        bounds=read_range(fields.get("range")),
        verify=verify.switch() if verify else True,
        settle_ms=settle.integer(0, LONGEST_SETTLE_MS) if settle else 0,
        cool_down_s=cool_down.integer(0, LONGEST_S) if cool_down else 0,
        expires_s=expires.integer(1, LONGEST_S) if expires else None,
        keeps_others=keeps.switch() if keeps else False,
    )
    deferred = Deferred(off=fields.get("off"), needs=fields.get("needs"))
    fields.no_others()
    return rule, deferred


def check_write(point: Point, entry: Entry) -> WriteRule | None:
    """Return the rule as it is for this point; refuse what contradicts the point."""
    rule = point.write
    if rule is None:
        return None
    if point.scaled_by:
        entry.fail("a point that is scaled by another cannot be written")
    numeric = point.type not in NO_NUMBERS and not point.states and not point.bits
    if rule.bounds != UNBOUNDED and not numeric:
        entry.fail("a 'range' is for numbers: a text, bit or state is either known or not")
    if rule.keeps_others and (point.mask is None or not point.readable):
        entry.fail("'keeps_others' is for a point with a 'mask' that can be read")
    return rule if point.readable else replace(rule, verify=False)


def finish_write(point: Point, deferred: Deferred, points: Points) -> Point:
    """Return the point with the parts of its rule that are made of values."""
    if point.write is None:
        return point
    off = None if deferred.off is None else read_value(point, deferred.off)
    needs = read_conditions(deferred.needs, points)
    return replace(point, write=replace(point.write, off=off, needs=needs))


def read_range(entry: Entry | None) -> Range:
    """Return [lowest, highest]; open if there is none."""
    if entry is None:
        return Range()
    items = entry.items()
    if len(items) != 2:
        entry.fail("[lowest, highest] is needed")
    low, high = (item.decimal() for item in items)
    if low > high:
        entry.fail(f"the lowest value {low} is above the highest {high}")
    return Range(low=low, high=high)


def _function(entry: Entry, space: Space, count: int) -> WriteFunction:
    allowed = WRITE_FUNCTIONS.get(space, ())
    number = entry.integer(1, 127)
    code = next((code for code in allowed if code == number), None)
    if code is None:
        names = " or ".join(map(str, allowed)) or "none: it is read-only"
        entry.fail(f"function {number} does not write space {space!r}; allowed: {names}")
    if code == ONE_REGISTER and count > 1:
        entry.fail(f"function {code} writes one register, and this point has {count}: 16 writes several")
    return code
