"""One place to charge at, while time passes: vehicle, mains and what the controller there has set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.emulated.controller import ControllerState
from drivers.emulated.defects import Defect
from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec, Mains
from drivers.emulated.physics import BayState, Feed, Measured, Physics, ThreePhases
from drivers.readings import Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really was at one moment, to compare with what masters made of it."""

    monotonic_s: float
    elapsed_us: int
    """Physics time since the bay was opened."""
    pilot: Pilot
    contactor_closed: bool
    offered_ma: int
    energy_mwh: int
    voltages_mv: ThreePhases
    currents_ma: ThreePhases
    powers_mw: ThreePhases


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A moment of the bay as its devices see it."""

    state: BayState
    measured: Measured
    ev: EvSpec


class ChargingBay:
    """Physics with a state; every change is made at the time that `clock_us` tells, in physics' time."""

    def __init__(
        self,
        name: str,
        *,
        clock_us: Callable[[], int],
        ev: EvSpec | None = None,
        grid: GridSpec | None = None,
        seed: int = 1,
    ) -> None:
        self.name = name
        self.ev = ev or EvSpec()
        self._clock_us = clock_us
        self._physics = Physics(ev=self.ev, grid=grid or GridSpec(), seed=seed)
        self._state = self._physics.start()
        self._scene: Scene | None = None
        self.on_change: Callable[[], None] = lambda: None
        """Called whenever what its devices see has changed: time has passed, or somebody did something."""

    @property
    def state(self) -> BayState:
        """The bay as of the last tick or change."""
        return self._state

    @property
    def scene(self) -> Scene:
        """What its devices see, as of the last tick or change."""
        if self._scene is None or self._scene.state is not self._state:
            measured = self._physics.measure(self._state)
            self._scene = Scene(state=self._state, measured=measured, ev=self.ev)
        return self._scene

    @property
    def offered_ma(self) -> int:
        """The current (mA) that the pilot offers, 0 if none."""
        return self._physics.offered_ma(self._state)

    def advance(self) -> None:
        """Let time pass until now."""
        self._change(lambda state: state)

    def arrive(self) -> None:
        """The vehicle parks in the bay."""
        self._change(self._physics.arrive)

    def depart(self) -> None:
        """The vehicle drives off; a plug that it still has is pulled first."""
        self._change(self._physics.depart)

    def plug_in(self) -> None:
        """Plug the vehicle in."""
        self._change(self._physics.plug_in)

    def unplug(self) -> None:
        """Pull the plug; the current is zero at once."""
        self._change(self._physics.unplug)

    def pause(self) -> None:
        """The vehicle stops asking for energy, in its own time."""
        self._change(lambda state: self._physics.pause(state, paused=True))

    def resume(self) -> None:
        """The vehicle asks for energy again, in its own time."""
        self._change(lambda state: self._physics.pause(state, paused=False))

    def ask(self) -> None:
        """The vehicle, which speaks with the station, closes S2 by itself."""
        self._change(lambda state: self._physics.ask(state, asks=True))

    def rest(self) -> None:
        """The vehicle, which speaks with the station, closes S2 no longer than it is told to draw."""
        self._change(lambda state: self._physics.ask(state, asks=False))

    def control(self, controller: ControllerState) -> None:
        """Set what the charge controller does with pilot and contactor."""
        self._change(lambda state: self._physics.control(state, controller))

    def new_session(self) -> None:
        """Count time and energy of the session from 0 again."""
        self._change(self._physics.new_session)

    def break_down(self, defect: Defect, *, broken: bool) -> None:
        """Break something, or repair it."""
        self._change(lambda state: self._physics.break_down(state, defect, broken=broken))

    @property
    def cable_limit_a(self) -> int:
        """The ampacity that the proximity contact says; 0 without a plug, or without its resistor."""
        known = self._state.ev.plugged and "proximity-open" not in self._state.defects
        return self.ev.cable_limit_a if known else 0

    def feel(self, *, has_voltage: bool) -> None:
        """Let direct voltage stand behind the contactor, or none."""
        self._change(lambda state: self._physics.feel(state, has_voltage=has_voltage))

    def feed(self, feed: Feed) -> None:
        """Let the vehicle take direct current from now on."""
        if feed != self._state.feed:
            self._change(lambda state: self._physics.feed(state, feed))

    def set_mains(self, mains: Mains) -> None:
        """Let voltage or frequency be something else from now on."""
        self._change(lambda state: self._physics.set_mains(state, mains))

    def truth(self, monotonic_s: float, *, counted_before_mwh: int = 0) -> Truth:
        """Return what really is, as of the last tick or change; energy includes `counted_before_mwh`."""
        scene = self.scene
        return Truth(
            monotonic_s=monotonic_s,
            elapsed_us=scene.state.elapsed_us,
            pilot=scene.state.pilot,
            contactor_closed=scene.state.contactor_closed,
            offered_ma=self.offered_ma,
            energy_mwh=counted_before_mwh + scene.state.passed_mwh,
            voltages_mv=scene.measured.voltages_mv,
            currents_ma=scene.measured.currents_ma,
            powers_mw=scene.measured.powers_mw,
        )

    def _change(self, change: Callable[[BayState], BayState]) -> None:
        now = self._physics.advance(self._state, self._clock_us() - self._state.elapsed_us)
        self._state = change(now)
        self.on_change()
