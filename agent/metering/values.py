"""Whether the values of one poll can be true, alone and together. Pure.

The registers of one poll are milliseconds to a second apart, and a vehicle changes its current by several
amperes in that time: power is held against voltage and current only as closely as that allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from agent.metering.limits import Limits
from agent.metering.problems import Problem
from drivers.readings import Measurand, MeterReading, Phase, Quality, Reading

_BETWEEN_PHASES: Final = Decimal("1.74")
"""A little more than the square root of 3."""
_MOST_DC_V: Final = Decimal(1500)
"""A voltage of no phase may be a DC meter's; there low voltage ends."""
_FREQUENCY_HZ: Final = (Decimal(40), Decimal(70))
_BACKWARDS_W: Final = Decimal(-100)
"""Noise of a meter without load stays above this."""
_TOLERANCE: Final = Decimal("0.1")
_RAMP_A: Final = Decimal(2)
_LOWEST_POWER_FACTOR: Final = Decimal("0.7")
"""Of a vehicle that draws, where the meter does not say what it is."""
_POWER: Final = "Power.Active.Import"
_SINGLE: Final[tuple[tuple[Phase, Phase], ...]] = (("L1", "L1-N"), ("L2", "L2-N"), ("L3", "L3-N"))

Key = tuple[Measurand, Phase | None]


def suspects(reading: MeterReading, limits: Limits) -> dict[Key, Problem]:
    """Return which good values of this poll cannot be true, and why; energy is judged by its history."""
    good = {
        (item.measurand, item.phase): item.value
        for item in reading.readings
        if item.quality is Quality.GOOD and item.value is not None
    }
    found = {key: Problem.OUT_OF_RANGE for key, value in good.items() if not _is_possible(key, value, limits)}
    believed = {key: value for key, value in good.items() if key not in found}
    for key in _contradicted(believed):
        found[key] = Problem.POWER_MISMATCH
    for key, value in believed.items():
        if key[0] == _POWER and value < _BACKWARDS_W:
            found[key] = Problem.BACKWARDS
    return found


def flowing_w(reading: MeterReading, suspect: dict[Key, Problem]) -> Decimal | None:
    """Return the power that flows into the vehicle, as far as believable values tell.

    A lower bound where only voltage and current tell it.
    """
    good = {
        (item.measurand, item.phase): item.value
        for item in reading.readings
        if item.quality is Quality.GOOD
        and item.value is not None
        and suspect.get((item.measurand, item.phase)) in (None, Problem.FROZEN)
    }
    total = good.get((_POWER, None))
    if total is not None:
        return total
    apparent = [va for pair in _SINGLE if (va := _apparent_va(good, *pair)) is not None]
    return sum(apparent, Decimal(0)) * _LOWEST_POWER_FACTOR if apparent else None


def largest_current_a(reading: MeterReading) -> Decimal:
    """Return the largest current of any conductor in A, 0 if the meter says none."""
    currents = (item.value for item in reading.readings if item.measurand == "Current.Import")
    return max((abs(value) for value in currents if value is not None), default=Decimal(0))


def _is_possible(key: Key, value: Decimal, limits: Limits) -> bool:
    measurand, phase = key
    match measurand.split(".")[0]:
        case "Voltage":
            return 0 <= value <= _most_v(phase, limits)
        case "Current":
            return abs(value) <= limits.most_a
        case "Frequency":
            return value == 0 or _FREQUENCY_HZ[0] <= value <= _FREQUENCY_HZ[1]
        case "SoC":
            return 0 <= value <= 100
        case "Energy":
            return value >= 0
        case _:
            return abs(value) <= (Decimal("1.01") if measurand == "Power.Factor" else limits.most_w)


def _most_v(phase: Phase | None, limits: Limits) -> Decimal:
    if phase is None:
        return _MOST_DC_V
    return limits.most_v * (_BETWEEN_PHASES if phase in ("L1-L2", "L2-L3", "L3-L1") else 1)


def _contradicted(good: dict[Key, Decimal]) -> Iterator[Key]:
    """Yield each power that voltage and current of the same phases contradict."""
    apparent: list[Decimal] = []
    for phase, to_neutral in _SINGLE:
        va = _apparent_va(good, phase, to_neutral)
        if va is None:
            continue
        apparent.append(va)
        slack_w = _RAMP_A * good.get(("Voltage", to_neutral), good.get(("Voltage", phase), Decimal(0)))
        for key in ((_POWER, phase), (_POWER, to_neutral)):
            if key in good and not _agrees(good[key], va, good.get(("Power.Factor", phase)), slack_w):
                yield key
    measured = [1 for phase, _ in _SINGLE if ("Current.Import", phase) in good]
    if apparent and len(apparent) == len(measured) and (_POWER, None) in good:
        slack_w = _RAMP_A * max(value for key, value in good.items() if key[0] == "Voltage") * len(apparent)
        total_va = sum(apparent, Decimal(0))
        if not _agrees(good[_POWER, None], total_va, good.get(("Power.Factor", None)), slack_w):
            yield (_POWER, None)


def _apparent_va(good: dict[Key, Decimal], phase: Phase, to_neutral: Phase) -> Decimal | None:
    current_a = good.get(("Current.Import", phase))
    voltage_v = good.get(("Voltage", to_neutral), good.get(("Voltage", phase)))
    return None if current_a is None or voltage_v is None else abs(current_a) * voltage_v


def _agrees(power_w: Decimal, apparent_va: Decimal, factor: Decimal | None, slack_w: Decimal) -> bool:
    """Tell whether |P| = S * |pf| within the tolerance; without pf, whether it is one of a vehicle's."""
    least = _LOWEST_POWER_FACTOR if factor is None else abs(factor)
    most = Decimal(1) if factor is None else abs(factor)
    tolerance_w = apparent_va * _TOLERANCE + slack_w
    return apparent_va * least - tolerance_w <= abs(power_w) <= apparent_va * most + tolerance_w


def marked(reading: Reading, problem: Problem | None) -> Reading:
    """Return the reading, SUSPECT if there is a problem with it."""
    if problem is None or reading.quality is not Quality.GOOD:
        return reading
    return Reading(
        measurand=reading.measurand,
        phase=reading.phase,
        value=reading.value,
        unit=reading.unit,
        quality=Quality.SUSPECT,
        taken_at=reading.taken_at,
    )
