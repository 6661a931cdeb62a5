"""Reads values of points, and conditions and settings made of them; the points must be known already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from drivers.profiles.codec import EXACT, SIZED
from drivers.profiles.conditions import Condition, version
from drivers.profiles.fields import Entry
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.writes import Setting, Variable

NO_NUMBERS: Final = ("coil", "char_low", *SIZED)
"""The formats that are no numbers."""
PATTERN_CHARACTERS: Final = "*?"
VARIABLE: Final = "$"

Points = Mapping[str, Point]


def is_number(point: Point) -> bool:
    """Tell whether the point is a plain number that the device can be asked for."""
    named = point.states or point.bits or point.scaled_by
    return point.readable and not named and point.type not in NO_NUMBERS


def read_value(point: Point, entry: Entry) -> Value:
    """Return a value of the point, given in the register's unit, which its registers must be able to hold."""
    value = _value(point, entry)
    try:
        point.encode(value)
    except ValueError as error:
        entry.fail(str(error))
    return value


def read_conditions(entry: Entry | None, points: Points, *, patterns: bool = False) -> tuple[Condition, ...]:
    """Return conditions on points; `patterns` may stand for texts where no variant depends on them."""
    if entry is None:
        return ()
    conditions = tuple(
        _condition(points[one.named(name, points)], one, patterns=patterns) for name, one in entry.fields()
    )
    if not conditions:
        entry.fail("at least one point is needed, and what it must have")
    return conditions


def read_settings(
    entry: Entry, points: Points, *, variables: bool = False, listed: bool = True
) -> tuple[Setting, ...]:
    """Return what to write where: a list of point: value, or one mapping of them; at least one."""
    mappings = entry.items() if listed else [entry]
    if not mappings:
        entry.fail("at least one point and its value are needed")
    return tuple(one for mapping in mappings for one in _settings(mapping, points, variables=variables))


def read_names(entry: Entry, known: Collection[str]) -> tuple[str, ...]:
    """Return a list of names, each a known one; at least one."""
    names = tuple(item.choice(known) for item in entry.items())
    if not names:
        entry.fail("at least one name is needed")
    return names


def _value(point: Point, entry: Entry) -> Value:
    if point.states:
        return entry.choice(tuple(point.states.values()))
    if point.bits:
        return frozenset(item.choice(tuple(point.bits.values())) for item in entry.items())
    if point.type == "coil":
        return entry.switch()
    if point.type in {"char_low", *SIZED}:
        return entry.text()
    return EXACT.multiply(entry.decimal(), point.unit_factor)


def _settings(entry: Entry, points: Points, *, variables: bool) -> tuple[Setting, ...]:
    settings = tuple(
        _setting(points[one.named(name, points)], one, variables=variables) for name, one in entry.fields()
    )
    if not settings:
        entry.fail("at least one point and its value are needed")
    return settings


def _setting(point: Point, entry: Entry, *, variables: bool) -> Setting:
    if point.write is None:
        entry.fail(f"{point.name!r} cannot be written: it has no 'write'")
    if entry.is_text() and entry.text().startswith(VARIABLE):
        name = entry.text().removeprefix(VARIABLE)
        if not variables:
            entry.fail("a $variable can only stand in a script")
        if not name.isidentifier():
            entry.fail(f"{VARIABLE + name!r} is no variable: $ and a name are needed")
        return Setting(point.name, Variable(name))
    value = read_value(point, entry)
    if not point.allows(value):
        entry.fail(f"{point.name!r} cannot be set to this; allowed: {point.write.bounds}")
    return Setting(point.name, value)


def _condition(point: Point, entry: Entry, *, patterns: bool) -> Condition:
    if point.bits:
        entry.fail(f"{point.name!r} is a bit field: give the bit a point of its own, with a mask and states")
    if not point.readable:
        entry.fail(f"{point.name!r} cannot be read")
    if entry.is_mapping():
        return _bounded(point, entry)
    items = entry.items() if entry.is_list() else [entry]
    values = tuple(_value_or_pattern(point, item, patterns=patterns) for item in items)
    if not values:
        entry.fail("at least one value is needed")
    return Condition(point=point.name, values=values)


def _value_or_pattern(point: Point, entry: Entry, *, patterns: bool) -> Value:
    text = not point.states and point.type == "string"
    if text and any(character in entry.text() for character in PATTERN_CHARACTERS):
        if not patterns:
            entry.fail("an exact text is needed: variants cannot depend on patterns")
        return entry.text()
    return read_value(point, entry)


def _bounded(point: Point, entry: Entry) -> Condition:
    fields = entry.fields()
    least, most = fields.get("at_least"), fields.get("at_most")
    fields.no_others()
    if least is None and most is None:
        entry.fail("one of at_least, at_most is needed")
    low, high = (None if one is None else _bound(point, one) for one in (least, most))
    return Condition(point=point.name, at_least=low, at_most=high)


def _bound(point: Point, entry: Entry) -> Value:
    value = None if point.states else _value(point, entry)
    ordered = isinstance(value, Decimal) or (isinstance(value, str) and version(value) is not None)
    if value is None or not ordered:
        entry.fail(f"{point.name!r} has no order here: a number is needed, or a text with a version number")
    return value
