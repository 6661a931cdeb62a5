"""What a point can hold, once decoded, and the ranges such values lie in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Value = Decimal | str | bool | frozenset[str]
"""A decoded value: a number in its reading's unit, a text or canonical state, a bit, or the names of bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An inclusive range in the unit the file gives for the register; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __contains__(self, number: Decimal) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        return f"{'-' if self.low is None else self.low}..{'-' if self.high is None else self.high}"


UNBOUNDED: Final = Range()
"""Any number."""
