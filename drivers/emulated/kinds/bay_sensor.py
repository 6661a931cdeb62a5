"""The sensor of a parking bay: sees whether a vehicle stands there."""

from __future__ import annotations

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.kinds.states import named
from drivers.profiles.point import Point
from drivers.profiles.values import Value


class BaySensor(Inert):
    """Looks at its bay."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._bay = surroundings.bay

    def shows(self, point: Point) -> Value | None:
        """Return whether the vehicle is there."""
        if point.role != "occupied":
            return None
        return named(point, self._bay.state.vehicle_is_there, ("occupied", "free"))


def make_bay_sensor(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls a bay sensor."""
    return BaySensor(surroundings) if surroundings.profile.kind == "bay-sensor" else None
