"""Meters and a controller on a line where things go wrong, every register with a value of its own.

Whatever a driver then hands out is exactly the value of the register that was meant, or it is an error.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from drivers.emulated.faults.fault import Fault, Medium
from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.messages import LongCount, ShortCount, WrongFunction, WrongTransaction, WrongUnit
from drivers.emulated.faults.requests import ExceptionReply, Silence, WriteIgnored, WriteLate
from drivers.emulated.faults.state import HalfOpen, Unplug
from drivers.emulated.faults.wire import (
    BitFlip,
    Contention,
    Crc,
    Delay,
    Duplicate,
    Echo,
    LeadingNoise,
    LostReply,
    Reset,
    Truncate,
)
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import Line, SerialLine, TcpLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, LineSpec, RigSpec, RtuOverTcpSpec, SerialSpec, TcpSpec
from drivers.open import DeviceAddress, Hardware
from drivers.ports import ChargeController, DeviceError, EnergyMeter
from drivers.profiles.load import load_profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.readings import Measurand, MeterReading, Phase, Quality
from tests.real_time import clock

BAUD: Final = 115_200
TIMEOUT_S: Final = 0.12
METERS: Final[Mapping[str, tuple[str, int]]] = {
    "first": ("eastron-sdm630", 1),
    "second": ("eastron-sdm630", 2),
    "third": ("carlo-gavazzi-em340", 3),
}
"""Name -> profile and unit; two are of a kind, so that their replies look alike."""
CONTROLLER: Final = ("phoenix-em-cp-pp-eth", 180)
EXCEPTION_CODES: Final = (1, 2, 3, 4, 5, 6, 8, 10, 11)
Key = tuple[Measurand, Phase | None]


@dataclass(slots=True)
class Findings:
    """What came of many polls and writes. `wrong` must stay empty."""

    readings: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    """Errors by type."""
    confirmed: int = 0
    """Writes that the driver said were done."""
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Findings) -> Findings:
        return Findings(
            self.readings + other.readings,
            self.refusals + other.refusals,
            self.confirmed + other.confirmed,
            self.wrong + other.wrong,
        )


@cache
def points(profile_id: str) -> tuple[Point, ...]:
    return load_profile(profile_id).points


@cache
def shown(profile_id: str, number: int) -> dict[str, Value]:
    """Return a value for every measuring point, unlike that of any other point of any meter."""
    values: dict[str, Value] = {}
    for index, point in enumerate(points(profile_id)):
        step = Decimal(index)
        match point.measurand:
            case "Voltage":
                value = 200 + 15 * number + step / 4
            case "Current.Import":
                value = 5 + 12 * number + step / 8
            case "Power.Factor":
                value = Decimal("0.5") + Decimal(number) / 10 + step / 1000
            case "Frequency":
                value = 48 + number + step / 100
            case "Energy.Active.Import.Register" | "Energy.Active.Export.Register":
                value = (1000 * number + step) * 1_000_000
            case None:
                continue
            case _:
                value = 1000 * number + step
        held = point.decode(point.encode(value))
        assert held is not None, f"{profile_id} {point.name}"
        values[point.name] = held
    return values


def expected(profile_id: str, values: Mapping[str, Value]) -> dict[Key, Value]:
    """Return what a reading of the meter must say, as far as registers say it directly."""
    return {
        (point.measurand, point.phase): values[point.name]
        for point in points(profile_id)
        if point.measurand is not None
    }


def line_spec(medium: Medium, link: Path) -> LineSpec:
    timing = LineTiming(baud=BAUD)
    match medium:
        case "pty":
            return SerialSpec(timing=timing, link=link)
        case "rtu-over-tcp":
            return RtuOverTcpSpec(timing=timing)
        case "tcp":
            return TcpSpec()


class Course:
    """A rig and the drivers on it."""

    def __init__(self, medium: Medium, seed: int, folder: Path) -> None:
        self.medium = medium
        self.values = {
            name: shown(profile, number)
            for number, (name, (profile, _)) in enumerate(METERS.items(), start=1)
        }
        self._expected = {name: expected(METERS[name][0], values) for name, values in self.values.items()}
        devices = {
            name: DeviceSpec(profile=profile, line="line", unit=unit, shows=self.values[name])
            for name, (profile, unit) in METERS.items()
        }
        devices["controller"] = DeviceSpec(profile=CONTROLLER[0], line="line", unit=CONTROLLER[1])
        self.rig = Rig(
            RigSpec(lines={"line": line_spec(medium, folder / f"port-{seed}")}, devices=devices, seed=seed)
        )
        self.hardware = Hardware(clock=clock)
        self.meters: dict[str, EnergyMeter] = {}
        self.controller: ChargeController
        self.findings = Findings()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Course]:
        """Run rig and drivers."""
        async with self.rig:
            for name, (profile, unit) in METERS.items():
                self.meters[name] = self.hardware.meter(self._address(profile, unit))
            self.controller = self.hardware.charge_controller(self._address(*CONTROLLER))
            async with self.hardware.running():
                yield self

    def _address(self, profile: str, unit: int) -> DeviceAddress:
        line: Line = self.rig.lines["line"]
        if isinstance(line, SerialLine):
            return DeviceAddress(
                profile=profile,
                port=line.path,
                baud=BAUD,
                parity="N",
                stopbits=1,
                unit=unit,
                timeout_s=TIMEOUT_S,
            )
        assert isinstance(line, TcpLine)
        return DeviceAddress(
            profile=profile,
            host=line.host,
            tcp_port=line.port,
            rtu_over_tcp=self.medium == "rtu-over-tcp",
            unit=unit,
            timeout_s=TIMEOUT_S,
        )

    async def poll(self, name: str) -> MeterReading | None:
        """Read a meter once and hold every value against its register."""
        try:
            reading = await self.meters[name].read()
        except DeviceError as error:
            self.findings.refusals[type(error).__name__] += 1
            return None
        self.findings.readings += 1
        wanted = self._expected[name]
        for one in reading.readings:
            key = (one.measurand, one.phase)
            if key in wanted and (one.quality is not Quality.GOOD or one.value != wanted[key]):
                self.findings.wrong.append(f"{name} {key}: {one.value} {one.quality}, not {wanted[key]}")
        return reading

    async def offer(self, limit_a: int) -> None:
        """Offer a current; what the driver confirms must have happened."""
        try:
            await self.controller.offer(limit_a)
        except DeviceError as error:
            self.findings.refusals[type(error).__name__] += 1
            return
        self.findings.confirmed += 1
        if any(isinstance(armed.injection.fault, WriteLate) for armed in self.rig.faults):
            return  # a write that was given up may still be carried out, after the one that was confirmed
        state = self.rig.bays["bay"].state.controller
        if (state.limit_ma, state.enabled) != (limit_a * 1000, True):
            self.findings.wrong.append(f"{limit_a} A confirmed, but {state}")

    async def round(self, rng: Random, polls: int) -> None:
        """Poll all meters and command the controller, all at once."""

        async def of(name: str) -> None:
            for _ in range(polls):
                await self.poll(name)

        async def commands() -> None:
            for _ in range(polls):
                await self.offer(rng.randint(6, 32))

        await asyncio.gather(*(of(name) for name in METERS), commands())


def link_faults(medium: Medium) -> Iterator[Fault]:
    """Yield every fault of the line or of a device's replies, each of a strength that matters."""
    for code in EXCEPTION_CODES:
        yield ExceptionReply(code)
    for seconds in (0.9 * TIMEOUT_S, 1.3 * TIMEOUT_S, 2.2 * TIMEOUT_S, 5 * TIMEOUT_S):
        yield Delay(seconds)
    yield from _if_possible(
        medium,
        Silence(),
        LostReply(),
        Crc(),
        BitFlip(1),
        BitFlip(3),
        Truncate(1),
        Truncate(3),
        LeadingNoise(0x00),
        LeadingNoise(0xFF),
        Echo(),
        Duplicate(),
        Contention(),
        WrongUnit(),
        WrongFunction(),
        ShortCount(),
        LongCount(),
        WrongTransaction(),
        Reset(),
        HalfOpen(),
        Unplug(),
        WriteIgnored(),
        WriteLate(0.5),
    )


def _if_possible(medium: Medium, *faults: Fault) -> Iterator[Fault]:
    return (fault for fault in faults if medium in fault.media)


def some_faults(medium: Medium, rng: Random) -> list[Injection]:
    """Return one to three faults at once, with their chances.

    Left out is what no master can know better: a device that answers late and under another's address says,
    to the byte, what the other would say; one register too few and one too many make the right number.
    """
    chosen = rng.sample(list(link_faults(medium)), rng.randint(1, 3))
    if any(isinstance(fault, WrongUnit) for fault in chosen):
        chosen = [fault for fault in chosen if not isinstance(fault, Delay | Duplicate | HalfOpen)]
    if any(isinstance(fault, ShortCount) for fault in chosen):
        chosen = [fault for fault in chosen if not isinstance(fault, LongCount)]
    return [
        Injection(
            fault=fault,
            where=Where(devices=frozenset(rng.sample(list(METERS), rng.randint(1, 3))) | {"controller"}),
            when=Schedule(
                at_s=rng.uniform(0, 0.2), every_s=0.5, for_s=0.4, probability=rng.uniform(0.1, 0.9)
            ),
        )
        for fault in chosen
    ]


async def mix(medium: Medium, seed: int, polls: int, folder: Path) -> Findings:
    """Let some faults happen while everything is polled and commanded."""
    rng = Random(seed)
    course = Course(medium, seed, folder)
    async with course.running():
        armed = [course.rig.inject_all(injection) for injection in some_faults(medium, rng)]
        await course.round(rng, polls)
        for one in armed:
            await course.rig.clear(one.id)
    return course.findings
