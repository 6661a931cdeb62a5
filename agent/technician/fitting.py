"""Which profiles fit a device: proven by what it says of itself, or because its values make sense. No IO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

MAINS_V: Final = (Decimal(80), Decimal(320))
MAINS_HZ: Final = (Decimal(45), Decimal(65))
MOST: Final = {"A": Decimal(10_000), "W": Decimal(5_000_000), "V": Decimal(1_500)}
"""More than this nothing in a charging station measures; by the reading's unit."""
ENOUGH: Final = Decimal("0.9")
"""Share of values that must make sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A profile that fits."""

    profile: str
    is_proven: bool
    why: str
    weight: int
    """How many values speak for it."""


def fit(profile: Profile, values: Mapping[str, Value | None]) -> Fit | None:
    """Return how the profile fits a device that has these values (points by name), None if it does not."""
    if profile.identify:
        if all(condition.holds(values.get(condition.point)) for condition in profile.identify):
            why = ", ".join(map(str, profile.identify))
            return Fit(profile=profile.id, is_proven=True, why=why, weight=len(values))
        return None
    points = [point for point in profile.points if point.name in values]
    sensible = [point for point in points if makes_sense(point, values[point.name])]
    if not any(speaks(point, values[point.name]) for point in sensible):
        return None
    if len(sensible) < ENOUGH * len(points):
        return None
    why = f"{len(sensible)} of {len(points)} values make sense"
    return Fit(profile=profile.id, is_proven=False, why=why, weight=len(sensible))


def makes_sense(point: Point, value: Value | None) -> bool:
    """Tell whether a device of this kind can have that value."""
    if value is None:
        return False
    if not isinstance(value, Decimal):
        return not isinstance(value, str) or value.isprintable()
    if point.measurand == "Frequency":
        return value == 0 or MAINS_HZ[0] <= value <= MAINS_HZ[1]
    most = MOST.get(point.reading_unit or "")
    return most is None or abs(value) <= most


def speaks(point: Point, value: Value | None) -> bool:
    """Tell whether the value is one that hardly comes about by chance."""
    if isinstance(value, Decimal):
        if point.measurand == "Frequency":
            return MAINS_HZ[0] <= value <= MAINS_HZ[1]
        return point.measurand == "Voltage" and MAINS_V[0] <= value <= MAINS_V[1]
    return point.role == "pilot" and value is not None
