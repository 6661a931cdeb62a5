"""How points are written, and what is to be written where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.profiles.conditions import Condition
from drivers.profiles.values import UNBOUNDED, Range, Value

WriteFunction = Literal[5, 6, 15, 16]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRule:
    """How a point is written: the Modbus function code, the values it may be given and what to mind."""

    function: WriteFunction
    bounds: Range = UNBOUNDED
    """In the register's unit."""
    verify: bool = True
    """Read it back; never set for a point that cannot be read."""
    settle_ms: int = 0
    """How long the device needs before it reads back what was written."""
    cool_down_s: int = 0
    """The memory wears out: the same value is never written again, another not before this."""
    needs: tuple[Condition, ...] = ()
    """What other points must hold, or the device ignores the write."""
    expires_s: int | None = None
    """The device forgets the value unless it is written again within this."""
    off: Value | None = None
    """The value that means no energy, in the reading's unit; it may lie outside the bounds."""
    keeps_others: bool = False
    """The point is some bits of a register: read it, change only them, write it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that is only known when a script runs."""

    name: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A point and the value to write to it."""

    point: str
    value: Value | Variable
