"""The mains at the meter: three voltages and a frequency that wander, and sag under load. Pure."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

PHASES = 3
WANDER_PERIODS_S = (37.0, 211.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSpec:
    """The supply of one charging station."""

    voltage_v: float = 230.0
    wander_v: float = 1.5
    """How far each phase wanders from its voltage, at most."""
    resistance_ohm: float = 0.3
    """Of line and neutral together: how much the voltage sags under load."""
    frequency_hz: float = 50.0
    wander_hz: float = 0.03


@dataclass(frozen=True, slots=True)
class Mains:
    """What the supply does now that it usually does not; None leaves it as it usually is."""

    voltage_v: float | None = None
    frequency_hz: float | None = None
    sag_v: float = 0.0
    """By how much the voltage of every phase has dropped."""


USUAL = Mains()


class Grid:
    """The supply as a function of time; the seed decides how it wanders."""

    def __init__(self, spec: GridSpec, seed: int) -> None:
        self._spec = spec
        rng = random.Random(seed)  # noqa: S311  reproducible, not secret
        self._offsets = tuple(
            tuple(rng.uniform(0, math.tau) for _ in WANDER_PERIODS_S) for _ in range(PHASES + 1)
        )

    def voltage_mv(self, phase: int, elapsed_us: int, current_ma: int, mains: Mains = USUAL) -> int:
        """Return the voltage (mV) of phase 0..2 while it carries this current."""
        usual_v = self._spec.voltage_v if mains.voltage_v is None else mains.voltage_v
        wander_v = self._spec.wander_v * self._wander(phase, elapsed_us)
        sag_v = self._spec.resistance_ohm * current_ma / 1000 + mains.sag_v
        return max(0, round(1000 * (usual_v + wander_v - sag_v)))

    def frequency_mhz(self, elapsed_us: int, mains: Mains = USUAL) -> int:
        """Return the frequency in millihertz."""
        usual_hz = self._spec.frequency_hz if mains.frequency_hz is None else mains.frequency_hz
        return round(1000 * (usual_hz + self._spec.wander_hz * self._wander(PHASES, elapsed_us)))

    def _wander(self, which: int, elapsed_us: int) -> float:
        """Return a slow wave between -1 and 1."""
        waves = zip(WANDER_PERIODS_S, self._offsets[which], strict=True)
        total = sum(math.sin(math.tau * elapsed_us / 1e6 / period_s + offset) for period_s, offset in waves)
        return total / len(WANDER_PERIODS_S)
