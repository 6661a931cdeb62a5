from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.direct_current import PRE_CHARGE_MOST_A
from agent.iso15118.turns import Deliver
from agent.vehicle.sequence import Path, Stage
from agent.vehicle.setpoints import FRESH_S, OFF, Bounds, Setpoint, setpoint

BOUNDS = Bounds(most_v=Decimal(1000), most_a=Decimal(200), most_w=Decimal(50_000), is_energised=True)
values = st.decimals(-2000, 2000, places=2)


def path(stage: Stage) -> Path:
    return Path(stage=stage, test_v=Decimal(500))


@given(values, values, st.floats(0, 10), st.sampled_from(Stage), st.booleans(), st.integers(0, 100_000))
def test_no_limit_is_ever_passed(
    voltage_v: Decimal, current_a: Decimal, age_s: float, stage: Stage, is_energised: bool, most_w: int
) -> None:
    bounds = Bounds(
        most_v=Decimal(920), most_a=Decimal(125), most_w=Decimal(most_w), is_energised=is_energised
    )
    told = setpoint(path(stage), Deliver(voltage_v, current_a), age_s, bounds)
    assert 0 <= told.voltage_v <= 920
    assert 0 <= told.current_a <= (125 if is_energised else PRE_CHARGE_MOST_A)
    if stage is Stage.GIVING:
        assert told.voltage_v * told.current_a <= most_w
        assert told.current_a <= max(current_a, Decimal(0))
    if age_s > FRESH_S:
        assert told.current_a == 0 or stage in (Stage.RAISING, Stage.TESTING)
    assert told.is_on or told == OFF


def test_what_is_asked_for_is_given_within_the_limits() -> None:
    wanted = Deliver(Decimal(400), Decimal(150))
    given_to_it = setpoint(path(Stage.GIVING), wanted, 0.1, BOUNDS)
    assert given_to_it == Setpoint(voltage_v=Decimal(400), current_a=Decimal(125), is_on=True)


@pytest.mark.parametrize("stage", [Stage.OFF, Stage.LOWERING, Stage.READY, Stage.FAULTED])
def test_the_supply_is_off_where_nothing_is_to_flow(stage: Stage) -> None:
    assert setpoint(path(stage), Deliver(Decimal(400), Decimal(10)), 0.0, BOUNDS) == OFF


def test_a_test_of_the_cable_has_little_current() -> None:
    told = setpoint(path(Stage.TESTING), None, 99.0, BOUNDS)
    assert told == Setpoint(voltage_v=Decimal(500), current_a=Decimal(1), is_on=True)
