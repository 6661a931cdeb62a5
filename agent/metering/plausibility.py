"""Whether what a meter says can be true: a verdict on each value of a poll. Pure.

Drivers say how good a reading is as a transmission. Here it is held against physics, against the other values
of the poll and against what the meter said before. Values that fail stay in the reading, marked SUSPECT, so
that people can look at them; nothing that bills or reports takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from agent.metering.count import Count, CountState, first, follow
from agent.metering.flow import FlowState, is_frozen, watch_count, watch_values
from agent.metering.limits import Limits
from agent.metering.problems import Break, Problem
from agent.metering.values import Key, flowing_w, largest_current_a, marked, suspects
from drivers.readings import MeterReading, Quality, Reading, RegisterFacts

BILLED: Final[Key] = ("Energy.Active.Import.Register", None)
"""The count that is paid for. Only its breaks matter to anybody; other registers just begin anew."""
_MISMATCHES: Final = 3
"""A contactor that opens between two registers makes one poll contradict itself, an averaging meter two."""
_WHILE_AWAY_S: Final = 3600.0
"""How far the wall clock may be wrong about how long the station was away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is known of a meter."""

    counts: Mapping[Key, CountState] = field(default_factory=dict)
    flow: FlowState = field(default_factory=FlowState)
    mismatches: Mapping[Key, int] = field(default_factory=dict)
    """For how many polls in a row a power has contradicted voltage and current."""
    serial_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A poll as it may be used: suspect values are marked, and the reasons named."""

    state: State
    reading: MeterReading
    problems: Mapping[Key, Problem]
    broken: Break | None = None
    """The billed count no longer continues the one before. It stays suspect until a new `State` is begun."""


def resumed(mwh: int, serial_number: str | None, now_s: float, away_s: float) -> State:
    """Return the state of a meter that was last believed `away_s` ago, by the wall clock, at this count."""
    before_s = now_s - max(0.0, away_s) - _WHILE_AWAY_S
    return State(counts={BILLED: first(Count(mwh=mwh, at_s=before_s))}, serial_number=serial_number)


def judge(state: State, reading: MeterReading, limits: Limits) -> Verdict:
    """Judge one poll of a meter in whose way are these limits."""
    problems = suspects(reading, limits)
    mismatches = _mismatches(state.mismatches, problems)
    flow = _flow(state.flow, reading, problems)
    counts, broken = _follow_counts(state, reading, limits, problems)
    if flow.stands_still:
        problems[BILLED] = Problem.COUNT_STANDS
    if is_frozen(flow, reading.taken_at.monotonic_s, largest_current_a(reading)):
        problems = {(item.measurand, item.phase): Problem.FROZEN for item in reading.readings}
        counts = state.counts
    serial_number = reading.register.serial_number
    if None not in (serial_number, state.serial_number) and serial_number != state.serial_number:
        problems[BILLED] = problems.get(BILLED, Problem.COUNT_JUMPED)
        return _verdict(replace(state, flow=flow), reading, problems, Break.REPLACED)
    after = State(
        counts=counts,
        flow=flow,
        mismatches=mismatches,
        serial_number=state.serial_number or serial_number,
    )
    return _verdict(after, reading, problems, broken)


def _verdict(
    state: State, reading: MeterReading, problems: Mapping[Key, Problem], broken: Break | None
) -> Verdict:
    checked = tuple(marked(item, problems.get((item.measurand, item.phase))) for item in reading.readings)
    return Verdict(state=state, reading=replace(reading, readings=checked), problems=problems, broken=broken)


def _mismatches(before: Mapping[Key, int], problems: dict[Key, Problem]) -> Mapping[Key, int]:
    """Count mismatches in a row; those that do not go on for long enough are taken out of the problems."""
    found = [key for key, problem in problems.items() if problem is Problem.POWER_MISMATCH]
    mismatches = {key: before.get(key, 0) + 1 for key in found}
    for key in found:
        if mismatches[key] < _MISMATCHES:
            del problems[key]
    return mismatches


def _flow(flow: FlowState, reading: MeterReading, problems: dict[Key, Problem]) -> FlowState:
    now_s = reading.taken_at.monotonic_s
    values = {(item.measurand, item.phase): item.value for item in reading.readings}
    flow = watch_values(flow, values, now_s)
    mwh = reading.energy_import_mwh
    if mwh is None:
        return flow
    return watch_count(flow, mwh, flowing_w(reading, problems), now_s, reading.register.step_mwh)


def _follow_counts(
    state: State, reading: MeterReading, limits: Limits, problems: dict[Key, Problem]
) -> tuple[Mapping[Key, CountState], Break | None]:
    """Follow every energy register, adding to the problems; return their states and the billed break."""
    counts = dict(state.counts)
    broken = None
    for item in reading.readings:
        key = (item.measurand, item.phase)
        if not item.measurand.startswith("Energy.") or not _is_good(item) or key in problems:
            continue
        assert item.value is not None
        now = Count(mwh=int(item.value), at_s=item.taken_at.monotonic_s)
        if key not in counts:
            counts[key] = first(now)
            continue
        facts = reading.register if key == BILLED else RegisterFacts()
        verdict = follow(counts[key], now, facts, limits.most_w)
        counts[key] = verdict.state
        if verdict.problem is not None:
            problems[key] = verdict.problem
        if verdict.broken is not None and key == BILLED:
            broken = verdict.broken
        elif verdict.broken is not None:
            counts[key] = first(now)
    return counts, broken


def _is_good(item: Reading) -> bool:
    return item.quality is Quality.GOOD and item.value is not None
