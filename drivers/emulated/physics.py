"""One charging bay as physics: vehicle, charge controller, mains and energy, stepped through time. Pure.

Energy is counted in whole mW*us, 3.6e9 of which are one mWh, and never rounded while it grows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from drivers.emulated import ev as vehicle
from drivers.emulated.controller import ControllerState, contactor_closed, duty_bp, pilot_state, told_ma
from drivers.emulated.defects import Defect
from drivers.emulated.ev import MW_US_PER_MWH, UA_PER_MA, EvSpec, EvState
from drivers.emulated.grid import PHASES, USUAL, Grid, GridSpec, Mains
from drivers.emulated.pilot import (
    HIGHEST_MA,
    LOWEST_MA,
    STEADY_DUTY_BP,
    current_for_duty,
    duty_for_current,
)
from drivers.readings import Pilot

MOVING_SLICE_US = 100_000
"""Longest step while the vehicle reacts or its current ramps."""
STEADY_SLICE_US = 5_000_000
"""Longest step while nothing changes but the mains."""

ThreePhases = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Direct current at the vehicle's inlet."""

    voltage_mv: int = 0
    current_ma: int = 0

    @property
    def power_mw(self) -> int:
        """What the vehicle takes."""
        return self.voltage_mv * self.current_ma // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BayState:
    """A bay at one moment."""

    ev: EvState
    controller: ControllerState = field(default_factory=ControllerState)
    elapsed_us: int = 0
    charging_us: int = 0
    """For how long the contactor has been closed since the vehicle was plugged in."""
    mains: Mains = USUAL
    defects: frozenset[Defect] = frozenset()
    """What is broken."""
    vehicle_is_there: bool = False
    """Whether the vehicle stands in the bay; one that is plugged in does."""
    feed: Feed | None = None
    """What a supply of direct current gives to the vehicle now."""
    passed_mw_us: ThreePhases = (0, 0, 0)
    """Energy that went through each phase of the meter."""

    @property
    def pilot(self) -> Pilot:
        """The control pilot as the controller measures it."""
        pilot = pilot_state(self.controller, self.ev)
        return Pilot.E if "pilot-short" in self.defects and pilot is not Pilot.F else pilot

    @property
    def contactor_closed(self) -> bool:
        """Whether the vehicle is connected to the mains."""
        if "tripped" in self.defects:
            return False
        if "welded" in self.defects:
            return True
        return "pilot-short" not in self.defects and contactor_closed(self.controller, self.ev)

    @property
    def passed_mwh(self) -> int:
        """Energy that went through the meter, in whole mWh."""
        return sum(self.passed_mw_us) // MW_US_PER_MWH

    def phase_mwh(self, phase: int) -> int:
        """Energy that went through phase 0..2 of the meter, in whole mWh."""
        return self.passed_mw_us[phase] // MW_US_PER_MWH


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What exact instruments at the meter would show."""

    voltages_mv: ThreePhases
    currents_ma: ThreePhases
    powers_mw: ThreePhases
    frequency_mhz: int


class Physics:
    """The unchanging part of a bay and the laws that move its state; the seed decides mains and imbalance."""

    def __init__(self, *, ev: EvSpec, grid: GridSpec, seed: int) -> None:
        self.ev = ev
        self._grid = Grid(grid, seed)
        self._power_factor_ppm = round(ev.power_factor * 1_000_000)
        rng = random.Random(seed)  # noqa: S311  reproducible, not secret
        shares = [1_000_000 - round(rng.random() * ev.imbalance * 1_000_000) for _ in range(PHASES)]
        self._shares_ppm = [share if phase < ev.phases else 0 for phase, share in enumerate(shares)]

    def start(self) -> BayState:
        """Return the bay just powered up, the vehicle not plugged in."""
        return BayState(ev=vehicle.parked(self.ev))

    def plug_in(self, state: BayState) -> BayState:
        """Connect the vehicle."""
        if state.ev.plugged:
            return state
        return self.new_session(replace(self.arrive(state), ev=vehicle.plug_in(state.ev)))

    def arrive(self, state: BayState) -> BayState:
        """Let the vehicle park in the bay."""
        return replace(state, vehicle_is_there=True)

    def depart(self, state: BayState) -> BayState:
        """Let the vehicle drive off; a plug that it still has is pulled first."""
        return replace(self.unplug(state), vehicle_is_there=False)

    def new_session(self, state: BayState) -> BayState:
        """Begin to count the time of the session at 0."""
        return replace(state, charging_us=0)

    def unplug(self, state: BayState) -> BayState:
        """Disconnect the vehicle: the current is zero from this moment on."""
        return replace(state, ev=vehicle.unplug(state.ev))

    def pause(self, state: BayState, *, paused: bool) -> BayState:
        """Let the vehicle want no energy, or want it again; it reacts in its own time."""
        return replace(state, ev=replace(state.ev, paused=paused))

    def ask(self, state: BayState, *, asks: bool) -> BayState:
        """Let the vehicle's computer want S2 closed while the pilot demands digital communication, or not."""
        return replace(state, ev=replace(state.ev, asked=asks))

    def control(self, state: BayState, controller: ControllerState) -> BayState:
        """Give the controller new settings; where they open the contactor the current is zero at once."""
        return _without_current_if_open(replace(state, controller=controller))

    def break_down(self, state: BayState, defect: Defect, *, broken: bool) -> BayState:
        """Break something, or repair it."""
        defects = state.defects | {defect} if broken else state.defects - {defect}
        return _without_current_if_open(replace(state, defects=defects))

    def feel(self, state: BayState, *, has_voltage: bool) -> BayState:
        """Let direct voltage stand behind the contactor, or none."""
        return replace(
            state,
            ev=vehicle.feel(state.ev, is_reached=state.contactor_closed, has_voltage=has_voltage),
        )

    def feed(self, state: BayState, feed: Feed) -> BayState:
        """Let the vehicle take direct current from this moment on."""
        return replace(state, feed=feed)

    def set_mains(self, state: BayState, mains: Mains) -> BayState:
        """Let the supply be something else from this moment on."""
        return replace(state, mains=mains)

    def offered_ma(self, state: BayState) -> int:
        """Return the current (mA) that the pilot's PWM offers, 0 if none."""
        return current_for_duty(self._duty_bp(state))

    def measure(self, state: BayState) -> Measured:
        """Return voltages, currents and powers at this moment."""
        drawn_ua = state.ev.drawn_ua if state.contactor_closed else 0
        l1, l2, l3 = (self._measure_phase(phase, drawn_ua, state) for phase in range(PHASES))
        return Measured(
            voltages_mv=(l1[0], l2[0], l3[0]),
            currents_ma=(l1[1], l2[1], l3[1]),
            powers_mw=(l1[2], l2[2], l3[2]),
            frequency_mhz=self._grid.frequency_mhz(state.elapsed_us, state.mains),
        )

    def advance(self, state: BayState, dt_us: int) -> BayState:
        """Let `dt_us` pass, in steps as short as what is going on needs."""
        while dt_us > 0:
            slice_us = min(dt_us, STEADY_SLICE_US if self._settled(state) else MOVING_SLICE_US)
            state = self._slice(state, slice_us)
            dt_us -= slice_us
        return state

    def _settled(self, state: BayState) -> bool:
        return vehicle.settled(
            self.ev,
            state.ev,
            duty_bp=self._heard_bp(state),
            supplied=state.contactor_closed,
            told_ma=told_ma(state.controller),
        )

    def _slice(self, state: BayState, dt_us: int) -> BayState:
        supplied = state.contactor_closed
        ev = vehicle.step(
            self.ev,
            state.ev,
            duty_bp=self._heard_bp(state),
            supplied=supplied,
            dt_us=dt_us,
            told_ma=told_ma(state.controller),
        )
        moved = replace(state, ev=ev, elapsed_us=state.elapsed_us + dt_us)
        is_fed = moved.feed is not None and moved.feed.power_mw > 0
        flows = is_fed or (supplied and moved.contactor_closed)
        return self._with_energy(moved, dt_us) if flows else moved

    def _with_energy(self, state: BayState, dt_us: int) -> BayState:
        l1, l2, l3 = (power_mw * dt_us for power_mw in self.measure(state).powers_mw)
        before = state.passed_mw_us
        return replace(
            state,
            ev=replace(state.ev, stored_mw_us=state.ev.stored_mw_us + l1 + l2 + l3),
            charging_us=state.charging_us + dt_us,
            passed_mw_us=(before[0] + l1, before[1] + l2, before[2] + l3),
        )

    def _duty_bp(self, state: BayState) -> int:
        return (
            STEADY_DUTY_BP if "pilot-short" in state.defects else duty_bp(state.controller, state.ev, self.ev)
        )

    def _heard_bp(self, state: BayState) -> int:
        """Return the duty cycle that the vehicle acts on: a deaf one takes as much as it can."""
        if "pilot-ignored" not in state.defects:
            return self._duty_bp(state)
        return duty_for_current(min(HIGHEST_MA, max(LOWEST_MA, round(self.ev.onboard_limit_a * 1000))))

    def _measure_phase(self, phase: int, drawn_ua: int, state: BayState) -> ThreePhases:
        """Return mV, mA and mW of one phase."""
        if state.feed is not None:
            return self._measure_input(phase, state.feed, state)
        connected = phase < state.controller.phases
        current_ma = drawn_ua * self._shares_ppm[phase] // 1_000_000 // UA_PER_MA if connected else 0
        voltage_mv = self._grid.voltage_mv(phase, state.elapsed_us, current_ma, state.mains)
        return voltage_mv, current_ma, voltage_mv * current_ma * self._power_factor_ppm // 1_000_000_000

    def _measure_input(self, phase: int, feed: Feed, state: BayState) -> ThreePhases:
        """Return mV, mA and mW of one phase at the input of a supply, which loses nothing."""
        power_mw = feed.power_mw // PHASES
        voltage_mv = self._grid.voltage_mv(phase, state.elapsed_us, 0, state.mains)
        return voltage_mv, power_mw * 1000 // voltage_mv if voltage_mv else 0, power_mw


def _without_current_if_open(state: BayState) -> BayState:
    return state if state.contactor_closed else replace(state, ev=replace(state.ev, drawn_ua=0))
