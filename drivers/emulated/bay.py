"""An emulated charging bay: a meter on a serial line, a charge controller on Modbus TCP, a vehicle."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec
from drivers.emulated.image import Image, Write
from drivers.emulated.line import LineTiming
from drivers.emulated.pdu import Space
from drivers.emulated.physics import Physics, ThreePhases
from drivers.emulated.pty_line import PtyLine
from drivers.emulated.quantities import Scene, change, value_of
from drivers.emulated.slave import Slave
from drivers.emulated.tcp_server import TcpServer
from drivers.profiles.errors import ProfileError
from drivers.profiles.load import load_profile
from drivers.profiles.model import Kind, Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.readings import Pilot

TICK_S = 0.1
MWH_PER_KWH = 1_000_000
FASTEST = 10_000
SLOWEST_TURN_AROUND_S = 60


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


class AcceptedWrite(NamedTuple):
    """One write request that a device carried out."""

    monotonic_s: float
    space: Space
    address: int
    values: tuple[int, ...]


@dataclass(kw_only=True, eq=False)
class EmulatedBay:
    """Runs the bay while it is entered as an async context manager; raises ProfileError when built.

    Entering raises OSError if the TCP port is taken, LinkOccupied if `meter_link` is not ours to replace.
    """

    meter_profile: str | Path = "eastron-sdm630"
    controller_profile: str | Path = "phoenix-em-cp-pp-eth"
    ev: EvSpec = field(default_factory=EvSpec)
    grid: GridSpec = field(default_factory=GridSpec)
    speed: float = 1.0
    """Physics time per wall time: energy, ramps and reactions; voltages, currents and power stay natural."""
    baud: int = 9600
    turn_around_s: float = 0.0
    """From the end of a request until the meter begins to reply."""
    meter_link: Path | None = None
    """A path for the meter's serial port that stays the same from run to run."""
    host: str = "127.0.0.1"
    tcp_port: int = 0
    seed: int = 1
    meter_start_mwh: int = 12_345_678_000
    on_truth: Callable[[Truth], None] | None = None
    """Called at every tick and after every change."""

    def __post_init__(self) -> None:
        """Load the profiles and build the hardware, without opening anything."""
        if not (0 < self.speed <= FASTEST and 0 <= self.turn_around_s <= SLOWEST_TURN_AROUND_S):
            raise ValueError(
                f"speed {self.speed} must be above 0 and at most {FASTEST}, "
                f"turn-around {self.turn_around_s} s between 0 and {SLOWEST_TURN_AROUND_S}"
            )
        meter = _load(self.meter_profile, "meter")
        controller = _load(self.controller_profile, "charge-controller")
        self.meter_unit = meter.modbus.unit
        self.controller_unit = controller.modbus.unit
        self.writes: list[AcceptedWrite] = []
        self._energy_point = _energy_point(meter)
        self._meter_image = Image(meter, self._value_of, self._carry_out)
        self._meter = Slave(self._meter_image)
        self._controller = Slave(Image(controller, self._value_of, self._carry_out))
        self._line = PtyLine(
            {self.meter_unit: self._meter},
            timing=LineTiming(baud=self.baud),
            turn_around_s=self.turn_around_s,
            link=self.meter_link,
        )
        self._server = TcpServer({self.controller_unit: self._controller}, host=self.host, port=self.tcp_port)
        self._physics = Physics(ev=self.ev, grid=self.grid, seed=self.seed)
        self._state = self._physics.start()
        self._scene: Scene | None = None
        self._started_s = 0.0
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._started_s = asyncio.get_running_loop().time()
        self._line.open()
        try:
            await self._server.open()
        except BaseException:
            self._line.close()
            raise
        self._ticking = asyncio.create_task(self._tick(), name="emulated bay")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ticking, self._ticking = self._ticking, None
        self._line.close()
        await self._server.close()
        if ticking is not None:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking

    @property
    def meter_port(self) -> str:
        """The serial port of the meter, for a master to open."""
        return self._line.path

    @property
    def controller_host(self) -> str:
        """The address the charge controller listens on."""
        return self._server.host

    @property
    def controller_port(self) -> int:
        """The TCP port the charge controller listens on."""
        return self._server.port

    def plug_in(self) -> None:
        """Plug the vehicle in."""
        self._advance()
        self._state = self._physics.plug_in(self._state)
        self._record()

    def unplug(self) -> None:
        """Pull the plug; the current is zero at once."""
        self._advance()
        self._state = self._physics.unplug(self._state)
        self._record()

    def pause(self) -> None:
        """The vehicle stops asking for energy, in its own time."""
        self._set_paused(True)

    def resume(self) -> None:
        """The vehicle asks for energy again, in its own time."""
        self._set_paused(False)

    def silence_meter(self, silent: bool) -> None:
        """Let the meter not answer, or answer again."""
        self._meter.silent = silent

    def silence_controller(self, silent: bool) -> None:
        """Let the charge controller not answer (it goes on accepting connections), or answer again."""
        self._controller.silent = silent

    @property
    def pilot(self) -> Pilot:
        """The control pilot."""
        return self._state.pilot

    @property
    def contactor_closed(self) -> bool:
        """Whether the vehicle is connected to the mains."""
        return self._state.contactor_closed

    @property
    def energy_mwh(self) -> int:
        """The meter's total, exactly (mWh)."""
        return self.meter_start_mwh + self._state.passed_mwh

    @property
    def energy_register_mwh(self) -> int:
        """The meter's total as its register holds it, in whole mWh as a driver reads it."""
        shown = self._meter_image.shown(self._energy_point.name)
        assert isinstance(shown, Decimal)
        return int(shown)

    @property
    def energy_register_kwh(self) -> float:
        """The meter's total as its register holds it (kWh)."""
        return self.energy_register_mwh / MWH_PER_KWH

    @property
    def power_w(self) -> float:
        """Active power of all phases (W)."""
        return sum(self.truth().powers_mw) / 1000

    @property
    def currents_a(self) -> tuple[float, ...]:
        """Current of each phase (A)."""
        return tuple(current_ma / 1000 for current_ma in self.truth().currents_ma)

    def truth(self) -> Truth:
        """Return what really is, as of the last tick or change."""
        measured = self._physics.measure(self._state)
        return Truth(
            monotonic_s=asyncio.get_running_loop().time(),
            elapsed_us=self._state.elapsed_us,
            pilot=self._state.pilot,
            contactor_closed=self._state.contactor_closed,
            offered_ma=self._physics.offered_ma(self._state),
            energy_mwh=self.energy_mwh,
            voltages_mv=measured.voltages_mv,
            currents_ma=measured.currents_ma,
            powers_mw=measured.powers_mw,
        )

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._advance()
            self._record()

    def _advance(self) -> None:
        """Bring the physics up to now."""
        wall_s = asyncio.get_running_loop().time() - self._started_s
        dt_us = int(wall_s * self.speed * 1_000_000) - self._state.elapsed_us
        self._state = self._physics.advance(self._state, dt_us)

    def _record(self) -> None:
        if self.on_truth is not None:
            self.on_truth(self.truth())

    def _set_paused(self, paused: bool) -> None:
        self._advance()
        self._state = self._physics.pause(self._state, paused=paused)
        self._record()

    def _value_of(self, point: Point) -> Value | None:
        if self._scene is None or self._scene.state is not self._state:
            self._scene = Scene(
                state=self._state,
                measured=self._physics.measure(self._state),
                ev=self.ev,
                meter_start_mwh=self.meter_start_mwh,
            )
        return value_of(point, self._scene)

    def _carry_out(self, write: Write) -> None:
        self._advance()
        controller = self._state.controller
        for point, value in write.changes:
            controller = change(controller, point, value)
        self._state = self._physics.control(self._state, controller)
        now_s = asyncio.get_running_loop().time()
        self.writes.append(AcceptedWrite(now_s, write.space, write.address, write.values))
        self._record()


def _load(name: str | Path, kind: Kind) -> Profile:
    profile = load_profile(name)
    if profile.kind != kind:
        raise ProfileError(f"a {kind} is needed, this is a {profile.kind}", path=profile.path, field="kind")
    return profile


def _energy_point(meter: Profile) -> Point:
    """Return the total that every meter's profile has."""
    point = meter.find("Energy.Active.Import.Register")
    assert point is not None
    return point
