"""An emulated bay's physics behind the ports of a meter and a charge controller, without a bus between.

What buses do to values has its own tests; a day of polls over one would take as long as the day.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

from drivers.emulated.controller import ControllerState
from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec
from drivers.emulated.physics import BayState, Physics
from drivers.readings import (
    Instant,
    Measurand,
    MeterReading,
    Phase,
    PilotReading,
    Quality,
    Reading,
    RegisterFacts,
    Unit,
)
from tests.simulated.clock import Clock

START_MWH = 7_654_321_000
PHASES: tuple[Phase, Phase, Phase] = ("L1", "L2", "L3")
_TURNS = 12
"""Of the event loop, in which the meter is woken and read."""
INSATIABLE = EvSpec(battery_kwh=100_000.0)
"""All the cars of a day are one here."""


class Bay:
    """A bay, its meter and its charge controller."""

    def __init__(self, clock: Clock, seed: int, state: BayState | None = None) -> None:
        """`state` is what it was when the power went; the controller has forgotten all."""
        self._clock = clock
        self._physics = Physics(ev=INSATIABLE, grid=GridSpec(), seed=seed)
        self.state = self._physics.start()
        if state is not None:
            self.state = self._physics.control(state, ControllerState())
            self._advance()

    @property
    def counted_mwh(self) -> int:
        """The meter's register."""
        self._advance()
        return START_MWH + self.state.passed_mwh

    def plug_in(self) -> None:
        """Plug a vehicle in."""
        self._advance()
        self.state = self._physics.plug_in(self.state)

    def unplug(self) -> None:
        """Pull the plug."""
        self._advance()
        self.state = self._physics.unplug(self.state)

    # the meter

    async def read(self) -> MeterReading:
        """Read register, power and currents."""
        at, counted_mwh = self._instant(), self.counted_mwh
        measured = self._physics.measure(self.state)
        register = _reading("Energy.Active.Import.Register", counted_mwh, "mWh", at)
        power = _reading("Power.Active.Import", Decimal(sum(measured.powers_mw)) / 1000, "W", at)
        currents = (
            _reading("Current.Import", Decimal(current_ma) / 1000, "A", at, phase)
            for phase, current_ma in zip(PHASES, measured.currents_ma, strict=True)
        )
        return MeterReading(
            readings=(register, power, *currents), taken_at=at, register=RegisterFacts(step_mwh=1)
        )

    # the charge controller

    async def read_pilot(self) -> PilotReading:
        """Say what the pilot shows, not before a meter that was asked at the same time has answered."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._advance()
        return PilotReading(pilot=self.state.pilot, cable_limit_a=32, taken_at=self._instant())

    async def offer(self, limit_a: int) -> None:
        """Offer this current."""
        self._control(replace(self.state.controller, enabled=True, limit_ma=limit_a * 1000))

    async def withdraw(self) -> None:
        """Offer nothing."""
        self._control(replace(self.state.controller, enabled=False))

    def _control(self, controller: ControllerState) -> None:
        self._advance()
        self.state = self._physics.control(self.state, controller)

    def _instant(self) -> Instant:
        return Instant(self._clock.monotonic_s(), self._clock.wall())

    def _advance(self) -> None:
        passed_us = int(self._clock.monotonic_s() * 1_000_000) - self.state.elapsed_us
        self.state = self._physics.advance(self.state, passed_us)


def _reading(
    measurand: Measurand, value: int | Decimal, unit: Unit, at: Instant, phase: Phase | None = None
) -> Reading:
    return Reading(
        measurand=measurand, phase=phase, value=Decimal(value), unit=unit, quality=Quality.GOOD, taken_at=at
    )
