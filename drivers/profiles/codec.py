"""Raw register formats, both directions.

Words are given most significant first, 16 bits each (one bit for coils and discrete inputs); the point
above undoes the device's word order. Numbers leave here exact: a float32 becomes the Decimal that has the
float's own binary value, not the shortest text that looks like it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, Protocol

EXACT: Final = Context(prec=400, rounding=ROUND_HALF_EVEN)
"""Wide enough for every digit of any float32 times any scale: nothing is rounded on the way."""

Raw = Decimal | str | bool
"""What a register holds before scale and states: a number, a character or a bit."""


class Codec(Protocol):
    """One register format."""

    @property
    def count(self) -> int:
        """How many registers (or bits) the format takes."""

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the raw value, or None when the pattern is none (NaN, infinity, an unprintable byte)."""

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words for a raw value; a number between two patterns goes to the nearest, ties to even.

        Raises:
            ValueError: If the format cannot hold the value.
        """


@dataclass(frozen=True, slots=True)
class IntegerCodec:
    """Two's complement or unsigned integers of 16 bits and multiples."""

    bits: int
    signed: bool

    @property
    def count(self) -> int:
        """Registers taken."""
        return self.bits // 16

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the integer as a Decimal."""
        pattern = pattern_of(words)
        negative = self.signed and pattern >> (self.bits - 1)
        return Decimal(pattern - (1 << self.bits) if negative else pattern)

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest integer."""
        number = int(_number(raw).to_integral_value(ROUND_HALF_EVEN))
        low, high = (-(1 << (self.bits - 1)), 1 << (self.bits - 1)) if self.signed else (0, 1 << self.bits)
        if not low <= number < high:
            raise ValueError(f"{number} does not fit into {'int' if self.signed else 'uint'}{self.bits}")
        return words_of(number % (1 << self.bits), self.count)


@dataclass(frozen=True, slots=True)
class Float32Codec:
    """IEEE 754 binary32 over two registers."""

    @property
    def count(self) -> int:
        """Registers taken."""
        return 2

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the float's exact value; None for NaN and the infinities."""
        (value,) = struct.unpack(">f", struct.pack(">2H", *words))
        return Decimal(value) if math.isfinite(value) else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest float32."""
        try:
            return struct.unpack(">2H", struct.pack(">f", float(_number(raw))))
        except OverflowError as error:
            raise ValueError(f"{raw} does not fit into float32") from error


@dataclass(frozen=True, slots=True)
class CharLowCodec:
    """One ASCII character in the low byte of a register; the high byte is ignored when read, written as 0."""

    @property
    def count(self) -> int:
        """Registers taken."""
        return 1

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the character, or None if it is not a printable one."""
        character = chr(words[0] & 0xFF)
        return character if character.isascii() and character.isprintable() else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the register of one character."""
        if not isinstance(raw, str) or len(raw) != 1 or not raw.isascii():
            raise ValueError(f"{raw!r} is not one ASCII character")
        return (ord(raw),)


@dataclass(frozen=True, slots=True)
class BitCodec:
    """A coil or discrete input."""

    @property
    def count(self) -> int:
        """Bits taken."""
        return 1

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the bit."""
        return bool(words[0])

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return 1 or 0."""
        if not isinstance(raw, bool):
            raise ValueError(f"{raw!r} is neither on nor off")
        return (int(raw),)


CODECS: Final[dict[str, Codec]] = {
    "uint16": IntegerCodec(16, signed=False),
    "int16": IntegerCodec(16, signed=True),
    "uint32": IntegerCodec(32, signed=False),
    "int32": IntegerCodec(32, signed=True),
    "float32": Float32Codec(),
    "char_low": CharLowCodec(),
    "coil": BitCodec(),
}
"""The formats a profile may name."""


def pattern_of(words: Sequence[int]) -> int:
    """Return the words, most significant first, as one unsigned integer."""
    pattern = 0
    for word in words:
        pattern = pattern << 16 | word
    return pattern


def words_of(pattern: int, count: int) -> tuple[int, ...]:
    """Return an unsigned integer as `count` words, most significant first."""
    return tuple(pattern >> 16 * place & 0xFFFF for place in reversed(range(count)))


def _number(raw: Raw) -> Decimal:
    if not isinstance(raw, Decimal) or not raw.is_finite():
        raise ValueError(f"{raw!r} is not a number")
    return raw
