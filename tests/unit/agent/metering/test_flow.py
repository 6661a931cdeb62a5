from __future__ import annotations

from decimal import Decimal

import pytest

from agent.metering.flow import FROZEN_POLLS, TRY_AGAIN_S, FlowState, is_frozen, watch_count, watch_values

STEP_MWH = 1_000


def flowed(power_w: int | None, seconds: int, every_s: float = 1.0, step: int | None = STEP_MWH) -> FlowState:
    """Return the state after so much power flowed for so long while the count stood still."""
    state, now_s = FlowState(), 0.0
    while now_s <= seconds:
        power = None if power_w is None else Decimal(power_w)
        state = watch_count(state, 5_000, power, now_s, step)
        now_s += every_s
    return state


@pytest.mark.parametrize(
    ("power_w", "seconds", "stands_still"),
    [
        (11_040, 59, False),
        (11_040, 85, True),
        (1_400, 600, False),
        (1_400, 700, True),
        (90, 36_000, False),
        (None, 600, False),
    ],
)
def test_a_count_that_stands_still_while_energy_flows(
    power_w: int | None, seconds: int, stands_still: bool
) -> None:
    """Meters show energy late and in steps: it takes a minute and 250 Wh."""
    assert flowed(power_w, seconds).stands_still is stands_still


def test_a_register_of_coarse_steps_may_stand_for_four_of_them() -> None:
    assert not flowed(11_040, 1_200, step=1_000_000).stands_still
    assert flowed(11_040, 1_400, step=1_000_000).stands_still


def test_where_the_step_is_not_known_it_may_be_a_whole_kilowatt_hour() -> None:
    assert not flowed(11_040, 1_200, step=None).stands_still


def test_what_flowed_between_polls_far_apart_is_not_known() -> None:
    assert not flowed(11_040, 3_600, every_s=6).stands_still


def test_a_count_that_moves_again_is_cured() -> None:
    state = watch_count(flowed(11_040, 120), 6_000, Decimal(11_040), 121.0, STEP_MWH)
    assert not state.stands_still


def test_without_power_nobody_can_see_a_cure_so_it_is_tried_again() -> None:
    state = flowed(11_040, 120)
    assert state.stands_since_s is not None
    again_s = state.stands_since_s + TRY_AGAIN_S
    assert watch_count(state, 5_000, Decimal(0), again_s - 1, STEP_MWH).stands_still
    assert not watch_count(state, 5_000, Decimal(0), again_s, STEP_MWH).stands_still


def same(volts: list[str]) -> FlowState:
    state = FlowState()
    for second, text in enumerate(volts):
        state = watch_values(state, {("Voltage", "L1-N"): Decimal(text)}, float(second))
    return state


def test_values_that_do_not_move_while_current_flows() -> None:
    state = same(["230.1"] * (FROZEN_POLLS + 1))
    now_s = float(FROZEN_POLLS)
    assert is_frozen(state, now_s, Decimal("1.1"))
    assert not is_frozen(state, now_s, Decimal(1))
    assert not is_frozen(state, now_s - 1, Decimal(16)), "many polls in a short time are no proof"
    assert not is_frozen(same(["230.1"] * FROZEN_POLLS), now_s, Decimal(16))


def test_the_least_movement_of_any_value_is_life() -> None:
    state = same(["230.1"] * FROZEN_POLLS + ["230.2"])
    assert not is_frozen(state, 100.0, Decimal(16))


def test_a_value_that_is_polled_seldom_is_compared_when_it_comes() -> None:
    state = same(["230.1"] * 20)
    with_more = watch_values(state, {("Frequency", None): Decimal(50)}, 20.0)
    assert with_more.same_polls == 0
    without = watch_values(with_more, {("Voltage", "L1-N"): Decimal("230.1")}, 21.0)
    assert without.same_polls == 1
