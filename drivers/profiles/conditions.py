"""Conditions on what another point of the device holds: which variant it is, and what a write needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from drivers.profiles.values import Value

_VERSION: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A point has one of some values, or lies between two (both allowed).

    Texts may be patterns: * for anything, ? for one character. Numbers are compared in the reading's unit;
    texts as version numbers, so that 1.10 is above 1.9.
    """

    point: str
    values: tuple[Value, ...] = ()
    at_least: Value | None = None
    at_most: Value | None = None

    def holds(self, value: Value | None) -> bool:
        """Tell whether the condition holds if the point has this value; it never does if that is None."""
        if value is None:
            return False
        if self.values:
            return any(_is(value, wanted) for wanted in self.values)
        low = self.at_least is None or _compare(value, self.at_least, 1)
        return low and (self.at_most is None or _compare(value, self.at_most, -1))

    def __str__(self) -> str:
        if self.values:
            return f"{self.point} is {' or '.join(map(str, self.values))}"
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        words = [f"{word} {bound}" for word, bound in bounds if bound is not None]
        return f"{self.point} is {' and '.join(words)}"


def version(text: str) -> tuple[int, ...] | None:
    """Return the first version number in a text (1, 10 for "V1.10.0-b2", without last zeros), or None."""
    match = _VERSION.search(text)
    if match is None:
        return None
    parts = [int(part) for part in match[0].split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _is(value: Value, wanted: Value) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return fnmatchcase(value, wanted.replace("[", "[[]"))
    return value == wanted


def _compare(value: Value, bound: Value, sign: int) -> bool:
    """Tell whether the value is not on the wrong side of the bound: below it for 1, above it for -1."""
    if isinstance(value, Decimal) and isinstance(bound, Decimal):
        return (value - bound) * sign >= 0
    if not isinstance(value, str) or not isinstance(bound, str):
        return False
    one, other = version(value), version(bound)
    if one is None or other is None:
        return False
    return one >= other if sign > 0 else one <= other
