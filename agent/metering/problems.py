"""What can be wrong with a meter's values, and how often it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum


class Problem(Enum):
    """Why a value is not believed. The value is a short text for people."""

    OUT_OF_RANGE = "a value that cannot be"
    POWER_MISMATCH = "power that does not match voltage and current"
    BACKWARDS = "power that flows backwards"
    COUNT_JUMPED = "a count that no power could have reached"
    COUNT_FELL = "a count below an earlier one"
    COUNT_STANDS = "a count that stands still while energy flows"
    FROZEN = "values that do not move while energy flows"


class Break(Enum):
    """Why a meter's count no longer continues the one before. The value is a short text for people."""

    ROLLOVER = "the count began again after its highest"
    RESET = "the count was set back"
    JUMP = "the count was set forward"
    REPLACED = "the meter was replaced"


@dataclass(slots=True)
class MeterCounters:
    """What one meter has come to since the agent started."""

    polls: int = 0
    failed: int = 0
    """Polls without a complete answer."""
    suspect: Counter[Problem] = field(default_factory=Counter)
    """Polls with values that were not believed, by reason; the values went nowhere."""
    breaks: Counter[Break] = field(default_factory=Counter)
