"""Values of points as a technician reads and types them: in the unit of the profile."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from agent.technician.errors import TechnicianError
from drivers.profiles.codec import EXACT
from drivers.profiles.point import Point
from drivers.profiles.values import Value

DECIMALS = 6


def shown(point: Point, value: Value | None) -> str:
    """Return a value as text without its unit."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, Decimal):
        return number(EXACT.divide(value, point.unit_factor))
    return value


def number(value: Decimal) -> str:
    """Return a number with six decimals at most: more only shows how a float is made."""
    rounded = round(value, DECIMALS)
    return f"{rounded.normalize():f}" if rounded else "0"


def unit_of(point: Point) -> str:
    """Return the unit that `shown` counts in."""
    return point.unit or ""


def typed(point: Point, text: str) -> Value:
    """Return the value that somebody typed for a point.

    Raises:
        TechnicianError: If the point has no such value.
    """
    if point.states:
        if text not in point.states.values():
            raise TechnicianError(f"{point.name} is one of {', '.join(point.states.values())}, not {text!r}")
        return text
    if point.bits:
        names = frozenset(filter(None, text.replace(" ", "").split(",")))
        if unknown := names - set(point.bits.values()):
            raise TechnicianError(f"{point.name}: {', '.join(sorted(unknown))}: no such bit")
        return names
    if point.space in {"coil", "discrete"}:
        if text not in {"on", "off"}:
            raise TechnicianError(f"{point.name} is on or off, not {text!r}")
        return text == "on"
    if point.type in {"string", "bytes"}:
        return text
    try:
        return EXACT.multiply(Decimal(text), point.unit_factor)
    except InvalidOperation as error:
        raise TechnicianError(f"{point.name} is a number, not {text!r}") from error
