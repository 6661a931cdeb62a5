"""How points say yes and no: with a bit, or with the names of states."""

from __future__ import annotations

from typing import Final

from drivers.profiles.point import Point
from drivers.profiles.values import Value

ON_OFF: Final = ("on", "off")


def named(point: Point, yes: bool, names: tuple[str, str] = ON_OFF) -> Value:
    """Return the point's value for yes or no; `names` are those of its states."""
    return names[0 if yes else 1] if point.states else yes


def is_on(value: Value) -> bool:
    """Tell whether a written value switches something on."""
    return value in {True, ON_OFF[0]}
