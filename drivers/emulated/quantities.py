"""What each point of a profile shows of the physics, and what a write to it changes. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from drivers.emulated.controller import ControllerState
from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import PHASES
from drivers.emulated.physics import BayState, Measured
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value
from drivers.readings import Measurand, Phase

PHASE_INDEX: dict[Phase, int] = {"L1": 0, "L2": 1, "L3": 2, "L1-N": 0, "L2-N": 1, "L3-N": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A moment of the bay as its devices see it."""

    state: BayState
    measured: Measured
    ev: EvSpec
    meter_start_mwh: int
    """What the meter had counted before this bay existed."""

    @property
    def energy_mwh(self) -> int:
        """The meter's total, exactly."""
        return self.meter_start_mwh + self.state.passed_mwh


def value_of(point: Point, scene: Scene) -> Value | None:
    """Return what the point shows, in its reading's unit; None for what no emulated hardware drives."""
    if point.measurand is not None:
        return _measured(point.measurand, point.phase, scene)
    show = _BY_ROLE.get(point.role) if point.role is not None else _BY_NAME.get(point.name)
    return None if show is None else show(scene)


def change(controller: ControllerState, point: Point, value: Value) -> ControllerState:
    """Return the controller after this write; a point that it does not know leaves it as it is."""
    if point.role == "enable":
        return replace(controller, enabled=bool(value))
    if point.role == "max_current" and isinstance(value, Decimal):
        return replace(controller, limit_ma=int(value * 1000))
    if point.name == "station_available":
        return replace(controller, available=bool(value))
    return controller


def _measured(measurand: Measurand, phase: Phase | None, scene: Scene) -> Value | None:
    if measurand not in _MEASURED or (phase is not None and phase not in PHASE_INDEX):
        return None
    index = None if phase is None else PHASE_INDEX[phase]
    return _MEASURED[measurand](scene, index)


def _thousandths(values: tuple[int, ...], index: int | None) -> Decimal:
    return Decimal(sum(values) if index is None else values[index]).scaleb(-3)


def _voltage(scene: Scene, index: int | None) -> Decimal:
    """Return the voltage of a phase; without one, the mean of all."""
    voltages_mv = scene.measured.voltages_mv
    mean_mv = round(sum(voltages_mv) / PHASES)
    return Decimal(mean_mv if index is None else voltages_mv[index]).scaleb(-3)


def _reactive(scene: Scene, index: int | None) -> Decimal:
    factor = scene.ev.power_factor
    per_watt = math.sqrt(1 - factor**2) / factor
    active_w = float(_thousandths(scene.measured.powers_mw, index))
    return Decimal(round(active_w * per_watt * 1000)).scaleb(-3)


def _power_factor(scene: Scene, index: int | None) -> Decimal:
    """Return the vehicle's power factor; a meter without load shows 1."""
    loaded = _thousandths(scene.measured.powers_mw, index) > 0
    return Decimal(str(scene.ev.power_factor)) if loaded else Decimal(1)


def _energy_import(scene: Scene, index: int | None) -> Decimal:
    if index is None:
        return Decimal(scene.energy_mwh)
    return Decimal(scene.meter_start_mwh // PHASES + scene.state.phase_mwh(index))


_MEASURED: dict[Measurand, Callable[[Scene, int | None], Decimal]] = {
    "Voltage": _voltage,
    "Current.Import": lambda scene, index: _thousandths(scene.measured.currents_ma, index),
    "Power.Active.Import": lambda scene, index: _thousandths(scene.measured.powers_mw, index),
    "Power.Reactive.Import": _reactive,
    "Power.Factor": _power_factor,
    "Frequency": lambda scene, _: Decimal(scene.measured.frequency_mhz).scaleb(-3),
    "Energy.Active.Import.Register": _energy_import,
}
_BY_ROLE: dict[Role, Callable[[Scene], Value]] = {
    "pilot": lambda scene: scene.state.pilot.value,
    "cable_limit": lambda scene: Decimal(scene.ev.cable_limit_a if scene.state.ev.plugged else 0),
    "max_current": lambda scene: Decimal(scene.state.controller.limit_ma).scaleb(-3),
    "enable": lambda scene: scene.state.controller.enabled,
}
_BY_NAME: dict[str, Callable[[Scene], Value]] = {
    "station_available": lambda scene: scene.state.controller.available,
    "charge_time_s": lambda scene: Decimal(scene.state.charging_us // 1_000_000),
}
