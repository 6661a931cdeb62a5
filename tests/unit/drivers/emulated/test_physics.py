from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulated.controller import ControllerState
from drivers.emulated.defects import Defect
from drivers.emulated.ev import MW_US_PER_MWH, EvSpec
from drivers.emulated.grid import GridSpec
from drivers.emulated.physics import BayState, Physics
from drivers.readings import Pilot

SECOND = 1_000_000
SPEC = EvSpec(onboard_limit_a=32, reaction_s=1.0, ramp_a_per_s=4.0)
SLOWEST_REACTION_US = 10 * SECOND
"""Reaction time of SPEC and its ramp from 32 A to zero."""
Action = tuple[str, int]

actions = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["plug", "unplug", "pause", "resume", "enable", "disable", "F", "not F"]),
            st.just(0),
        ),
        st.tuples(st.just("limit"), st.integers(6, 80)),
        st.tuples(st.just("pass"), st.integers(1, 120 * SECOND)),
    ),
    max_size=40,
)


def physics(ev: EvSpec = SPEC, grid: GridSpec | None = None, seed: int = 1) -> Physics:
    return Physics(ev=ev, grid=grid or GridSpec(), seed=seed)


def act(bay: Physics, state: BayState, action: Action) -> BayState:
    name, number = action
    written: dict[str, dict[str, Any]] = {
        "enable": {"enabled": True},
        "disable": {"enabled": False},
        "F": {"available": False},
        "not F": {"available": True},
        "limit": {"limit_ma": number * 1000},
    }
    if name in written:
        return bay.control(state, replace(state.controller, **written[name]))
    if name in {"pause", "resume"}:
        return bay.pause(state, paused=name == "pause")
    if name == "pass":
        return bay.advance(state, number)
    return bay.plug_in(state) if name == "plug" else bay.unplug(state)


def charging(bay: Physics, limit_ma: int = 16_000) -> BayState:
    state = bay.control(bay.plug_in(bay.start()), ControllerState(enabled=True, limit_ma=limit_ma))
    return bay.advance(state, 30 * SECOND)


@given(actions)
@settings(max_examples=200)
def test_whatever_happens_the_laws_hold(steps: list[Action]) -> None:
    bay = physics()
    state = bay.start()
    offers = [(0, 0)]
    for step in steps:
        before, state = state, act(bay, state, step)
        currents_ma = bay.measure(state).currents_ma
        assert all(new >= old for old, new in zip(before.passed_mw_us, state.passed_mw_us, strict=True))
        if state.contactor_closed:
            assert state.pilot is Pilot.C
            assert state.controller.enabled
            assert state.controller.available
        else:
            assert currents_ma == (0, 0, 0)
        if not before.contactor_closed and not state.contactor_closed and step[0] != "pass":
            assert state.passed_mw_us == before.passed_mw_us
        offers.append((state.elapsed_us, bay.offered_ma(state)))
        assert max(currents_ma) <= most_offered_lately(offers)


def most_offered_lately(offers: list[tuple[int, int]]) -> int:
    """Return the highest offer that the vehicle may still be following."""
    now_us = offers[-1][0]
    ends = [until for until, _ in offers[1:]] + [now_us]
    return max(
        offer for (_, offer), until in zip(offers, ends, strict=True) if until >= now_us - SLOWEST_REACTION_US
    )


def test_a_session_goes_a_b_c_b_a() -> None:
    bay = physics()
    state = bay.start()
    assert state.pilot is Pilot.A
    state = bay.advance(bay.plug_in(state), 10 * SECOND)
    assert (state.pilot, state.contactor_closed) == (Pilot.B, False)
    state = bay.control(state, ControllerState(enabled=True, limit_ma=16_000))
    assert state.pilot is Pilot.B
    state = bay.advance(state, 10 * SECOND)
    assert (state.pilot, state.contactor_closed) == (Pilot.C, True)
    state = bay.control(state, ControllerState(enabled=False, limit_ma=16_000))
    assert (state.contactor_closed, bay.measure(state).currents_ma) == (False, (0, 0, 0))
    state = bay.advance(state, 10 * SECOND)
    assert state.pilot is Pilot.B
    assert bay.unplug(state).pilot is Pilot.A


def test_withdrawing_and_enabling_at_the_same_instant_starts_the_ramp_again() -> None:
    bay = physics()
    state = charging(bay)
    controller = state.controller
    state = bay.control(bay.control(state, replace(controller, enabled=False)), controller)
    assert state.contactor_closed
    assert bay.measure(state).currents_ma == (0, 0, 0)


def test_energy_is_exactly_power_times_time() -> None:
    bay = physics(grid=GridSpec(wander_v=0))
    state = charging(bay)
    power_mw = sum(bay.measure(state).powers_mw)
    later = bay.advance(state, 3600 * SECOND)
    assert sum(later.passed_mw_us) - sum(state.passed_mw_us) == power_mw * 3600 * SECOND
    assert later.ev.stored_mw_us - state.ev.stored_mw_us == power_mw * 3600 * SECOND


def test_energy_does_not_depend_on_how_often_the_clock_is_looked_at() -> None:
    bay = physics(grid=GridSpec(wander_v=0))
    state = charging(bay)
    once = bay.advance(state, 1000 * SECOND)
    often = reduce(bay.advance, [99_999] * 10_000 + [10_000], state)
    assert once.elapsed_us == often.elapsed_us
    assert once.passed_mw_us == often.passed_mw_us


@pytest.mark.parametrize("phases", [1, 2, 3])
def test_only_the_vehicles_phases_carry_current(phases: Literal[1, 2, 3]) -> None:
    bay = physics(replace(SPEC, phases=phases))
    measured = bay.measure(charging(bay))
    assert [current_ma > 0 for current_ma in measured.currents_ma] == [at < phases for at in range(3)]
    assert all(voltage_mv > 200_000 for voltage_mv in measured.voltages_mv)


def test_imbalance_and_power_factor() -> None:
    bay = physics(replace(SPEC, imbalance=0.05, power_factor=0.9))
    measured = bay.measure(charging(bay))
    assert len(set(measured.currents_ma)) == 3
    assert all(0.95 * 15_996 - 1 <= current_ma <= 15_996 for current_ma in measured.currents_ma)
    apparent = [u * i for u, i in zip(measured.voltages_mv, measured.currents_ma, strict=True)]
    assert list(measured.powers_mw) == [volt_amperes * 9 // 10_000 for volt_amperes in apparent]


def test_a_full_battery_ends_the_charging_by_itself() -> None:
    bay = physics(replace(SPEC, battery_kwh=20.5, stored_kwh=20.0))
    state = bay.advance(charging(bay), 3600 * SECOND)
    assert (state.pilot, state.contactor_closed) == (Pilot.B, False)
    assert 500_000 <= state.passed_mwh < 520_000


def test_a_pause_opens_the_contactor_and_a_resume_closes_it() -> None:
    bay = physics()
    state = bay.advance(bay.pause(charging(bay), paused=True), 20 * SECOND)
    assert (state.pilot, state.contactor_closed) == (Pilot.B, False)
    state = bay.advance(bay.pause(state, paused=False), 20 * SECOND)
    assert (state.pilot, state.contactor_closed) == (Pilot.C, True)


def test_charging_time_counts_from_the_plug() -> None:
    bay = physics()
    state = charging(bay)
    assert state.charging_us == 29 * SECOND
    state = bay.advance(bay.unplug(state), 5 * SECOND)
    assert state.charging_us == 29 * SECOND
    assert bay.plug_in(state).charging_us == 0


def test_phase_energies_add_up_to_the_total() -> None:
    bay = physics()
    state = bay.advance(charging(bay), 1234 * SECOND)
    assert sum(state.passed_mw_us) // MW_US_PER_MWH == state.passed_mwh > 0
    assert 0 <= state.passed_mwh - sum(state.phase_mwh(phase) for phase in range(3)) < 3


@pytest.mark.parametrize("dt_us", [0, -5])
def test_time_does_not_run_backwards(dt_us: int) -> None:
    bay = physics()
    state = charging(bay)
    assert bay.advance(state, dt_us) is state


@given(actions, st.integers(0, 3))
@settings(max_examples=20)
def test_the_same_seed_gives_the_same_history(steps: list[Action], seed: int) -> None:
    histories = []
    for _ in range(2):
        bay = physics(seed=seed)
        history = [bay.start()]
        for step in steps:
            history.append(act(bay, history[-1], step))
        histories.append(history)
    assert histories[0] == histories[1]


def broken(bay: Physics, state: BayState, *defects: Defect) -> BayState:
    return reduce(lambda now, defect: bay.break_down(now, defect, broken=True), defects, state)


def test_a_welded_contactor_is_closed_but_a_vehicle_that_listens_takes_nothing() -> None:
    bay = physics()
    state = bay.control(broken(bay, charging(bay), "welded"), ControllerState())
    assert state.contactor_closed
    assert sum(bay.measure(state).currents_ma) > 0
    state = bay.advance(state, SLOWEST_REACTION_US)
    assert (state.pilot, sum(bay.measure(state).currents_ma)) == (Pilot.B, 0)


def test_a_vehicle_that_does_not_listen_takes_energy_through_a_welded_contactor_for_ever() -> None:
    bay = physics()
    state = bay.control(broken(bay, charging(bay), "welded", "pilot-ignored"), ControllerState())
    state = bay.advance(state, 60 * SECOND)
    assert bay.offered_ma(state) == 0
    assert min(bay.measure(state).currents_ma) > 31_000
    state = bay.break_down(state, "welded", broken=False)
    assert not state.contactor_closed
    assert sum(bay.measure(state).currents_ma) == 0


@pytest.mark.parametrize(("defect", "pilot"), [("tripped", Pilot.C), ("pilot-short", Pilot.E)])
def test_without_supply_the_current_ends_at_once(defect: Defect, pilot: Pilot) -> None:
    bay = physics()
    state = broken(bay, charging(bay), defect)
    assert (state.contactor_closed, state.pilot) == (False, pilot)
    passed_mw_us = state.passed_mw_us
    state = bay.advance(state, 60 * SECOND)
    assert state.passed_mw_us == passed_mw_us
    repaired = bay.advance(bay.break_down(state, defect, broken=False), 60 * SECOND)
    assert min(bay.measure(repaired).currents_ma) > 15_000
