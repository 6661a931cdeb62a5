"""A rig of emulated hardware: lines, devices and bays, alive while it is entered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Self

from drivers.emulated.assembly import Parts, make_devices
from drivers.emulated.behaviour import Note
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.ev import charged_ppm
from drivers.emulated.fault_text import fault_words
from drivers.emulated.faults.book import ArmedFault, FaultBook
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import ALWAYS, EVERYWHERE, Injection, Schedule, Where
from drivers.emulated.faults.names import describe
from drivers.emulated.lines import Line, make_line
from drivers.emulated.pty_port import LinkOccupied
from drivers.emulated.rig_spec import RigError, RigSpec
from drivers.emulated.state_faults import befall_device, befall_line, leave_device, leave_line
from drivers.emulated.truth_log import Log, NoLog

TICK_S = 0.1


class Rig:
    """Runs while entered as an async context manager.

    Building it raises ProfileError or RigError; entering it OSError if a port is taken, LinkOccupied if a
    link's path is not ours to replace.
    """

    def __init__(
        self, spec: RigSpec, *, log: Log | None = None, clock_s: Callable[[], float] = monotonic
    ) -> None:
        """Build it, without opening anything; `clock_s` is what everything electronic goes by."""
        self.spec = spec
        self.clock_s = clock_s
        self.log: Log = log or NoLog()
        self.faults = FaultBook(spec.seed)
        self.bays = {name: self._make_bay(name, number) for number, name in enumerate(spec.bays)}
        parts = Parts(faults=self.faults, clock_us=self.clock_us, clock_s=self.clock_s)
        self.devices: dict[str, EmulatedDevice] = make_devices(spec, self.bays, parts, self._note_of)
        self.lines: dict[str, Line] = {
            name: make_line(name, line, [self.devices[one] for one in self._on(name)])
            for name, line in spec.lines.items()
        }
        for injection in spec.faults:
            self._check_points(injection)
        self.on_tick: Callable[[], None] = lambda: None
        """Called at every tick, after everything has moved."""
        self.on_change: Callable[[], None] = lambda: None
        """Called whenever something in a bay has changed, be it that time has passed."""
        self._started_s = 0.0
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._started_s = self.clock_s()
        async with AsyncExitStack() as stack:
            for line in self.lines.values():
                await line.open()
                stack.push_async_callback(line.close)
            for name, bay in self.spec.bays.items():
                if bay.plugged:
                    self.bays[name].plug_in()
            for injection in self.spec.faults:
                self.inject_all(injection)
            ticking = asyncio.create_task(self._keep_ticking(), name="emulated rig")
            stack.push_async_callback(_cancel, ticking)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def clock_us(self) -> int:
        """Return the physics' time: microseconds since the rig was opened, as fast as its speed says."""
        return int((self.clock_s() - self._started_s) * self.spec.speed * 1_000_000)

    def inject(self, fault: Fault, where: Where = EVERYWHERE, when: Schedule = ALWAYS) -> ArmedFault:
        """Set a fault up; its schedule begins now.

        Raises:
            RigError: If no device that is meant can have it.
        """
        return self.inject_all(Injection(fault=fault, where=where, when=when))

    def inject_all(self, injection: Injection) -> ArmedFault:
        """Set a fault up that was described before (see `inject`)."""
        self.spec.check(injection)
        self._check_points(injection)
        armed = self.faults.inject(injection, self.clock_s())
        self.log.write(
            "fault set",
            fault=f"{armed.id} {describe(injection.fault)}",
            words=fault_words(injection),
            devices=sorted(self.spec.concerned(injection)),
        )
        return armed

    def _check_points(self, injection: Injection) -> None:
        """Refuse a point that no device which is meant has (RigError): such a fault would never hit."""
        meant = self.spec.concerned(injection)
        known = {point.name for name in meant for point in self.devices[name].profile.every_point}
        for point in sorted(injection.where.points - known):
            raise RigError(
                f"{injection.fault.name}: {', '.join(meant)}: no point {point!r}; "
                f"there are {', '.join(sorted(known))}"
            )

    async def clear(self, fault_id: str) -> None:
        """Remove a fault and end what it has begun.

        Raises:
            KeyError: If there is none with this id.
        """
        armed = self.faults.take(fault_id)
        if armed.active:
            await self._end(armed)
        self.log.write("fault cleared", fault=f"{armed.id} {describe(armed.injection.fault)}")

    def line_of(self, device: str) -> Line:
        """Return the line that a device hangs on."""
        return self.lines[self.spec.devices[device].line]

    async def tick(self) -> None:
        """Let everything move on to now; it happens by itself every 100 ms."""
        for bay in self.bays.values():
            bay.advance()
        for device in self.devices.values():
            device.tick()
        for armed in self.faults:
            for begins in armed.turn(self.clock_s()):
                await (self._begin(armed) if begins else self._end(armed))
        self.on_tick()

    async def _keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            await self.tick()

    async def _begin(self, armed: ArmedFault) -> None:
        fault = armed.injection.fault
        self.log.write("fault begins", fault=f"{armed.id} {describe(fault)}")
        for name in self.spec.concerned(armed.injection):
            befall_device(fault, self.devices[name], armed.rng)
        for line in self._lines_of(armed):
            await befall_line(fault, line)

    async def _end(self, armed: ArmedFault) -> None:
        fault = armed.injection.fault
        problems = []
        for name in self.spec.concerned(armed.injection):
            leave_device(fault, self.devices[name])
        for line in self._lines_of(armed):
            try:
                await leave_line(fault, line)
            except (OSError, LinkOccupied) as error:
                problems.append(str(error))
        self.log.write("fault ends", fault=f"{armed.id} {describe(fault)}", problems=problems)

    def _lines_of(self, armed: ArmedFault) -> list[Line]:
        names = {self.spec.devices[name].line: None for name in self.spec.concerned(armed.injection)}
        return [self.lines[name] for name in names]

    def _make_bay(self, name: str, number: int) -> ChargingBay:
        spec = self.spec.bays[name]
        bay = ChargingBay(
            name, clock_us=self.clock_us, ev=spec.ev, grid=spec.grid, seed=self.spec.seed + number
        )
        bay.on_change = partial(self._changed, bay)
        return bay

    def _note_of(self, device: str) -> Note:
        return lambda what, **fields: self.log.write(what, device=device, **fields)

    def _on(self, line: str) -> list[str]:
        return [name for name, device in self.spec.devices.items() if device.line == line]

    def _changed(self, bay: ChargingBay) -> None:
        """Write the truth down."""
        scene = bay.scene
        self.log.write(
            "bay",
            bay=bay.name,
            elapsed_us=scene.state.elapsed_us,
            vehicle_is_there=scene.state.vehicle_is_there,
            pilot=scene.state.pilot.value,
            contactor_closed=scene.state.contactor_closed,
            offered_ma=bay.offered_ma,
            voltages_mv=scene.measured.voltages_mv,
            currents_ma=scene.measured.currents_ma,
            powers_mw=scene.measured.powers_mw,
            frequency_mhz=scene.measured.frequency_mhz,
            passed_mwh=scene.state.passed_mwh,
            charged_ppm=charged_ppm(bay.ev, scene.state.ev),
            defects=scene.state.defects,
            counters_mwh=self._counters(bay),
        )
        self.on_change()

    def _counters(self, bay: ChargingBay) -> dict[str, int]:
        shown = {}
        for name, device in self.devices.items():
            counter = device.behaviour.counter
            if device.bay is bay and counter is not None:
                shown[name] = counter.shows_mwh(bay.state.passed_mwh)
        return shown


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
