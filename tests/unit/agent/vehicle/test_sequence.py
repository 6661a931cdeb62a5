from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.facts import Isolation
from agent.vehicle.sequence import (
    FALLS_WITHIN_S,
    RAISES_WITHIN_S,
    RAMPS_WITHIN_S,
    TESTS_WITHIN_S,
    Insulation,
    Path,
    Seen,
    Stage,
    Wanted,
    judged,
    step,
)
from drivers.readings import IsolationAlarm

DEAD = Seen(now_s=100.0, voltage_v=Decimal(0), current_a=Decimal(0), is_closed=True)
POWER = Wanted(has_power=True)
CHECK = Wanted(has_power=True, check_v=Decimal(500))
TARGET = Wanted(has_power=True, has_target=True)
GOOD = Insulation(resistance_ohm=Decimal(5_000_000), is_tested=True)


def seen(voltage_v: int = 0, current_a: int = 0, **changes: Any) -> Seen:
    return replace(DEAD, voltage_v=Decimal(voltage_v), current_a=Decimal(current_a), **changes)


def at(stage: Stage) -> Path:
    return Path(stage=stage, since_s=100.0, test_v=Decimal(500), isolation="valid")


def test_the_way_from_off_to_giving_and_back() -> None:
    path = step(Path(), DEAD, CHECK)
    assert (path.stage, path.isolation, path.test_v) == (Stage.RAISING, "testing", Decimal(500))
    path = step(path, seen(400), POWER)
    assert path.stage is Stage.RAISING
    path = step(path, seen(480), POWER)
    assert path.stage is Stage.TESTING
    assert step(path, seen(500), POWER).stage is Stage.TESTING, "the monitor has not tested itself"
    path = step(path, seen(500, insulation=GOOD), POWER)
    assert (path.stage, path.isolation) == (Stage.LOWERING, "valid")
    assert step(path, seen(200), POWER).stage is Stage.LOWERING
    path = step(path, seen(10), POWER)
    assert path.stage is Stage.READY
    path = step(path, seen(10), TARGET)
    assert path.stage is Stage.GIVING
    path = step(path, seen(400, 100), Wanted(has_target=True))
    assert path.stage is Stage.RAMPING
    assert step(path, seen(400, 90), Wanted()).stage is Stage.RAMPING
    assert step(path, seen(400, 0), Wanted()).stage is Stage.OFF


@pytest.mark.parametrize(
    ("looks", "wanted"),
    [
        (DEAD, POWER),
        (DEAD, TARGET),
        (DEAD, Wanted(check_v=Decimal(500))),
        (replace(DEAD, is_closed=False), CHECK),
    ],
    ids=["no test", "no test, though something is to be delivered", "no power", "an open contactor"],
)
def test_nothing_begins_without_all_that_it_takes(looks: Seen, wanted: Wanted) -> None:
    assert step(Path(), looks, wanted) == Path()


def test_no_test_where_voltage_stands_already() -> None:
    path = step(Path(), seen(300), CHECK)
    assert (path.stage, path.fault) == (Stage.FAULTED, "300 V stand at an output that is off")


@pytest.mark.parametrize(
    ("stage", "within_s", "fault"),
    [
        (Stage.RAISING, RAISES_WITHIN_S, "the supply does not reach 500 V"),
        (Stage.TESTING, TESTS_WITHIN_S, "the isolation monitor comes to no result"),
        (Stage.LOWERING, FALLS_WITHIN_S, "the output's voltage does not fall after the test"),
    ],
)
def test_what_takes_too_long_is_a_fault(stage: Stage, within_s: float, fault: str) -> None:
    stuck = seen(0 if stage is Stage.RAISING else 400)
    path = replace(at(stage), isolation="testing")
    assert step(path, replace(stuck, now_s=100 + within_s), POWER) == path
    late = step(path, replace(stuck, now_s=100.1 + within_s), POWER)
    assert (late.stage, late.fault, late.isolation) == (Stage.FAULTED, fault, "unknown")


def test_a_current_that_does_not_fall_keeps_the_contactor_only_so_long() -> None:
    path = at(Stage.RAMPING)
    stuck = seen(400, 50)
    assert step(path, replace(stuck, now_s=99.9 + RAMPS_WITHIN_S), Wanted()).stage is Stage.RAMPING
    assert step(path, replace(stuck, now_s=100.1 + RAMPS_WITHIN_S), Wanted()).stage is Stage.OFF


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.OFF, Stage.FAULTED)])
def test_a_supply_with_a_fault_ends_every_stage(stage: Stage) -> None:
    path = step(at(stage), seen(500, 10, problem="overvoltage"), TARGET)
    assert (path.stage, path.fault) == (Stage.FAULTED, "overvoltage")
    assert step(path, DEAD, CHECK) == path, "it stays until the next vehicle"


@pytest.mark.parametrize("stage", [Stage.RAISING, Stage.TESTING, Stage.LOWERING, Stage.READY, Stage.GIVING])
def test_power_that_is_wanted_no_more_ends_every_stage(stage: Stage) -> None:
    assert step(at(stage), seen(500, 10), Wanted(has_target=True)).stage is Stage.RAMPING


def test_a_vehicle_that_opens_its_contactor_ends_what_is_given() -> None:
    assert step(at(Stage.GIVING), seen(400, 10, is_closed=False), TARGET).stage is Stage.RAMPING


@pytest.mark.parametrize("stage", [Stage.READY, Stage.GIVING])
def test_the_insulation_is_watched_while_it_matters(stage: Stage) -> None:
    poor = Insulation(resistance_ohm=Decimal(100_000))
    assert step(at(stage), seen(400, insulation=poor), POWER).isolation == "warning"
    bad = Insulation(resistance_ohm=Decimal(10_000))
    path = step(at(stage), seen(400, insulation=bad), TARGET)
    if stage is Stage.GIVING:
        assert (path.isolation, path.fault) == ("fault", "insulation fault: 10 kOhm")
    mute = Insulation(problem="the isolation monitor does not answer")
    assert step(at(Stage.GIVING), seen(400, insulation=mute), TARGET).stage is Stage.FAULTED


@pytest.mark.parametrize(
    ("ohm", "alarm", "verdict"),
    [
        (49_999, IsolationAlarm.NONE, "fault"),
        (50_000, IsolationAlarm.NONE, "warning"),
        (249_999, IsolationAlarm.NONE, "warning"),
        (250_000, IsolationAlarm.NONE, "valid"),
        (250_000, IsolationAlarm.WARNING, "warning"),
        (5_000_000, IsolationAlarm.ALARM, "fault"),
        (None, IsolationAlarm.DEVICE_FAULT, "fault"),
        (None, IsolationAlarm.NONE, "testing"),
    ],
)
def test_insulation_is_judged_by_the_voltage(
    ohm: int | None, alarm: IsolationAlarm, verdict: Isolation
) -> None:
    """100 and 500 Ohm for each volt."""
    resistance_ohm = None if ohm is None else Decimal(ohm)
    assert judged(Insulation(resistance_ohm=resistance_ohm, alarm=alarm), Decimal(500)) == verdict
