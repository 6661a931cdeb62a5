"""Hardware, a clock and settings in memory, for tests of what stands above them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from agent.metering.limits import Limits
from agent.network.profiles import SLOTS
from agent.system.clock import StationClock
from agent.variables.declared import declared
from agent.variables.model import DeviceModel, Place
from drivers.ports import DeviceError
from drivers.readings import (
    Instant,
    LockReading,
    Measurand,
    MeterReading,
    OccupancyReading,
    Phase,
    Pilot,
    PilotReading,
    Quality,
    Reading,
    RegisterFacts,
    Unit,
)

ANY_LIMITS = Limits(most_a=Decimal(10**6), most_w=Decimal(10**12))
"""For tests whose energy comes all at once."""
_W_S_PER_MWH = Decimal("3.6")
_PHASES: tuple[Phase, ...] = ("L1", "L2", "L3")
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class HandClock(StationClock):
    """A clock that is moved by hand; no two moments are the same. `follow` steps its wall time only."""

    def __init__(self, wall: datetime = START, monotonic_s: float = 1000.0) -> None:
        self.monotonic_s = monotonic_s
        self.wall = wall
        super().__init__(lambda: self.wall, lambda: self.monotonic_s)

    def advance(self, seconds: float) -> None:
        self.monotonic_s += seconds
        self.wall += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.wall + self._correction

    def instant(self) -> Instant:
        self.monotonic_s += 1e-6
        return Instant(self.monotonic_s, self.now())


class MemoryMeter:
    """An energy meter: `energy_mwh` is what it shows, `has_count` whether its driver can use it."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self.energy_mwh = 5_000_000
        self.has_count = True
        self.power_w = Decimal("11040.1234")
        self.current_a = Decimal(0)
        self.phase_currents_a: tuple[int, ...] = ()
        """What flows on L1 and on; none are told of a meter that does not tell phases apart."""
        self.serial_number: str | None = None
        self.is_silent = False
        self.reads = 0

    def count(self, seconds: float) -> None:
        """Count what flows in so much time; a count that stands still for long would not be believed."""
        self.energy_mwh += int(self.power_w * Decimal(seconds) / _W_S_PER_MWH)

    async def read(self) -> MeterReading:
        self.reads += 1
        if self.is_silent:
            raise DeviceError("no answer")
        at = self._clock.instant()
        return MeterReading(
            taken_at=at,
            readings=(
                reading(
                    "Energy.Active.Import.Register",
                    self.energy_mwh if self.has_count else None,
                    "mWh",
                    at=at,
                ),
                reading("Power.Active.Import", self.power_w, "W", at=at),
                reading("Current.Import", self.current_a, "A", phase="N", at=at),
                reading("Voltage", Decimal("230.1"), "V", phase="L1-N", at=at),
                *(
                    reading("Current.Import", current_a, "A", phase=phase, at=at)
                    for phase, current_a in zip(_PHASES, self.phase_currents_a, strict=False)
                ),
            ),
            register=RegisterFacts(step_mwh=1_000, serial_number=self.serial_number),
        )


class MemoryController:
    """A charge controller: `pilot` is what it sees; every command is kept."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self.pilot = Pilot.A
        self.fault: str | None = None
        self.is_silent = False
        self.refuses = False
        """Answers, but does nothing that it is told."""
        self.asked = 0
        """How often its pilot was asked for, also in vain."""
        self.calls = 0
        """Offers and withdrawals, also those in vain."""
        self.commands: list[int] = []
        """Amperes offered; 0 is a withdrawal."""

    @property
    def is_on(self) -> bool:
        return bool(self.commands) and self.commands[-1] > 0

    async def read_pilot(self) -> PilotReading:
        self.asked += 1
        self._check()
        return PilotReading(
            pilot=self.pilot, cable_limit_a=32, taken_at=self._clock.instant(), fault=self.fault
        )

    async def offer(self, limit_a: int) -> None:
        self._command()
        self.commands.append(limit_a)

    async def withdraw(self) -> None:
        self._command()
        self.commands.append(0)

    def _command(self) -> None:
        self.calls += 1
        self._check()
        if self.refuses:
            raise DeviceError("refused")

    def _check(self) -> None:
        if self.is_silent:
            raise DeviceError("no answer")


class MemoryDigitalPilot:
    """A pilot that demands ISO 15118 or does not; `demands` are what it was told, if it obeyed."""

    def __init__(self) -> None:
        self.demands: list[bool] = []
        self.refuses = False

    async def demand(self, *, digital: bool) -> None:
        if self.refuses:
            raise DeviceError("refused")
        self.demands.append(digital)


class MemoryPhaseSwitch:
    """A switch between one phase and three; `moves` are the positions that it was told, if it obeyed."""

    def __init__(self) -> None:
        self.moves: list[int] = []
        self.refuses = False

    async def use_phases(self, count: Literal[1, 3]) -> None:
        if self.refuses:
            raise DeviceError("refused")
        self.moves.append(count)


class MemoryBaySensor:
    """A bay's sensor that says what it is told to say."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self.says = False
        self.is_silent = False

    async def read_occupancy(self) -> OccupancyReading:
        if self.is_silent:
            raise DeviceError("silent")
        return OccupancyReading(is_occupied=self.says, taken_at=self._clock.instant())


class MemoryLock:
    """A bolt: `is_locked` is where it is, `is_stuck` that it stays there."""

    def __init__(self, clock: StationClock) -> None:
        self._clock = clock
        self.is_locked: bool | None = False
        self.is_stuck = False
        self.is_silent = False
        self.moves: list[bool] = []

    async def read_lock(self) -> LockReading:
        self._check()
        return LockReading(is_locked=self.is_locked, taken_at=self._clock.instant())

    async def lock(self) -> None:
        self._move(is_locked=True)

    async def unlock(self) -> None:
        self._move(is_locked=False)

    def _move(self, *, is_locked: bool) -> None:
        self._check()
        self.moves.append(is_locked)
        if not self.is_stuck:
            self.is_locked = is_locked

    def _check(self) -> None:
        if self.is_silent:
            raise DeviceError("no answer")


class MemorySettings(DeviceModel):
    """The declared variables of a station with two EVSEs; what is written is kept in `stored`."""

    def __init__(self, **overrides: str) -> None:
        self.stored: dict[str, str] = {}
        places = (Place(1), Place(1, 1), Place(2), Place(2, 1), *(Place(instance=slot) for slot in SLOTS))
        named = {name.replace("__", "."): value for name, value in overrides.items()}
        assert named.keys() <= {variable.name for variable in declared()}
        super().__init__(places, named, self._keep)

    async def _keep(self, name: str, value: str) -> None:
        self.stored[name] = value

    def set(self, name: str, value: str) -> None:
        self._values[name] = value


def reading(
    measurand: Measurand,
    value: int | Decimal | None,
    unit: Unit,
    *,
    phase: Phase | None = None,
    at: Instant | None = None,
) -> Reading:
    return Reading(
        measurand=measurand,
        phase=phase,
        value=None if value is None else Decimal(value),
        unit=unit,
        quality=Quality.INVALID if value is None else Quality.GOOD,
        taken_at=at or Instant(0.0, START),
    )
