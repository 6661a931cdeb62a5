"""One value of a device: where it lies, how it is coded and what it means.

It serves both directions: the driver decodes what it read and encodes what it writes, the emulator encodes
its state and decodes what was written to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Literal

from drivers.profiles.codec import EXACT, SIZED, Codec, Raw, codec_of, pattern_of, words_of
from drivers.profiles.conditions import Condition
from drivers.profiles.units import COUNTED_IN_WHOLES, READING_UNIT
from drivers.profiles.values import UNBOUNDED, Range, Value
from drivers.profiles.writes import WriteRule
from drivers.readings import Measurand, Phase, Unit

Space = Literal["coil", "discrete", "holding", "input"]
Order = Literal["big", "little"]
Role = Literal[
    "pilot",
    "state",
    "cable_limit",
    "max_current",
    "enable",
    "digital",
    "lock",
    "lock_state",
    "occupied",
    "phases",
    "contactor",
    "available",
    "error",
    "set_voltage",
    "set_current",
    "set_power",
    "output",
    "regulation",
    "most_voltage",
    "most_current",
    "most_power",
    "resistance",
    "isolation_status",
    "isolation_alarm",
    "validity",
    "self_test",
    "serial_number",
    "model",
    "firmware",
    "signing_state",
    "begin_status",
    "begin_counter",
    "end_status",
    "end_counter",
    "signed_begin",
    "signed_end",
    "signed_payload",
    "signature",
    "public_key",
]
"""The part a point plays in what the agent does with the device; each at most once in a variant."""
Poll = Literal["fast", "slow", "once", "on_demand"]
"""How often a point is read: with every poll, now and then, once after the device was found (again), or only
when somebody asks for it."""
Scaling = Literal["exponent", "decimals", "multiplier"]
"""How one point scales another: times 10**it, divided by 10**it, times it."""
SizeUnit = Literal["bytes", "registers"]

LARGEST_EXPONENT: Final = 30
"""A register that claims more is not believed."""


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


@dataclass(frozen=True, slots=True)
class LengthFrom:
    """Another point that says how long a text or some bytes are."""

    point: str
    unit: SizeUnit


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
    """Registers of a string or of bytes, at most; None for every other type, whose name says it."""
    length_from: LengthFrom | None = None
    """What says how many of them count now (see `sized`)."""
    size: int | None = None
    """How many bytes of them count, once that is known."""
    mask: int | None = None
    """Which bits of the registers are the value, the lowest of them being its lowest; None for all."""
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
    """Raw value (as text; 0 and 1 for a bit) -> canonical state; empty if the point is no enumeration."""
    bits: Mapping[int, str] = field(default_factory=dict)
    """Bit (0 is the least significant) -> name; empty if the point is no bit field."""
    valid: Range = UNBOUNDED
    sentinels: tuple[int, ...] = ()
    """Register patterns (unsigned, most significant word first) that mean "no value"."""
    readable: bool = True
    write: WriteRule | None = None
    poll: Poll = "fast"
    example: Value | None = None
    """What a device shows here, for the emulator where nothing else drives the point."""
    shared: bool = False
    """It stays where it is in every instance of the device."""
    when: tuple[Condition, ...] = ()
    """The variants of the device that have the point: those for which all of this holds."""
    verified: bool = True
    """False if the fact comes from one weak source: confirm it with the manual before relying on it."""

    @property
    def count(self) -> int:
        """How many registers (or bits) the point takes."""
        return self.codec.count

    @property
    def codec(self) -> Codec:
        """The format of the registers."""
        return codec_of(self.type, self.length, self.size)

    @property
    def end(self) -> int:
        """The first address after the point."""
        return self.address + self.count

    @property
    def place(self) -> tuple[Space, int, int]:
        """Which registers it lies in; points with masks may share them."""
        return self.space, self.address, self.count

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
        if self.mask is not None:
            words = words_of((pattern_of(words) & self.mask) >> self._shift, self.count)
        if self.sentinels and pattern_of(words) in self.sentinels:
            return None
        raw = self.codec.decode(words)
        if raw is None:
            return None
        if self.states:
            return self.states.get(str(int(raw) if isinstance(raw, bool) else raw))
        if self.bits:
            return frozenset(name for bit, name in self.bits.items() if pattern_of(words) >> bit & 1)
        return self._measured(raw, factor) if isinstance(raw, Decimal) else raw

    def encode(self, value: Value, factor: Decimal = Decimal(1)) -> tuple[int, ...]:
        """Return the registers (bits) for a value in the reading's unit, to the device's own resolution.

        Bits outside a mask are 0; see `merge`.

        Raises:
            ValueError: If the register cannot hold the value, or the state is not in the profile.
        """
        words = self.codec.encode(self._raw(value, factor))
        if self.mask is not None:
            shifted = pattern_of(words) << self._shift
            if shifted & ~self.mask:
                raise ValueError(f"{self.name}: {value} does not fit into the bits of mask {self.mask:#x}")
            words = words_of(shifted, self.count)
        return tuple(self._most_significant_first(words))

    def merge(self, value: Value, registers: Sequence[int], factor: Decimal = Decimal(1)) -> tuple[int, ...]:
        """Return the registers with this point's bits replaced, and all others as they were.

        Raises:
            ValueError: As `encode` does.
        """
        new = self.encode(value, factor)
        if self.mask is None:
            return new
        mask = self._most_significant_first(words_of(self.mask, self.count))
        return tuple(old & ~m | n for old, n, m in zip(registers, new, mask, strict=True))

    def sized(self, value: Value | None) -> Point:
        """Return the point as long as the point in `length_from`, which has this value, says that it is.

        Raises:
            ValueError: If that is no length, or more than the point can have.
        """
        if self.length_from is None or self.length is None:
            return self
        unit, most = self.length_from.unit, self.length
        per_unit = 1 if unit == "bytes" else 2
        if not isinstance(value, Decimal) or value % 1 or not 1 <= value * per_unit <= 2 * most:
            raise ValueError(
                f"{self.name}: {self.length_from.point} says that it has {value} {unit}, "
                f"not 1 to {2 * most // per_unit}"
            )
        size = int(value) * per_unit
        return replace(self, length=(size + 1) // 2, size=size, length_from=None)

    def allows(self, value: Value) -> bool:
        """Tell whether the profile lets this value be written."""
        if self.write is None:
            return False
        try:
            registers = self.encode(value)
        except ValueError:
            return False
        if not isinstance(value, Decimal) or value == self.write.off:
            return True
        in_unit = EXACT.divide(value, self.unit_factor)
        return in_unit in self.write.bounds and self.decode(registers) == value

    @property
    def unit_factor(self) -> Decimal:
        """How many of the reading's unit one of the register's is."""
        return Decimal(1) if self.unit is None else READING_UNIT[self.unit][1]

    @property
    def _shift(self) -> int:
        """How many bits lie below the mask."""
        return (self.mask & -self.mask).bit_length() - 1 if self.mask else 0

    def _most_significant_first(self, words: Sequence[int]) -> Sequence[int]:
        """Undo the device's order of bytes and words, or apply it: it is the same both ways."""
        if len(words) != self.count:
            raise ValueError(f"{self.name}: {len(words)} registers given, {self.count} needed")
        if self.byte_order == "little":
            words = [(word & 0xFF) << 8 | word >> 8 for word in words]
        return words if self.word_order == "big" or self.type in SIZED else words[::-1]

    def _measured(self, raw: Decimal, factor: Decimal) -> Decimal | None:
        scaled = EXACT.multiply(EXACT.multiply(raw, self.scale), factor)
        in_unit = EXACT.add(scaled, self.offset)
        if in_unit not in self.valid:
            return None
        value = EXACT.multiply(in_unit, self.unit_factor)
        if self.reading_unit in COUNTED_IN_WHOLES:
            return value.to_integral_value(ROUND_HALF_EVEN)
        return value

    def _raw(self, value: Value, factor: Decimal) -> Raw:
        if isinstance(value, frozenset):
            return self._pattern(value)
        if self.states:
            for raw, state in self.states.items():
                if state == value:
                    return self._raw_of(raw)
            raise ValueError(f"{self.name}: {value!r} is none of {', '.join(self.states.values())}")
        if isinstance(value, Decimal):
            in_unit = EXACT.subtract(EXACT.divide(value, self.unit_factor), self.offset)
            return EXACT.divide(in_unit, EXACT.multiply(self.scale, factor))
        return value

    def _raw_of(self, text: str) -> Raw:
        """Return the raw value that a state's key says."""
        if self.type == "coil":
            return text == "1"
        return text if self.type in {"char_low", *SIZED} else Decimal(text)

    def _pattern(self, names: frozenset[str]) -> Decimal:
        if unknown := names - set(self.bits.values()):
            raise ValueError(f"{self.name}: {', '.join(sorted(unknown))}: no such bit")
        return Decimal(sum(1 << bit for bit, name in self.bits.items() if name in names))
