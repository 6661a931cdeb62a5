"""Faults of a device or its line that begin and end: the rig carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import ClassVar

from drivers.emulated.defects import Defect
from drivers.emulated.faults.fault import Medium, StateFault

BROWNOUT_S = (3.0, 6.0)


@dataclass(frozen=True, slots=True)
class Brownout(StateFault):
    """The device loses power for 3 to 6 s, and starts with its default settings and a new session."""

    seconds: float | None = None
    name: ClassVar[str] = "brownout"

    def __post_init__(self) -> None:
        """Refuse a time that is none (ValueError)."""
        if self.seconds is not None and not 0 < self.seconds <= 86400:
            raise ValueError(f"{self.seconds} s is not between 0 and 86400")

    def lasts_s(self, rng: Random) -> float | None:
        """Return how long the power is away."""
        return rng.uniform(*BROWNOUT_S) if self.seconds is None else self.seconds


@dataclass(frozen=True, slots=True)
class CounterReset(StateFault):
    """The energy counter begins at 0 again."""

    name: ClassVar[str] = "counter-reset"


@dataclass(frozen=True, slots=True)
class Rollover(StateFault):
    """The energy counter is about to overflow: it stands this far (Wh) below its end, and goes on at 0.

    Where the end is depends on the register: 2^32 counts of a 32-bit integer, 1 000 000 kWh of a float.
    """

    before_wh: int = 10
    name: ClassVar[str] = "rollover"

    def __post_init__(self) -> None:
        """Refuse a distance that is none (ValueError)."""
        if not 0 <= self.before_wh <= 1_000_000:
            raise ValueError(f"{self.before_wh} Wh is not between 0 and 1000000")


@dataclass(frozen=True, slots=True)
class DeviceSwap(StateFault):
    """Somebody has put another device of the same kind there: other serial number, other counter."""

    serial_number: str = "SWAPPED"
    name: ClassVar[str] = "device-swap"


@dataclass(frozen=True, slots=True)
class BayDefect(StateFault):
    """Something at the device's bay is broken; `name` says what (see `defects`)."""

    name: ClassVar[Defect]


@dataclass(frozen=True, slots=True)
class Welded(BayDefect):
    """The contactor is closed, whatever the controller says."""

    name: ClassVar[Defect] = "welded"


@dataclass(frozen=True, slots=True)
class Tripped(BayDefect):
    """The residual current device has tripped: no supply, whatever the controller says."""

    name: ClassVar[Defect] = "tripped"


@dataclass(frozen=True, slots=True)
class PilotShort(BayDefect):
    """The pilot is shorted to earth: state E."""

    name: ClassVar[Defect] = "pilot-short"


@dataclass(frozen=True, slots=True)
class PilotIgnored(BayDefect):
    """The vehicle takes what it can, whatever the pilot offers."""

    name: ClassVar[Defect] = "pilot-ignored"


@dataclass(frozen=True, slots=True)
class ProximityOpen(BayDefect):
    """The cable's resistor is not there: nobody knows its ampacity."""

    name: ClassVar[Defect] = "proximity-open"


@dataclass(frozen=True, slots=True)
class LockStuck(BayDefect):
    """The bolt stays where it is, whatever the controller is told."""

    name: ClassVar[Defect] = "lock-stuck"


@dataclass(frozen=True, slots=True)
class EarthFault(BayDefect):
    """The insulation of the direct current against earth is gone."""

    name: ClassVar[Defect] = "earth-fault"


@dataclass(frozen=True, slots=True)
class MonitorBroken(BayDefect):
    """The isolation monitor's own test finds it broken."""

    name: ClassVar[Defect] = "monitor-broken"


@dataclass(frozen=True, slots=True)
class Unplug(StateFault):
    """The cable of the whole line is pulled: the port is gone, or the connections are closed."""

    name: ClassVar[str] = "unplug"


@dataclass(frozen=True, slots=True)
class HalfOpen(StateFault):
    """Packets of the line are dropped; connections that existed stay deaf when it is over."""

    name: ClassVar[str] = "half-open"
    media: ClassVar[frozenset[Medium]] = frozenset({"tcp", "rtu-over-tcp"})
