"""What an output of direct current does, one stage after the other: a table and a pure step.

The order is that of IEC 61851-23: contactors close on a dead output, the insulation is tested at the voltage
that is to come, the output falls before the vehicle closes its own contactors, and no contactor opens under
current. Power that is no longer wanted, and faults, end every stage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

from agent.iso15118.facts import Isolation
from drivers.readings import IsolationAlarm

DEAD_V: Final = Decimal(60)
"""What may be touched (IEC 61851-23)."""
IDLE_A: Final = Decimal(1)
"""Below this a contactor opens without harm."""
REACHED: Final = Decimal("0.95")
"""The part of the test's voltage at which the insulation is measured."""
FAULTY_OHM_PER_V: Final = 100
GOOD_OHM_PER_V: Final = 500
"""Insulation below the first is a fault, below the second worth a warning (IEC 61851-23, CC.4.1)."""

RAISES_WITHIN_S: Final = 10.0
TESTS_WITHIN_S: Final = 30.0
FALLS_WITHIN_S: Final = 10.0
RAMPS_WITHIN_S: Final = 2.0


class Stage(Enum):
    """Where an output is on its way."""

    OFF = "off"
    RAISING = "raising"
    TESTING = "testing"
    LOWERING = "lowering"
    READY = "ready"
    GIVING = "giving"
    RAMPING = "ramping"
    FAULTED = "faulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """An output at one moment. `fault` stays until the next vehicle, or the next conversation."""

    stage: Stage = Stage.OFF
    since_s: float = 0.0
    test_v: Decimal = Decimal(0)
    isolation: Isolation = "unknown"
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insulation:
    """What the monitor says; a resistance is None while there is none that counts."""

    resistance_ohm: Decimal | None = None
    alarm: IsolationAlarm = IsolationAlarm.NONE
    problem: str | None = None
    """Why nothing can be said: it does not answer, or its own test failed."""
    is_tested: bool = False
    """Whether the monitor has passed its own test since this test of the cable began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is there. `is_closed`: power is let through, and the vehicle is ready for it."""

    now_s: float
    voltage_v: Decimal
    current_a: Decimal
    is_closed: bool
    insulation: Insulation = Insulation()
    problem: str | None = None
    """What is wrong with the supply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted. `check_v`: a test of the cable at this voltage; `has_target`: something to deliver."""

    has_power: bool = False
    check_v: Decimal | None = None
    has_target: bool = False


def step(path: Path, seen: Seen, wanted: Wanted) -> Path:
    """Return where the output is after it has looked around."""
    if path.stage is Stage.FAULTED:
        return path
    fault = seen.problem if path.stage is not Stage.OFF else None
    if fault is not None:
        return _failed(path, seen, fault)
    if not wanted.has_power and path.stage not in (Stage.OFF, Stage.RAMPING):
        return _at(path, seen, Stage.RAMPING)
    return _STEPS[path.stage](path, seen, wanted)


def judged(insulation: Insulation, voltage_v: Decimal) -> Isolation:
    """Return what insulation is worth at this voltage; "testing" while there is nothing to judge."""
    if insulation.alarm in (IsolationAlarm.ALARM, IsolationAlarm.DEVICE_FAULT):
        return "fault"
    if insulation.resistance_ohm is None:
        return "testing"
    if insulation.resistance_ohm < FAULTY_OHM_PER_V * voltage_v:
        return "fault"
    is_poor = insulation.resistance_ohm < GOOD_OHM_PER_V * voltage_v
    return "warning" if is_poor or insulation.alarm is IsolationAlarm.WARNING else "valid"


def _off(path: Path, seen: Seen, wanted: Wanted) -> Path:
    if not (wanted.has_power and seen.is_closed and wanted.check_v is not None):
        return path
    if seen.voltage_v > DEAD_V:
        return _failed(path, seen, f"{seen.voltage_v:.0f} V stand at an output that is off")
    return replace(_at(path, seen, Stage.RAISING), test_v=wanted.check_v, isolation="testing")


def _raising(path: Path, seen: Seen, _: Wanted) -> Path:
    if seen.voltage_v >= path.test_v * REACHED:
        return _at(path, seen, Stage.TESTING)
    return _unless_late(path, seen, RAISES_WITHIN_S, f"the supply does not reach {path.test_v:.0f} V")


def _testing(path: Path, seen: Seen, _: Wanted) -> Path:
    if seen.insulation.problem is not None:
        return _failed(path, seen, seen.insulation.problem, "fault")
    found = judged(seen.insulation, path.test_v) if seen.insulation.is_tested else "testing"
    if found == "fault":
        return _failed(path, seen, _faulty(seen.insulation), "fault")
    if found != "testing":
        return replace(_at(path, seen, Stage.LOWERING), isolation=found)
    return _unless_late(path, seen, TESTS_WITHIN_S, "the isolation monitor comes to no result")


def _lowering(path: Path, seen: Seen, _: Wanted) -> Path:
    if seen.voltage_v < DEAD_V:
        return _at(path, seen, Stage.READY)
    return _unless_late(path, seen, FALLS_WITHIN_S, "the output's voltage does not fall after the test")


def _ready(path: Path, seen: Seen, wanted: Wanted) -> Path:
    return _at(path, seen, Stage.GIVING) if wanted.has_target else _watched(path, seen)


def _giving(path: Path, seen: Seen, _: Wanted) -> Path:
    return _watched(path, seen) if seen.is_closed else _at(path, seen, Stage.RAMPING)


def _ramping(path: Path, seen: Seen, _: Wanted) -> Path:
    is_over = seen.now_s - path.since_s >= RAMPS_WITHIN_S
    return _at(path, seen, Stage.OFF) if abs(seen.current_a) < IDLE_A or is_over else path


def _watched(path: Path, seen: Seen) -> Path:
    """Return the output with its insulation as it is now; no test of its own is under way."""
    if seen.insulation.problem is not None:
        return _failed(path, seen, seen.insulation.problem, "fault")
    found = judged(seen.insulation, max(seen.voltage_v, path.test_v))
    if found == "fault":
        return _failed(path, seen, _faulty(seen.insulation), "fault")
    return path if found == "testing" else replace(path, isolation=found)


def _faulty(insulation: Insulation) -> str:
    if insulation.alarm is IsolationAlarm.DEVICE_FAULT:
        return "the isolation monitor is faulty"
    ohm = insulation.resistance_ohm
    return "insulation fault" + ("" if ohm is None else f": {ohm / 1000:.0f} kOhm")


def _unless_late(path: Path, seen: Seen, within_s: float, fault: str) -> Path:
    return _failed(path, seen, fault) if seen.now_s - path.since_s > within_s else path


def _failed(path: Path, seen: Seen, fault: str, isolation: Isolation | None = None) -> Path:
    known = path.isolation if path.isolation != "testing" else "unknown"
    return replace(_at(path, seen, Stage.FAULTED), fault=fault, isolation=isolation or known)


def _at(path: Path, seen: Seen, stage: Stage) -> Path:
    return replace(path, stage=stage, since_s=seen.now_s)


_STEPS: Final[dict[Stage, Callable[[Path, Seen, Wanted], Path]]] = {
    Stage.OFF: _off,
    Stage.RAISING: _raising,
    Stage.TESTING: _testing,
    Stage.LOWERING: _lowering,
    Stage.READY: _ready,
    Stage.GIVING: _giving,
    Stage.RAMPING: _ramping,
}
