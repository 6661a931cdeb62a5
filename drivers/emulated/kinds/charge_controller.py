"""An AC charge controller: pilot, contactor, limit, lock and phases, and the meter that many have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from drivers.emulated.behaviour import Behaviour, Surroundings
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.controller import ControllerState
from drivers.emulated.kinds.meter import Meter
from drivers.emulated.kinds.states import is_on, named
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog

LOCK_ROLES: Final[tuple[Role, ...]] = ("lock", "lock_state")


class ChargeController(Meter):
    """Carries its limit to the bay's pilot, and lets the vehicle have energy while it is enabled."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._has_enable = surroundings.profile.role("enable") is not None
        self.is_locked = False
        """Whether the bolt holds the plug."""

    def shows(self, point: Point) -> Value | None:
        """Return pilot, settings and what is measured."""
        if point.role in LOCK_ROLES:
            return named(point, self.is_locked, ("locked", "unlocked"))
        show = _BY_ROLE.get(point.role) if point.role is not None else _BY_NAME.get(point.name)
        if point.role == "max_current" and not self._has_enable and not self._bay.state.controller.enabled:
            return Decimal(0)
        return super().shows(point) if show is None else show(point, self._bay)

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Set the limit, enable, change phases, hold the plug, or make the station available."""
        controller = self._bay.state.controller
        for point, value in changes:
            controller = self._changed(controller, point, value)
            if point.role == "lock" and "lock-stuck" not in self._bay.state.defects:
                self.is_locked = value in {True, "locked"}
        self._bay.control(controller)

    def power_lost(self) -> None:
        """Open the contactor: its relay has no power either; the bolt stays where it is."""
        self._bay.control(replace(self._bay.state.controller, enabled=False))

    def power_returned(self) -> None:
        """Offer nothing until told, and count a new session."""
        self._bay.control(ControllerState())
        self._bay.new_session()
        self.is_locked = False

    def fall_back(self, watchdog: Watchdog) -> None:
        """Go to the safe current; 0 and what the pilot cannot say end charging."""
        if watchdog.safe_a is not None:
            self._bay.control(self._limited(self._bay.state.controller, watchdog.safe_a))

    def _changed(self, controller: ControllerState, point: Point, value: Value) -> ControllerState:
        if point.role == "enable":
            return replace(controller, enabled=is_on(value))
        if point.role == "digital":
            return replace(controller, digital=is_on(value))
        if point.role == "max_current" and isinstance(value, Decimal):
            return self._limited(controller, value)
        if point.role == "available" or point.name == "station_available":
            return replace(controller, available=is_on(value))
        if point.role == "phases":
            return replace(controller, phases=_phases(value))
        return controller

    def _limited(self, controller: ControllerState, limit_a: Decimal) -> ControllerState:
        """Return the controller with this limit; without a switch of its own, it is on while there is one."""
        enabled = controller.enabled if self._has_enable else limit_a > 0
        return replace(controller, limit_ma=int(limit_a * 1000), enabled=enabled)


def make_charge_controller(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls a charge controller."""
    return ChargeController(surroundings) if surroundings.profile.kind == "charge-controller" else None


def _phases(value: Value) -> Literal[1, 3]:
    return 1 if str(value) == "1" else 3


def _pilot(point: Point, bay: ChargingBay) -> Value | None:
    """Return the pilot's state; a controller that has no name for it shows none."""
    return bay.state.pilot.value if bay.state.pilot.value in point.states.values() else None


def _contactor(point: Point, bay: ChargingBay) -> Value:
    """Return what a relay shows: open, closed, or how many phases it lets through."""
    if not bay.state.contactor_closed:
        return named(point, False, ("closed", "open"))
    through = "one_phase" if bay.state.controller.phases == 1 else "three_phases"
    return through if through in point.states.values() else named(point, True, ("closed", "open"))


Show = Callable[[Point, ChargingBay], Value | None]

_BY_ROLE: Final[dict[Role, Show]] = {
    "pilot": _pilot,
    "cable_limit": lambda _, bay: Decimal(bay.cable_limit_a),
    "max_current": lambda _, bay: Decimal(bay.state.controller.limit_ma).scaleb(-3),
    "enable": lambda point, bay: named(point, bay.state.controller.enabled),
    "digital": lambda point, bay: named(point, bay.state.controller.digital),
    "available": lambda point, bay: named(point, bay.state.controller.available),
    "phases": lambda _, bay: str(bay.state.controller.phases),
    "contactor": _contactor,
}
_BY_NAME: Final[dict[str, Show]] = {
    "station_available": lambda point, bay: named(point, bay.state.controller.available),
    "charge_time_s": lambda _, bay: Decimal(bay.state.charging_us // 1_000_000),
}
