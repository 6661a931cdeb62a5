"""Points by the part they play, and what the states of one that switches something are called."""

from __future__ import annotations

from typing import Final

from drivers.ports import DeviceError
from drivers.profiles.model import Profile
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value

ON: Final = "on"
OFF: Final = "off"


class RoleMissing(DeviceError):
    """The profile fits the device, but this variant of it cannot do what is asked."""


def switched(point: Point, *, on: bool) -> Value:
    """Return the value that switches a point on or off: a bit, or its state of that name."""
    return (ON if on else OFF) if point.states else on


def is_on(value: Value | None) -> bool | None:
    """Return what a switching point's value says, None if it says neither."""
    return yes_or_no(value, ON, OFF)


def yes_or_no(value: Value | None, yes: str, no: str) -> bool | None:
    """Return what a bit says, or a state of one of these names; None if it says neither."""
    if isinstance(value, bool):
        return value
    return {yes: True, no: False}.get(value) if isinstance(value, str) else None


def off_value(point: Point) -> Value | None:
    """Return the value of a set point that means no energy, None if there is none."""
    return point.write.off if point.write is not None else None


def require(profile: Profile, *roles: Role) -> None:
    """Refuse a profile none of whose variants has a point with each of these roles.

    Raises:
        ValueError: If one is missing.
    """
    for role in roles:
        if not any(point.role == role for point in profile.every_point):
            raise ValueError(f"profile {profile.id} has no point with role {role!r}")


def require_off(profile: Profile, limit: Role) -> None:
    """Refuse a profile that cannot take energy away: by role enable, or by a limit's value that means none.

    Raises:
        ValueError: If it has neither.
    """
    if not any(
        point.role == "enable" or (point.role == limit and off_value(point) is not None)
        for point in profile.every_point
    ):
        raise ValueError(f"profile {profile.id} has no role 'enable' and {limit} has no value that means off")


def needed(profile: Profile, role: Role) -> Point:
    """Return the point with this role.

    Raises:
        RoleMissing: If this variant of the device has none.
    """
    point = profile.role(role)
    if point is None:
        raise RoleMissing(f"this variant of {profile.id} has no {role}")
    return point
