from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.ev import EvSpec, EvState, parked, plug_in, settled, step, unplug
from drivers.emulated.pilot import DIGITAL_DUTY_BP, STEADY_DUTY_BP, current_for_duty, duty_for_current

SPEC = EvSpec(onboard_limit_a=16, reaction_s=1.0, ramp_a_per_s=4.0)
OFFER_10_A = duty_for_current(10_000)
OFFER_32_A = duty_for_current(32_000)


def drive(spec: EvSpec, ev: EvState, duty_bp: int, seconds: float, *, supplied: bool = True) -> EvState:
    for _ in range(round(seconds * 10)):
        ev = step(spec, ev, duty_bp=duty_bp, supplied=supplied and ev.requests_energy, dt_us=100_000)
    return ev


def charging(spec: EvSpec = SPEC, duty_bp: int = OFFER_32_A) -> EvState:
    return drive(spec, plug_in(parked(spec)), duty_bp, 60)


def test_it_asks_for_energy_after_its_reaction_time_and_not_before() -> None:
    ev = plug_in(parked(SPEC))
    assert not drive(SPEC, ev, OFFER_10_A, 0.9).requests_energy
    assert drive(SPEC, ev, OFFER_10_A, 1.0).requests_energy


def test_it_does_not_ask_without_pwm() -> None:
    assert not drive(SPEC, plug_in(parked(SPEC)), STEADY_DUTY_BP, 60).requests_energy


def test_the_current_ramps() -> None:
    ev = drive(SPEC, plug_in(parked(SPEC)), OFFER_32_A, 1.0)
    assert drive(SPEC, ev, OFFER_32_A, 2.0).drawn_ua == 8_000_000


@pytest.mark.parametrize(
    ("spec", "duty_bp", "drawn_ma"),
    [
        (SPEC, OFFER_10_A, current_for_duty(OFFER_10_A)),
        (SPEC, OFFER_32_A, 16_000),
        (replace(SPEC, onboard_limit_a=32, cable_limit_a=13), OFFER_32_A, 13_000),
    ],
    ids=["offer", "on-board charger", "cable"],
)
def test_it_draws_the_least_of_offer_on_board_limit_and_cable(
    spec: EvSpec, duty_bp: int, drawn_ma: int
) -> None:
    assert charging(spec, duty_bp).drawn_ua == drawn_ma * 1000


def test_it_follows_a_lower_offer_after_its_reaction_time() -> None:
    ev = drive(SPEC, charging(), OFFER_10_A, 0.9)
    assert ev.drawn_ua == 16_000_000
    assert drive(SPEC, ev, OFFER_10_A, 2.0).drawn_ua == current_for_duty(OFFER_10_A) * 1000


def test_without_supply_the_current_is_zero_at_once() -> None:
    ev = step(SPEC, charging(), duty_bp=OFFER_32_A, supplied=False, dt_us=1)
    assert ev.drawn_ua == 0


def test_unplugging_while_charging_ends_the_current_at_once() -> None:
    ev = unplug(charging())
    assert (ev.plugged, ev.requests_energy, ev.drawn_ua) == (False, False, 0)
    assert drive(SPEC, ev, OFFER_32_A, 10) == ev


def test_a_pause_reduces_the_current_before_s2_opens() -> None:
    ev = step(SPEC, replace(charging(), paused=True), duty_bp=OFFER_32_A, supplied=True, dt_us=100_000)
    assert ev.requests_energy
    assert ev.drawn_ua < 16_000_000
    ev = drive(SPEC, ev, OFFER_32_A, 10)
    assert (ev.requests_energy, ev.drawn_ua) == (False, 0)
    ev = drive(SPEC, replace(ev, paused=False), OFFER_32_A, 10)
    assert (ev.requests_energy, ev.drawn_ua) == (True, 16_000_000)


def test_a_full_battery_stops_asking() -> None:
    spec = replace(SPEC, battery_kwh=20.0, stored_kwh=20.0)
    assert not drive(spec, plug_in(parked(spec)), OFFER_32_A, 60).requests_energy


def test_plugging_in_twice_changes_nothing() -> None:
    ev = charging()
    assert plug_in(ev) is ev


def test_it_forgets_a_change_that_was_taken_back_before_it_reacted() -> None:
    ev = drive(SPEC, charging(), OFFER_10_A, 0.5)
    ev = drive(SPEC, ev, OFFER_32_A, 0.1)
    assert drive(SPEC, ev, OFFER_10_A, 0.9).acts_on.duty_bp == OFFER_32_A


@given(st.sampled_from([STEADY_DUTY_BP, OFFER_10_A, OFFER_32_A]), st.booleans())
def test_a_settled_vehicle_does_not_move(duty_bp: int, supplied: bool) -> None:
    ev = drive(SPEC, plug_in(parked(SPEC)), duty_bp, 30, supplied=supplied)
    supplied = supplied and ev.requests_energy
    assert settled(SPEC, ev, duty_bp=duty_bp, supplied=supplied)
    assert step(SPEC, ev, duty_bp=duty_bp, supplied=supplied, dt_us=3_600_000_000) == ev


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"phases": 4}, "phases: 4"),
        ({"onboard_limit_a": 0}, "onboard_limit_a: 0"),
        ({"onboard_limit_a": float("nan")}, "onboard_limit_a: nan"),
        ({"cable_limit_a": 16}, "cable_limit_a: 16"),
        ({"reaction_s": -1}, "reaction_s: -1"),
        ({"ramp_a_per_s": 0}, "ramp_a_per_s: 0"),
        ({"power_factor": 1.1}, "power_factor: 1.1"),
        ({"imbalance": 1}, "imbalance: 1"),
        ({"battery_kwh": 0}, "battery_kwh: 0"),
        ({"stored_kwh": 61}, "stored_kwh: 61"),
    ],
)
def test_vehicles_that_cannot_be_are_refused(change: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        replace(SPEC, **change)


def test_a_vehicle_that_speaks_asks_when_it_is_told_a_current_or_its_computer_wants_it() -> None:
    ev = drive(SPEC, plug_in(parked(SPEC)), DIGITAL_DUTY_BP, 5)
    assert not ev.requests_energy
    ready = drive(SPEC, replace(ev, asked=True), DIGITAL_DUTY_BP, 2)
    assert (ready.requests_energy, ready.drawn_ua) == (True, 0)
    for _ in range(100):
        ev = step(SPEC, ev, duty_bp=DIGITAL_DUTY_BP, told_ma=9_000, supplied=True, dt_us=100_000)
    assert (ev.requests_energy, ev.drawn_ua) == (True, 9_000_000)
    assert settled(SPEC, ev, duty_bp=DIGITAL_DUTY_BP, told_ma=9_000, supplied=True)
    assert not settled(SPEC, ev, duty_bp=DIGITAL_DUTY_BP, told_ma=8_000, supplied=True)
    assert not unplug(replace(ev, asked=True)).asked
