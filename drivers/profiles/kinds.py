"""What a device of each kind must have, in every variant of it that can be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from drivers.profiles.derived import Derived
from drivers.profiles.links import Protocol
from drivers.profiles.model import Kind, Variant
from drivers.profiles.point import Point, Role
from drivers.readings import Measurand, Phase

NEEDED_ROLES: Final[dict[Kind, tuple[Role, ...]]] = {
    "charge-controller": ("pilot", "max_current"),
    "dc-charger": ("state", "set_power"),
    "isolation-monitor": ("resistance", "isolation_alarm"),
    "bay-sensor": ("occupied",),
}
NEEDED_MEASURANDS: Final[dict[Kind, tuple[Measurand, ...]]] = {
    "meter": ("Energy.Active.Import.Register",),
    "power-supply": ("Voltage", "Current.Import"),
}
KINDS_OVER: Final[dict[Protocol, tuple[Kind, ...]]] = {
    "modbus": ("meter", "charge-controller", "dc-charger", "power-supply", "isolation-monitor", "bay-sensor"),
    "rapi": ("charge-controller",),
    "pn532": ("reader",),
    "lem-dcbm": ("meter",),
}
"""What a device can be that speaks a protocol."""
LETS_ENERGY_FLOW: Final[tuple[Role, ...]] = ("max_current", "set_power", "set_current", "set_voltage")
"""What these points are set to decides how much flows."""
SWITCHES_OFF: Final[tuple[Role, ...]] = ("enable", "output")


class KindError(ValueError):
    """A variant is not what its kind must be; `point` is in the way, if a single one is."""

    def __init__(self, problem: str, point: str | None = None) -> None:
        super().__init__(problem)
        self.point = point


def check_unique(points: Iterable[Point], derived: Iterable[Derived]) -> None:
    """Refuse two points for one role, and two values for one measurand and phase: which would count?

    Raises:
        KindError: If there are such.
    """
    roles: dict[Role, str] = {}
    seen: dict[tuple[Measurand, Phase | None], str] = {}
    everything: tuple[Point | Derived, ...] = (*points, *derived)
    for one in everything:
        if isinstance(one, Point) and one.role and roles.setdefault(one.role, one.name) != one.name:
            raise KindError(f"two points have role {one.role!r}", one.name)
        if one.measurand is not None:
            other = seen.setdefault((one.measurand, one.phase), one.name)
            if other != one.name:
                whole = one.phase or "the whole"
                raise KindError(f"{other!r} and {one.name!r} both are {one.measurand} of {whole}")


def check_complete(kind: Kind, variants: Collection[Variant]) -> None:
    """Refuse a device of which no variant has what its kind needs; an unknown one may lack something.

    Raises:
        KindError: If it does.
    """
    problems = [next(_lacks(kind, variant), None) for variant in variants]
    if None not in problems:
        raise KindError(str(problems[-1]))


def check_safe(points: Iterable[Point]) -> None:
    """Refuse a device that can be made to deliver energy, but not to stop.

    Raises:
        KindError: If it can.
    """
    written = {point.role: point for point in points if point.write is not None}
    flows = [written[role] for role in LETS_ENERGY_FLOW if role in written]
    stops = any(role in written for role in SWITCHES_OFF)
    if flows and not stops and all(point.write is None or point.write.off is None for point in flows):
        raise KindError(
            f"{flows[0].name!r} lets energy flow, but nothing stops it: give a point role "
            f"{' or '.join(map(repr, SWITCHES_OFF))}, or this one's 'write' the value that is 'off'",
            flows[0].name,
        )


def _lacks(kind: Kind, variant: Variant) -> Iterator[str]:
    name = kind.replace("-", " ")
    article = "an" if name[0] in "aeiou" else "a"
    roles = {point.role for point in variant.points}
    for role in NEEDED_ROLES.get(kind, ()):
        if role not in roles:
            yield f"{article} {name} needs a point with role {role!r}"
    measured = {(point.measurand, point.phase) for point in variant.points}
    for measurand in NEEDED_MEASURANDS.get(kind, ()):
        if (measurand, None) not in measured:
            yield f"{article} {name} needs a point with measurand {measurand} and no phase"
