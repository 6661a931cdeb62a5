"""An AC charge controller: pilot, contactor and limit, and the meter that many have built in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from drivers.emulated.behaviour import Behaviour, Surroundings
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.controller import ControllerState
from drivers.emulated.kinds.meter import Meter
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog


class ChargeController(Meter):
    """Carries its limit to the bay's pilot, and lets the vehicle have energy while it is enabled."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self._has_enable = surroundings.profile.role("enable") is not None

    def shows(self, point: Point) -> Value | None:
        """Return pilot, settings and what is measured."""
        show = _BY_ROLE.get(point.role) if point.role is not None else _BY_NAME.get(point.name)
        return super().shows(point) if show is None else show(self._bay)

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Set the limit, enable, or make the station available."""
        controller = self._bay.state.controller
        for point, value in changes:
            controller = self._changed(controller, point, value)
        self._bay.control(controller)

    def power_lost(self) -> None:
        """Open the contactor: its relay has no power either."""
        self._bay.control(replace(self._bay.state.controller, enabled=False))

    def power_returned(self) -> None:
        """Offer nothing until told, and count a new session."""
        self._bay.control(ControllerState())
        self._bay.new_session()

    def fall_back(self, watchdog: Watchdog) -> None:
        """Go to the safe current; 0 and what the pilot cannot say end charging."""
        if watchdog.safe_a is not None:
            self._bay.control(self._limited(self._bay.state.controller, watchdog.safe_a))

    def _changed(self, controller: ControllerState, point: Point, value: Value) -> ControllerState:
        if point.role == "enable":
            return replace(controller, enabled=bool(value))
        if point.role == "max_current" and isinstance(value, Decimal):
            return self._limited(controller, value)
        if point.role == "available" or point.name == "station_available":
            return replace(controller, available=bool(value))
        return controller

    def _limited(self, controller: ControllerState, limit_a: Decimal) -> ControllerState:
        """Return the controller with this limit; without a switch of its own, it is on while there is one."""
        enabled = controller.enabled if self._has_enable else limit_a > 0
        return replace(controller, limit_ma=int(limit_a * 1000), enabled=enabled)


def make_charge_controller(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls a charge controller."""
    return ChargeController(surroundings) if surroundings.profile.kind == "charge-controller" else None


_BY_ROLE: Final[dict[Role, Callable[[ChargingBay], Value | None]]] = {
    "pilot": lambda bay: bay.state.pilot.value,
    "cable_limit": lambda bay: Decimal(bay.ev.cable_limit_a if bay.state.ev.plugged else 0),
    "max_current": lambda bay: Decimal(bay.state.controller.limit_ma).scaleb(-3),
    "enable": lambda bay: bay.state.controller.enabled,
    "available": lambda bay: bay.state.controller.available,
}
_BY_NAME: Final[dict[str, Callable[[ChargingBay], Value | None]]] = {
    "station_available": lambda bay: bay.state.controller.available,
    "charge_time_s": lambda bay: Decimal(bay.state.charging_us // 1_000_000),
}
