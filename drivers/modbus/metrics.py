"""How the requests of a bus ended and how long answers took: counted here, shown by whoever asks."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from drivers.modbus.errors import (
    ExceptionReply,
    GarbledReply,
    LineNeverQuiet,
    MismatchedReply,
    ModbusError,
    NoReply,
    PortUnavailable,
)

LATENCY_BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds of the histogram's buckets; one more takes what is slower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMetrics:
    """How the requests to one unit ended since the bus was made."""

    unit: int
    ok: int
    timeout: int
    garbled: int
    """Bytes came that are no frame with a good checksum, or the line was never quiet."""
    mismatched: int
    """Sound frames that do not answer the request: stale, or of another unit, function, length or address."""
    port: int
    """The port or the connection was not there."""
    refused: int
    """Not sent by the bus: the unit was resting, or the deadline had passed."""
    exceptions: Mapping[int, int]
    """Exception code -> how often the device answered with it."""
    latency_counts: tuple[int, ...]
    """Answers by the time from request to reply, in the buckets of LATENCY_BOUNDS_S and one more."""
    latency_sum_s: float
    failures_in_a_row: int
    is_resting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BusMetrics:
    """A bus at one moment."""

    name: str
    is_open: bool
    opened: int
    """How often the port or connection was opened."""
    units: tuple[UnitMetrics, ...]

    def unit(self, unit: int) -> UnitMetrics:
        """Return one unit's numbers.

        Raises:
            KeyError: If it was never asked for anything.
        """
        for each in self.units:
            if each.unit == unit:
                return each
        raise KeyError(unit)


@dataclass(slots=True)
class Counters:
    """The numbers of one unit while they grow."""

    ok: int = 0
    timeout: int = 0
    garbled: int = 0
    mismatched: int = 0
    port: int = 0
    refused: int = 0
    exceptions: Counter[int] = field(default_factory=Counter)
    latency_counts: list[int] = field(default_factory=lambda: [0] * (len(LATENCY_BOUNDS_S) + 1))
    latency_sum_s: float = 0.0

    def answered(self, latency_s: float) -> None:
        """Count an exact answer."""
        self.ok += 1
        self.latency_counts[bisect_left(LATENCY_BOUNDS_S, latency_s)] += 1
        self.latency_sum_s += latency_s

    def count(self, error: ModbusError) -> None:
        """Count one failure."""
        match error:
            case ExceptionReply():
                self.exceptions[error.exception_code] += 1
            case NoReply():
                self.timeout += 1
            case GarbledReply() | LineNeverQuiet():
                self.garbled += 1
            case MismatchedReply():
                self.mismatched += 1
            case PortUnavailable():
                self.port += 1
            case _:
                self.refused += 1

    def snapshot(self, unit: int, *, failures_in_a_row: int, is_resting: bool) -> UnitMetrics:
        """Return the numbers as they are now."""
        return UnitMetrics(
            unit=unit,
            ok=self.ok,
            timeout=self.timeout,
            garbled=self.garbled,
            mismatched=self.mismatched,
            port=self.port,
            refused=self.refused,
            exceptions=MappingProxyType(dict(self.exceptions)),
            latency_counts=tuple(self.latency_counts),
            latency_sum_s=self.latency_sum_s,
            failures_in_a_row=failures_in_a_row,
            is_resting=is_resting,
        )
