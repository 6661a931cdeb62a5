"""What a measuring device shows of a bay: voltages, currents, powers, energy. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from drivers.emulated.charging_bay import Scene
from drivers.emulated.counter import Counter
from drivers.emulated.ev import charged_ppm
from drivers.emulated.grid import PHASES
from drivers.readings import Measurand, Phase

PHASE_INDEX: dict[Phase, int] = {"L1": 0, "L2": 1, "L3": 2, "L1-N": 0, "L2-N": 1, "L3-N": 2}
PERCENT_PER_PPM = Decimal("0.0001")


def measured(measurand: Measurand, phase: Phase | None, scene: Scene, counter: Counter) -> Decimal | None:
    """Return what is measured, in the unit of its reading; None for what no emulated hardware measures."""
    if phase is not None and phase not in PHASE_INDEX:
        return None
    index = None if phase is None else PHASE_INDEX[phase]
    if measurand == "Energy.Active.Import.Register":
        return _energy_import(scene, index, counter)
    show = _MEASURED.get(measurand)
    return None if show is None else show(scene, index)


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


def _energy_import(scene: Scene, index: int | None, counter: Counter) -> Decimal:
    if index is None:
        return Decimal(counter.shows_mwh(scene.state.passed_mwh))
    return Decimal(counter.start_mwh // PHASES + scene.state.phase_mwh(index))


def _state_of_charge(scene: Scene, index: int | None) -> Decimal | None:
    """Return the battery's charge (%), which nobody can tell while the vehicle is not there."""
    if index is not None or not scene.state.ev.plugged:
        return None
    return charged_ppm(scene.ev, scene.state.ev) * PERCENT_PER_PPM


_MEASURED: dict[Measurand, Callable[[Scene, int | None], Decimal | None]] = {
    "Voltage": _voltage,
    "Current.Import": lambda scene, index: _thousandths(scene.measured.currents_ma, index),
    "Power.Active.Import": lambda scene, index: _thousandths(scene.measured.powers_mw, index),
    "Power.Reactive.Import": _reactive,
    "Power.Factor": _power_factor,
    "Frequency": lambda scene, _: Decimal(scene.measured.frequency_mhz).scaleb(-3),
    "SoC": _state_of_charge,
}
