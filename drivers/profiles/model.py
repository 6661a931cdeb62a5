"""The typed model of a hardware profile: what a device's registers mean, in frozen values.

A profile serves both directions: the driver decodes what it read and encodes what it writes, the emulator
encodes its state and decodes what was written to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Literal

from drivers.profiles.codec import CODECS, EXACT, Raw, pattern_of
from drivers.profiles.units import COUNTED_IN_WHOLES, READING_UNIT
from drivers.readings import Measurand, Phase, Unit

Kind = Literal["meter", "charge-controller"]
Space = Literal["coil", "discrete", "holding", "input"]
WordOrder = Literal["big", "little"]
Parity = Literal["N", "E", "O"]
Role = Literal["pilot", "cable_limit", "max_current", "enable"]

Value = Decimal | str | bool
"""A decoded value: a number in the unit of its reading, a canonical state, or a bit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An inclusive range in the unit the file gives for the register; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None

    def __contains__(self, number: Decimal) -> bool:
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        return f"{'-' if self.low is None else self.low}..{'-' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRule:
    """How a point is written: the Modbus function code and the values it may be given."""

    function: Literal[5, 6, 16]
    bounds: Range = Range()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a device: where it lies, how it is coded and what it means.

    `unit` is the register's; decoded numbers are in `reading_unit`, energy in whole mWh.
    """

    name: str
    space: Space
    address: int
    type: str
    word_order: WordOrder = "big"
    scale: Decimal = Decimal(1)
    unit: str | None = None
    measurand: Measurand | None = None
    phase: Phase | None = None
    role: Role | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    """Raw value (as text) -> canonical state; empty if the point is no enumeration."""
    valid: Range = Range()
    sentinels: tuple[int, ...] = ()
    """Register patterns (unsigned, most significant word first) that mean "no value"."""
    readable: bool = True
    write: WriteRule | None = None
    verified: bool = True
    """False if the fact comes from one weak source: confirm it with the manual before relying on it."""

    @property
    def count(self) -> int:
        """How many registers (or bits) the point takes."""
        return CODECS[self.type].count

    @property
    def end(self) -> int:
        """The first address after the point."""
        return self.address + self.count

    @property
    def reading_unit(self) -> Unit | None:
        """The unit of decoded numbers; None for a pure number or a state."""
        return None if self.unit is None else READING_UNIT[self.unit][0]

    def decode(self, registers: Sequence[int]) -> Value | None:
        """Return the value of these registers (bits), or None if they hold a sentinel or an invalid value.

        A float32 energy register is taken at the float's own exact value and rounded once, to the nearest
        whole mWh (ties to even); so a register that never decreases gives readings that never do.
        """
        words = self._most_significant_first(registers)
        if self.sentinels and pattern_of(words) in self.sentinels:
            return None
        raw = CODECS[self.type].decode(words)
        if raw is None:
            return None
        if self.states:
            return self.states.get(str(raw))
        return self._measured(raw) if isinstance(raw, Decimal) else raw

    def encode(self, value: Value) -> tuple[int, ...]:
        """Return the registers (bits) for a value in the reading's unit, to the device's own resolution.

        Raises:
            ValueError: If the register cannot hold the value, or the state is not in the profile.
        """
        return tuple(self._most_significant_first(CODECS[self.type].encode(self._raw(value))))

    def allows(self, value: Value) -> bool:
        """Tell whether the profile lets this value be written."""
        if self.write is None:
            return False
        if not isinstance(value, Decimal):
            return True
        in_unit = EXACT.divide(value, self._factor)
        return in_unit in self.write.bounds and self.decode(self.encode(value)) == value

    @property
    def _factor(self) -> Decimal:
        return Decimal(1) if self.unit is None else READING_UNIT[self.unit][1]

    def _most_significant_first(self, words: Sequence[int]) -> Sequence[int]:
        if len(words) != self.count:
            raise ValueError(f"{self.name}: {len(words)} registers given, {self.count} needed")
        return words if self.word_order == "big" else words[::-1]

    def _measured(self, raw: Decimal) -> Decimal | None:
        in_unit = EXACT.multiply(raw, self.scale)
        if in_unit not in self.valid:
            return None
        value = EXACT.multiply(in_unit, self._factor)
        if self.reading_unit in COUNTED_IN_WHOLES:
            return value.to_integral_value(ROUND_HALF_EVEN)
        return value

    def _raw(self, value: Value) -> Raw:
        if self.states:
            for raw, state in self.states.items():
                if state == value:
                    return raw if self.type == "char_low" else Decimal(raw)
            raise ValueError(f"{self.name}: {value!r} is none of {', '.join(self.states.values())}")
        if isinstance(value, Decimal):
            return EXACT.divide(value, EXACT.multiply(self._factor, self.scale))
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One read request: `count` registers from `start`, and the points that lie in them."""

    space: Space
    start: int
    count: int
    points: tuple[Point, ...]

    def slice(self, point: Point, registers: Sequence[int]) -> Sequence[int]:
        """Return the point's part of the block's registers."""
        return registers[point.address - self.start : point.end - self.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLine:
    """Line settings of a serial device as it leaves the factory."""

    baud: int
    parity: Parity
    stop_bits: Literal[1, 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusDefaults:
    """How the device speaks Modbus unless the station file says otherwise."""

    unit: int
    max_read: int
    max_hole: int
    """How many unused registers one read may span."""
    serial: SerialLine | None = None
    tcp_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One device model."""

    id: str
    kind: Kind
    maker: str
    model: str
    path: Path
    modbus: ModbusDefaults
    points: tuple[Point, ...]
    blocks: tuple[Block, ...]
    """The read plan: each block of a function code has a length of its own, so that a reply to an earlier
    request cannot pass for the reply to this one."""
    probe: Block | None
    """A read whose length no block has: its reply proves that no earlier reply is still on the way."""

    def point(self, name: str) -> Point:
        """Return the point of this name.

        Raises:
            KeyError: If the profile has none.
        """
        for point in self.points:
            if point.name == name:
                return point
        raise KeyError(name)

    def role(self, role: Role) -> Point | None:
        """Return the point that plays this role, or None."""
        return next((point for point in self.points if point.role == role), None)

    def find(self, measurand: Measurand, phase: Phase | None = None) -> Point | None:
        """Return the point that measures this, or None."""
        wanted = (measurand, phase)
        return next((point for point in self.points if (point.measurand, point.phase) == wanted), None)
