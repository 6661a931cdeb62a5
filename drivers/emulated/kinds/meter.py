"""An energy meter: shows what passes through it."""

from __future__ import annotations

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.counter import Counter, end_of
from drivers.emulated.instruments import measured
from drivers.profiles.point import Point
from drivers.profiles.values import Value


class Meter(Inert):
    """Any device with measured points; the base of those that can do more."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._bay = surroundings.bay
        self._counter = Counter(start_mwh=surroundings.start_mwh, ends_mwh=_ends_mwh(surroundings))

    def shows(self, point: Point) -> Value | None:
        """Return what is measured, as of the last tick."""
        if point.measurand is None:
            return None
        return measured(point.measurand, point.phase, self._bay.scene, self._counter)

    @property
    def counter(self) -> Counter | None:
        """The meter's total."""
        return self._counter


def make_meter(surroundings: Surroundings) -> Behaviour | None:
    """Make a plain meter of whatever the profile calls one."""
    return Meter(surroundings) if surroundings.profile.kind == "meter" else None


def _ends_mwh(surroundings: Surroundings) -> int | None:
    """Return where the device's energy register overflows."""
    profile = surroundings.profile
    point = profile.find("Energy.Active.Import.Register")
    if point is None:
        return None
    examples = {one.name: surroundings.shows.get(one.name, one.example) for one in profile.points}
    factor = profile.factor(point, examples)
    return None if factor is None else end_of(point, factor)
