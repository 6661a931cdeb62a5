"""Monitors and what they find, free of any OCPP version. Terms are those of OCPP 2.0.1.

All of them are stored as JSON: add members with a default only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from agent.variables.model import STATION, Place

Kind = Literal["UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"]
Origin = Literal["HardWired", "Preconfigured", "Custom"]
Trigger = Literal["Alerting", "Delta", "Periodic"]
Base = Literal["All", "FactoryDefault", "HardWiredOnly"]

THRESHOLDS: Final[tuple[Kind, ...]] = ("UpperThreshold", "LowerThreshold")
PERIODIC: Final[tuple[Kind, ...]] = ("Periodic", "PeriodicClockAligned")

WORST_SEVERITY, MILDEST_SEVERITY = 0, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRate:
    """When values of a monitor are told together: every so often or once there are so many; 0 is no limit."""

    interval_s: int = 0
    values: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """One watch over one variable at one place; `value` is a threshold, a difference or a period in s.

    `name` is the variable's full name, such as "EVSE.Power". `severity` goes from 0, danger, to 9, debugging.
    `stream` is there if what it finds is to be told as a stream.
    """

    id: int
    name: str
    place: Place = STATION
    kind: Kind
    value: Decimal
    severity: int
    needs_transaction: bool = False
    origin: Origin = "Custom"
    stream: StreamRate | None = None

    def is_twin_of(self, other: Monitor) -> bool:
        """Return whether both cannot be set at once: same variable, type and severity (N04.FR.10)."""
        mine = (self.name, self.place, self.kind, self.severity)
        return mine == (other.name, other.place, other.kind, other.severity)

    def is_on_same_variable(self, other: Monitor) -> bool:
        """Return whether both watch the same variable at the same place."""
        return (self.name, self.place) == (other.name, other.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is wrong: a short code for machines and a sentence for people."""

    code: str
    info: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorEvent:
    """One thing that happened to a variable; `monitor_id` is None for what no monitor watches."""

    id: int
    at: datetime
    trigger: Trigger
    name: str
    place: Place = STATION
    value: str
    origin: Origin
    severity: int
    monitor_id: int | None = None
    is_cleared: bool = False
    transaction_id: str | None = None
    cause: int | None = None
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorEvents:
    """Events that are told together; waits in the notices until the backend has it."""

    at: datetime
    events: tuple[MonitorEvent, ...]
