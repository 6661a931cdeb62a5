"""Whether a monitor that the backend proposes may be set (N04). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from agent.monitoring.records import (
    MILDEST_SEVERITY,
    PERIODIC,
    THRESHOLDS,
    WORST_SEVERITY,
    Kind,
    Monitor,
    StreamRate,
)
from agent.monitoring.watch import NUMERIC
from agent.variables.model import Entry

SHORTEST_PERIOD_S: Final = 1
LONGEST_PERIOD_S: Final = 366 * 86_400
MOST_CUSTOM: Final = 200

Range = tuple[int | None, int | None]
"""The least and the largest value that a variable can have, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A monitor that is to be set; with an id it takes the place of another."""

    entry: Entry
    kind: Kind
    value: Decimal
    severity: int
    needs_transaction: bool = False
    id: int | None = None
    stream: StreamRate | None = None

    def monitor(self, number: int) -> Monitor:
        """Return the monitor with this id, if it may be set."""
        return Monitor(
            id=number,
            name=self.entry.variable.name,
            place=self.entry.place,
            kind=self.kind,
            value=self.value,
            severity=self.severity,
            needs_transaction=self.needs_transaction,
            stream=self.stream,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a monitor is not set: the answer's status, a reason code, and words."""

    status: Literal["UnsupportedMonitorType", "Rejected", "Duplicate"]
    reason: str
    why: str


def refusal(
    proposal: Proposal, installed: Mapping[int, Monitor], range_of: Range, most_streams: int
) -> Refusal | None:
    """Return what is wrong with a proposal, None if it may be set; `range_of` its variable."""
    found = _fits_variable(proposal, range_of) or _fits_kind(proposal)
    if found is None and proposal.stream is not None:
        found = _fits_stream(proposal, installed.values(), most_streams)
    if found is None and proposal.id is not None:
        found = _may_replace(proposal, proposal.id, installed)
    return found or _fits_others(proposal, installed.values())


def _fits_variable(proposal: Proposal, range_of: Range) -> Refusal | None:
    if proposal.kind not in THRESHOLDS:
        return None
    name = proposal.entry.variable.name
    if proposal.entry.variable.type not in NUMERIC:  # N04.FR.05
        why = f"{name} is no number, it has no thresholds"
        return Refusal(status="UnsupportedMonitorType", reason="UnsupportedParam", why=why)
    low, high = range_of
    if (low is not None and proposal.value < low) or (high is not None and proposal.value > high):
        return _out_of_range(f"{name} goes from {low} to {high}")  # N04.FR.06
    return None


def _fits_kind(proposal: Proposal) -> Refusal | None:
    if not WORST_SEVERITY <= proposal.severity <= MILDEST_SEVERITY:
        return _out_of_range(f"severities go from {WORST_SEVERITY} to {MILDEST_SEVERITY}")
    if proposal.kind == "Delta" and proposal.value < 0:  # N04.FR.14
        return Refusal(status="Rejected", reason="ValuePositiveOnly", why="a difference is not negative")
    if proposal.kind in PERIODIC and not SHORTEST_PERIOD_S <= proposal.value <= LONGEST_PERIOD_S:
        return _out_of_range(f"periods go from {SHORTEST_PERIOD_S} to {LONGEST_PERIOD_S} s")
    return None


def _fits_stream(proposal: Proposal, installed: Iterable[Monitor], most: int) -> Refusal | None:
    """Only what is told periodically makes a stream, and there are only so many (N11)."""
    if proposal.kind not in PERIODIC:
        why = "only a periodic monitor can be told as a stream"
        return Refusal(status="Rejected", reason="UnsupportedParam", why=why)
    if sum(one.stream is not None for one in installed if one.id != proposal.id) >= most:
        return Refusal(status="Rejected", reason="TooManyElements", why=f"at most {most} streams")
    return None


def _may_replace(proposal: Proposal, number: int, installed: Mapping[int, Monitor]) -> Refusal | None:
    replaced = installed.get(number)
    if replaced is None:  # N04.FR.13
        return Refusal(status="Rejected", reason="NotFound", why=f"there is no monitor {number}")
    if replaced.origin == "HardWired":  # N04.FR.18
        return Refusal(status="Rejected", reason="ReadOnly", why=f"monitor {number} is hard-wired")
    if not proposal.monitor(number).is_on_same_variable(replaced):  # N04.FR.16
        why = f"monitor {number} watches another variable"
        return Refusal(status="Rejected", reason="InvalidValue", why=why)
    return None


def _fits_others(proposal: Proposal, installed: Iterable[Monitor]) -> Refusal | None:
    others = [one for one in installed if one.id != proposal.id]
    twins = [one for one in others if proposal.monitor(0).is_twin_of(one)]
    if twins:  # N04.FR.10
        why = f"monitor {twins[0].id} is of the same type and severity"
        return Refusal(status="Duplicate", reason="DuplicateParam", why=why)
    if sum(one.origin == "Custom" for one in others) >= MOST_CUSTOM:
        return Refusal(status="Rejected", reason="OutOfMemory", why=f"at most {MOST_CUSTOM} monitors")
    return None


def _out_of_range(why: str) -> Refusal:
    return Refusal(status="Rejected", reason="ValueOutOfRange", why=why)
