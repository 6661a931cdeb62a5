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

from drivers.profiles.codec import EXACT, Codec, Raw, codec_of, pattern_of
from drivers.profiles.units import COUNTED_IN_WHOLES, MEASURED_IN, READING_UNIT
from drivers.readings import Measurand, Phase, Unit

Kind = Literal["meter", "charge-controller"]
Space = Literal["coil", "discrete", "holding", "input"]
Order = Literal["big", "little"]
Parity = Literal["N", "E", "O"]
Role = Literal["pilot", "cable_limit", "max_current", "enable"]
Poll = Literal["fast", "slow", "once"]
"""How often a point is read: with every poll, now and then, or once after the device was found (again)."""
Scaling = Literal["exponent", "decimals", "multiplier"]
"""How one point scales another: times 10**it, divided by 10**it, times it."""

Value = Decimal | str | bool | frozenset[str]
"""A decoded value: a number in its reading's unit, a text or canonical state, a bit, or the names of bits."""

LARGEST_EXPONENT = 30
"""A register that claims more is not believed."""


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


@dataclass(frozen=True, slots=True)
class ScaledBy:
    """Another point of the device that says how many of the unit one count is."""

    point: str
    how: Scaling

    def factor(self, value: Value | None) -> Decimal | None:
        """Return what to multiply by, or None if the other point's value says nothing usable."""
        if not isinstance(value, Decimal):
            return None
        if self.how == "multiplier":
            return value if value > 0 else None
        exponent = int(value) if self.how == "exponent" else -int(value)
        return Decimal(1).scaleb(exponent) if abs(exponent) <= LARGEST_EXPONENT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a device: where it lies, how it is coded and what it means.

    `unit` is the register's; decoded numbers are in `reading_unit`, energy in whole mWh.
    """

    name: str
    space: Space
    address: int
    type: str
    length: int | None = None
    """Registers of a string; None for every other type, whose name says it."""
    word_order: Order = "big"
    """Which register of a number comes first; a string is always in the order of its addresses."""
    byte_order: Order = "big"
    """Which byte of a register comes first."""
    scale: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    """In the register's unit, added after scaling."""
    scaled_by: tuple[ScaledBy, ...] = ()
    unit: str | None = None
    measurand: Measurand | None = None
    phase: Phase | None = None
    role: Role | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    """Raw value (as text) -> canonical state; empty if the point is no enumeration."""
    bits: Mapping[int, str] = field(default_factory=dict)
    """Bit (0 is the least significant) -> name; empty if the point is no bit field."""
    valid: Range = Range()
    sentinels: tuple[int, ...] = ()
    """Register patterns (unsigned, most significant word first) that mean "no value"."""
    readable: bool = True
    write: WriteRule | None = None
    poll: Poll = "fast"
    example: Value | None = None
    """What a device shows here, for the emulator where nothing else drives the point."""
    verified: bool = True
    """False if the fact comes from one weak source: confirm it with the manual before relying on it."""

    @property
    def count(self) -> int:
        """How many registers (or bits) the point takes."""
        return self.codec.count

    @property
    def codec(self) -> Codec:
        """The format of the registers."""
        return codec_of(self.type, self.length)

    @property
    def end(self) -> int:
        """The first address after the point."""
        return self.address + self.count

    @property
    def reading_unit(self) -> Unit | None:
        """The unit of decoded numbers; None for a pure number or a state."""
        return None if self.unit is None else READING_UNIT[self.unit][0]

    def decode(self, registers: Sequence[int], factor: Decimal = Decimal(1)) -> Value | None:
        """Return the value of these registers (bits), or None if they hold a sentinel or an invalid value.

        `factor` is what the points in `scaled_by` say. A float energy register is taken at the float's own
        exact value and rounded once, to the nearest whole mWh (ties to even); so a register that never
        decreases gives readings that never do.
        """
        words = self._most_significant_first(registers)
        if self.sentinels and pattern_of(words) in self.sentinels:
            return None
        raw = self.codec.decode(words)
        if raw is None:
            return None
        if self.states:
            return self.states.get(str(raw))
        if self.bits:
            return frozenset(name for bit, name in self.bits.items() if pattern_of(words) >> bit & 1)
        return self._measured(raw, factor) if isinstance(raw, Decimal) else raw

    def encode(self, value: Value, factor: Decimal = Decimal(1)) -> tuple[int, ...]:
        """Return the registers (bits) for a value in the reading's unit, to the device's own resolution.

        Raises:
            ValueError: If the register cannot hold the value, or the state is not in the profile.
        """
        return tuple(self._most_significant_first(self.codec.encode(self._raw(value, factor))))

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
        """Undo the device's order of bytes and words, or apply it: it is the same both ways."""
        if len(words) != self.count:
            raise ValueError(f"{self.name}: {len(words)} registers given, {self.count} needed")
        if self.byte_order == "little":
            words = [(word & 0xFF) << 8 | word >> 8 for word in words]
        return words if self.word_order == "big" or self.type == "string" else words[::-1]

    def _measured(self, raw: Decimal, factor: Decimal) -> Decimal | None:
        scaled = EXACT.multiply(EXACT.multiply(raw, self.scale), factor)
        in_unit = EXACT.add(scaled, self.offset)
        if in_unit not in self.valid:
            return None
        value = EXACT.multiply(in_unit, self._factor)
        if self.reading_unit in COUNTED_IN_WHOLES:
            return value.to_integral_value(ROUND_HALF_EVEN)
        return value

    def _raw(self, value: Value, factor: Decimal) -> Raw:
        if isinstance(value, frozenset):
            return self._pattern(value)
        if self.states:
            for raw, state in self.states.items():
                if state == value:
                    return raw if self.type == "char_low" else Decimal(raw)
            raise ValueError(f"{self.name}: {value!r} is none of {', '.join(self.states.values())}")
        if isinstance(value, Decimal):
            in_unit = EXACT.subtract(EXACT.divide(value, self._factor), self.offset)
            return EXACT.divide(in_unit, EXACT.multiply(self.scale, factor))
        return value

    def _pattern(self, names: frozenset[str]) -> Decimal:
        if unknown := names - set(self.bits.values()):
            raise ValueError(f"{self.name}: {', '.join(sorted(unknown))}: no such bit")
        return Decimal(sum(1 << bit for bit, name in self.bits.items() if name in names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value that the device has no register for: the sum of some points minus the sum of others."""

    name: str
    measurand: Measurand
    phase: Phase | None = None
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def reading_unit(self) -> Unit:
        """The unit of the value, which is also that of all its parts."""
        return MEASURED_IN[self.measurand]

    def value(self, values: Mapping[str, Value | None]) -> Decimal | None:
        """Return the value, or None if any part has none."""
        total = Decimal(0)
        for names, add in ((self.plus, EXACT.add), (self.minus, EXACT.subtract)):
            for name in names:
                part = values.get(name)
                if not isinstance(part, Decimal):
                    return None
                total = add(total, part)
        return total


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
    barriers: tuple[int, ...] = ()
    """Addresses that must begin a read: none may span from below one to it or beyond."""
    request_gap_ms: int = 0
    """Silence the device needs before each request, beyond what the line itself demands."""
    unit_change_gap_ms: int = 0
    """Silence the line needs before this device is asked if another unit was asked last."""
    serial: SerialLine | None = None
    tcp_port: int | None = None
    unverified: tuple[str, ...] = ()
    """Which of these facts come from one weak source."""


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
    derived: tuple[Derived, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    """Who has read a real device with this profile, and which."""

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

    def factor(self, point: Point, values: Mapping[str, Value | None]) -> Decimal | None:
        """Return what the device's other points, by name, multiply this one by; None if one has no value."""
        product = Decimal(1)
        for scaled_by in point.scaled_by:
            factor = scaled_by.factor(values.get(scaled_by.point))
            if factor is None:
                return None
            product = EXACT.multiply(product, factor)
        return product

    def decode(
        self, block: Block, registers: Sequence[int], known: Mapping[str, Value | None] | None = None
    ) -> dict[str, Value | None]:
        """Return the values of a block's points by name; `known` has what was read in other blocks."""
        values: dict[str, Value | None] = dict(known or {})
        plain = [point for point in block.points if not point.scaled_by]
        for point in plain:
            values[point.name] = point.decode(block.slice(point, registers))
        if len(plain) < len(block.points):
            self._decode_scaled(block, registers, values)
        return {point.name: values[point.name] for point in block.points}

    def _decode_scaled(self, block: Block, registers: Sequence[int], values: dict[str, Value | None]) -> None:
        """Add the values of the points that others scale, whose values must be there already."""
        for point in block.points:
            if point.scaled_by:
                factor = self.factor(point, values)
                words = block.slice(point, registers)
                values[point.name] = None if factor is None else point.decode(words, factor)
