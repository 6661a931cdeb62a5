"""What a rig of emulated hardware consists of, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from drivers.emulated.ev import EvSpec
from drivers.emulated.faults.fault import Medium
from drivers.emulated.faults.injection import Injection
from drivers.emulated.grid import GridSpec
from drivers.emulated.line import LineTiming
from drivers.profiles.model import Kind
from drivers.profiles.values import Value

FASTEST = 10_000
SLOWEST_TURN_AROUND_S = 60
START_MWH = 12_345_678_000
"""Meters do not start at zero, so that a master that assumes it is found out."""


class RigError(ValueError):
    """The parts of a rig do not fit together; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Certificates (PEM) of a line that speaks TLS; with `authorities` the other side must have one too."""

    certificate: Path
    key: Path
    authorities: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSpec:
    """A half-duplex serial line on a pseudo terminal: several devices may hang on it."""

    medium: ClassVar[Medium] = "pty"
    timing: LineTiming = field(default_factory=LineTiming)
    turn_around_s: float = 0.0
    """From the end of a request until the device begins to reply."""
    link: Path | None = None
    """A path for the port that stays the same from run to run."""

    def __post_init__(self) -> None:
        """Refuse a turn-around that is none (ValueError)."""
        _check_turn_around(self.turn_around_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class RtuOverTcpSpec:
    """The same line behind a serial device server: RTU frames in a TCP stream."""

    medium: ClassVar[Medium] = "rtu-over-tcp"
    timing: LineTiming = field(default_factory=LineTiming)
    turn_around_s: float = 0.0
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        """Refuse a turn-around that is none (ValueError)."""
        _check_turn_around(self.turn_around_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpSpec:
    """Modbus TCP: several unit addresses may answer at one port."""

    medium: ClassVar[Medium] = "tcp"
    host: str = "127.0.0.1"
    port: int = 0
    tls: TlsFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOutSpec:
    """Devices that open the TCP connection to the master, and then answer on it."""

    medium: ClassVar[Medium] = "tcp"
    port: int
    host: str = "127.0.0.1"
    tls: TlsFiles | None = None
    server_name: str | None = None
    """Whom the master's certificate must name; the host, if not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingSpec:
    """Devices that wait for a connection and are the master on it: they write into the registers there."""

    medium: ClassVar[Medium] = "tcp"

    host: str = "127.0.0.1"
    port: int = 0
    tls: TlsFiles | None = None


LineSpec = AskingSpec | SerialSpec | RtuOverTcpSpec | TcpSpec | DialOutSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class BaySpec:
    """A place to charge at: the vehicle and the mains there."""

    ev: EvSpec = field(default_factory=EvSpec)
    grid: GridSpec = field(default_factory=GridSpec)
    plugged: bool = False
    """Whether the vehicle is plugged in from the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpec:
    """One device: which it is, where it hangs and where it stands."""

    profile: str | Path
    line: str
    kind: Kind | None = None
    """What it must be; None for whatever the profile says."""
    bay: str | None = None
    """None for the only bay there is."""
    unit: int | None = None
    """Its unit address; None for the profile's."""
    instance: int = 1
    """Which connector, for a device that has several of everything."""
    base: int | None = None
    """Where its SunSpec map begins; None for the first place where masters look."""
    start_mwh: int = START_MWH
    shows: Mapping[str, Value] = field(default_factory=dict)
    """What single points show, by name: which variant the device is, its serial number, a defect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCommand:
    """A command (see `commands`) and when it is carried out, in seconds from the start."""

    at_s: float
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RigSpec:
    """Everything; names are keys."""

    lines: Mapping[str, LineSpec]
    devices: Mapping[str, DeviceSpec]
    bays: Mapping[str, BaySpec] = field(default_factory=lambda: {"bay": BaySpec()})
    seed: int = 1
    speed: float = 1.0
    """Physics time per wall time: energy, ramps and reactions; voltages, currents and power stay natural."""
    script: tuple[TimedCommand, ...] = ()
    faults: tuple[Injection, ...] = ()
    profiles: Path | None = None
    """A directory of profiles that hide shipped ones of the same name."""
    directory: Path | None = None
    """Where devices keep what outlives the rig, such as keys."""

    def __post_init__(self) -> None:
        """Refuse a rig whose parts do not fit together (RigError)."""
        if not 0 < self.speed <= FASTEST:
            raise RigError(f"speed {self.speed} must be above 0 and at most {FASTEST}")
        for name, device in self.devices.items():
            if device.line not in self.lines:
                raise RigError(f"device {name}: there is no line {device.line!r}")
            if self.bay_of(device) not in self.bays:
                raise RigError(f"device {name}: it must say which bay it is at: {', '.join(self.bays)}")
        for injection in self.faults:
            self.check(injection)

    def bay_of(self, device: DeviceSpec) -> str:
        """Return the name of a device's bay; empty if there is a choice and it does not say."""
        if device.bay is not None:
            return device.bay
        return next(iter(self.bays)) if len(self.bays) == 1 else ""

    def medium_of(self, device: str) -> Medium:
        """Return what carries a device's frames."""
        return self.lines[self.devices[device].line].medium

    def concerned(self, injection: Injection) -> list[str]:
        """Return the devices that a fault is for and that can have it."""
        fault, where = injection.fault, injection.where
        return [name for name in self.devices if where.concerns(name) and self.medium_of(name) in fault.media]

    def check(self, injection: Injection) -> None:
        """Refuse a fault that no device can have (RigError)."""
        fault = injection.fault
        for name in injection.where.devices:
            if name not in self.devices:
                raise RigError(f"there is no device {name!r}; there are {', '.join(self.devices)}")
            if self.medium_of(name) not in fault.media:
                raise RigError(
                    f"{fault.name}: {name} hangs on {self.medium_of(name)}, where there is no such fault"
                )
        if not self.concerned(injection):
            raise RigError(f"{fault.name}: no device of this rig can have this fault")


def _check_turn_around(seconds: float) -> None:
    if not 0 <= seconds <= SLOWEST_TURN_AROUND_S:
        raise ValueError(f"turn-around {seconds} s is not between 0 and {SLOWEST_TURN_AROUND_S}")
