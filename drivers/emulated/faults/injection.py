"""When a fault happens and whom it hits. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drivers.emulated.faults.fault import Fault
from drivers.emulated.pdu import Space

READS: Final = frozenset({1, 2, 3, 4})
WRITES: Final = frozenset({5, 6, 15, 16})
"""Function codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The occurrences of a fault, in seconds from the moment it was set up.

    Each lasts `for_s`, or until the next one, or for ever. Within an occurrence every request that matches is
    hit with `probability`; a fault that has no requests comes about with it, once per occurrence.
    """

    at_s: float = 0.0
    every_s: float | None = None
    for_s: float | None = None
    times: int | None = None
    """At most this many requests are hit, or occurrences come about."""
    probability: float = 1.0

    def __post_init__(self) -> None:
        """Refuse times and chances that are none (ValueError)."""
        if not self.at_s >= 0:
            raise ValueError(f"at {self.at_s} s is not 0 or more")
        if (self.every_s is not None and not self.every_s > 0) or (
            self.for_s is not None and not self.for_s > 0
        ):
            raise ValueError("'every' and 'for' must be above 0 s")
        if self.times is not None and self.times < 1:
            raise ValueError(f"{self.times} times is not 1 or more")
        if not 0 < self.probability <= 1:
            raise ValueError(f"probability {self.probability} is not above 0 and at most 1")

    def occurrence(self, since_s: float) -> int | None:
        """Return which occurrence is under way, or None."""
        if since_s < self.at_s:
            return None
        number = 0 if self.every_s is None else int((since_s - self.at_s) // self.every_s)
        within_s = since_s - self.starts_s(number)
        return number if self.for_s is None or within_s < self.for_s else None

    def starts_s(self, number: int) -> float:
        """Return when an occurrence begins."""
        return self.at_s + number * (self.every_s or 0.0)


ALWAYS = Schedule()


@dataclass(frozen=True, slots=True)
class Span:
    """The registers that a request is about."""

    function: int
    space: Space
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which requests and devices a fault hits; what is empty matches all."""

    devices: frozenset[str] = frozenset()
    functions: frozenset[int] = frozenset()
    points: frozenset[str] = frozenset()
    """Names of points in the device's profile."""
    addresses: range | None = None

    def concerns(self, device: str) -> bool:
        """Tell whether a device is meant."""
        return not self.devices or device in self.devices

    def matches(self, span: Span | None, points: frozenset[str]) -> bool:
        """Tell whether a request is meant: `points` has the names of the points that its span touches."""
        if self.functions and (span is None or span.function not in self.functions):
            return False
        if self.addresses is not None and not (
            span is not None and span.start < self.addresses.stop and span.end > self.addresses.start
        ):
            return False
        return not self.points or not self.points.isdisjoint(points)


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """One fault, when and where."""

    fault: Fault
    where: Where = EVERYWHERE
    when: Schedule = ALWAYS
