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
from typing import Final, Literal, Protocol

EXACT: Final = Context(prec=1200, rounding=ROUND_HALF_EVEN)
"""Wide enough for every digit of any float64 (767 at most) times any scale: nothing is rounded on the way."""

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
        return Decimal(_signed(pattern, self.bits) if self.signed else pattern)

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest integer."""
        number = int(_number(raw).to_integral_value(ROUND_HALF_EVEN))
        low, high = (-(1 << (self.bits - 1)), 1 << (self.bits - 1)) if self.signed else (0, 1 << self.bits)
        if not low <= number < high:
            raise ValueError(f"{number} does not fit into {'int' if self.signed else 'uint'}{self.bits}")
        return words_of(number % (1 << self.bits), self.count)


@dataclass(frozen=True, slots=True)
class FloatCodec:
    """IEEE 754 binary32 over two registers or binary64 over four."""

    bits: Literal[32, 64]

    @property
    def count(self) -> int:
        """Registers taken."""
        return self.bits // 16

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the float's exact value; None for NaN and the infinities."""
        (value,) = struct.unpack(self._layout, struct.pack(f">{self.count}H", *words))
        return Decimal(value) if math.isfinite(value) else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest float."""
        try:
            return struct.unpack(f">{self.count}H", struct.pack(self._layout, float(_number(raw))))
        except OverflowError as error:
            raise ValueError(f"{raw} does not fit into float{self.bits}") from error

    @property
    def _layout(self) -> str:
        return ">f" if self.bits == 32 else ">d"


@dataclass(frozen=True, slots=True)
class BcdCodec:
    """Packed binary coded decimals: four digits in a register."""

    digits: int

    @property
    def count(self) -> int:
        """Registers taken."""
        return self.digits // 4

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the number, or None if a digit is none."""
        text = f"{pattern_of(words):0{self.digits}x}"
        return Decimal(text) if text.isdecimal() else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest whole number."""
        number = int(_number(raw).to_integral_value(ROUND_HALF_EVEN))
        if not 0 <= number < 10**self.digits:
            raise ValueError(f"{number} does not fit into bcd{4 * self.digits}")
        return words_of(int(str(number), 16), self.count)


@dataclass(frozen=True, slots=True)
class DecadeCodec:
    """A signed decimal exponent in the first byte, then 24 bits of mantissa (Iskra's types T5 and T6)."""

    signed: bool

    @property
    def count(self) -> int:
        """Registers taken."""
        return 2

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return mantissa * 10**exponent."""
        exponent = _signed(words[0] >> 8, 8)
        mantissa = (words[0] & 0xFF) << 16 | words[1]
        return Decimal(_signed(mantissa, 24) if self.signed else mantissa).scaleb(exponent, EXACT)

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest number, with the smallest exponent whose mantissa fits."""
        number = _number(raw)
        low, high = (-(1 << 23), 1 << 23) if self.signed else (0, 1 << 24)
        if number < 0 and not self.signed:
            raise ValueError(f"{raw} does not fit into 24 bits without a sign")
        smallest = max(-128, number.adjusted() - 7) if number else 0
        for exponent in range(smallest, 128):
            mantissa = int(number.scaleb(-exponent, EXACT).to_integral_value(ROUND_HALF_EVEN))
            if low <= mantissa < high:
                return words_of((exponent & 0xFF) << 24 | mantissa & 0xFFFFFF, 2)
        raise ValueError(f"{raw} does not fit into 24 bits and an exponent")


@dataclass(frozen=True, slots=True)
class StringCodec:
    """Text, two characters in a register; ASCII filled up with NUL or blanks, unless its size is known."""

    count: int
    size: int | None = None
    """How many bytes of the registers are the text, where another register says so."""

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the text, or None if it is none.

        A text of known size is exactly those bytes (UTF-8); another ends before the first NUL and loses the
        blanks around it.
        """
        data = pattern_of(words).to_bytes(2 * self.count, "big")
        if self.size is not None:
            return _utf8(data[: self.size])
        text = data.split(b"\0", 1)[0].decode("latin-1").strip()
        return text if text.isascii() and text.isprintable() and text else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of a text, filled up with NUL."""
        data = raw.encode() if isinstance(raw, str) else b""
        ascii_only = self.size is not None or data.isascii()
        if not isinstance(raw, str) or not ascii_only or len(data) > 2 * self.count:
            raise ValueError(f"{raw!r} is not a text of at most {2 * self.count} ASCII characters")
        return words_of(int.from_bytes(data.ljust(2 * self.count, b"\0"), "big"), self.count)


@dataclass(frozen=True, slots=True)
class BytesCodec:
    """Bytes, two in a register, as a text of hexadecimal digits in lower case."""

    count: int
    size: int | None = None
    """How many bytes of the registers count, where another register says so."""

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the bytes."""
        return pattern_of(words).to_bytes(2 * self.count, "big")[: self.size].hex()

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of some bytes, filled up with zeros."""
        try:
            data = bytes.fromhex(raw) if isinstance(raw, str) else None
        except ValueError:
            data = None
        if data is None or len(data) > 2 * self.count:
            raise ValueError(f"{raw!r} is not at most {2 * self.count} bytes in hexadecimal digits")
        return words_of(int.from_bytes(data.ljust(2 * self.count, b"\0"), "big"), self.count)


@dataclass(frozen=True, slots=True)
class ScaleFactorCodec:
    """SunSpec's sunssf: an exponent from -10 to 10; 0x8000, and whatever else lies outside, is none."""

    @property
    def count(self) -> int:
        """Registers taken."""
        return 1

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the exponent."""
        exponent = _signed(words[0], 16)
        return Decimal(exponent) if -10 <= exponent <= 10 else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the register of an exponent."""
        exponent = int(_number(raw).to_integral_value(ROUND_HALF_EVEN))
        if not -10 <= exponent <= 10:
            raise ValueError(f"{exponent} is not an exponent from -10 to 10")
        return (exponent & 0xFFFF,)


@dataclass(frozen=True, slots=True)
class AccumulatorCodec:
    """SunSpec's acc32 and acc64: a counter in which 0 means that there is none."""

    bits: Literal[32, 64]

    @property
    def count(self) -> int:
        """Registers taken."""
        return self.bits // 16

    def decode(self, words: Sequence[int]) -> Raw | None:
        """Return the count, or None for 0."""
        pattern = pattern_of(words)
        return Decimal(pattern) if pattern else None

    def encode(self, raw: Raw) -> tuple[int, ...]:
        """Return the words of the nearest whole number."""
        return IntegerCodec(self.bits, signed=False).encode(raw)


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
    "uint48": IntegerCodec(48, signed=False),
    "int48": IntegerCodec(48, signed=True),
    "uint64": IntegerCodec(64, signed=False),
    "int64": IntegerCodec(64, signed=True),
    "float32": FloatCodec(32),
    "float64": FloatCodec(64),
    "bcd16": BcdCodec(4),
    "bcd32": BcdCodec(8),
    "bcd64": BcdCodec(16),
    "iskra_t5": DecadeCodec(signed=False),
    "iskra_t6": DecadeCodec(signed=True),
    "sunssf": ScaleFactorCodec(),
    "acc32": AccumulatorCodec(32),
    "acc64": AccumulatorCodec(64),
    "char_low": CharLowCodec(),
    "coil": BitCodec(),
}
"""The formats of a fixed length that a profile may name."""

SIZED: Final = ("string", "bytes")
"""The formats whose length the profile says."""

TYPES: Final = (*CODECS, *SIZED)
"""All formats that a profile may name."""

INTEGERS: Final = tuple(name for name, codec in CODECS.items() if isinstance(codec, IntegerCodec))
"""The formats that can be a bit field."""


UNSIGNED: Final = tuple(name for name, codec in CODECS.items() if name in INTEGERS and name[0] == "u")
"""The formats of which a mask can take some bits."""


def codec_of(type_name: str, length: int | None = None, size: int | None = None) -> Codec:
    """Return the codec of a format; `length` (registers) and `size` (bytes) are those of a text or of bytes.

    Raises:
        ValueError: If a text or bytes have no length.
    """
    if type_name not in SIZED:
        return CODECS[type_name]
    if length is None:
        raise ValueError(f"{type_name} needs a length")
    return StringCodec(length, size) if type_name == "string" else BytesCodec(length, size)


def pattern_of(words: Sequence[int]) -> int:
    """Return the words, most significant first, as one unsigned integer."""
    pattern = 0
    for word in words:
        pattern = pattern << 16 | word
    return pattern


def words_of(pattern: int, count: int) -> tuple[int, ...]:
    """Return an unsigned integer as `count` words, most significant first."""
    return tuple(pattern >> 16 * place & 0xFFFF for place in reversed(range(count)))


def _signed(pattern: int, bits: int) -> int:
    return pattern - (1 << bits) if pattern >> (bits - 1) else pattern


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _number(raw: Raw) -> Decimal:
    if not isinstance(raw, Decimal) or not raw.is_finite():
        raise ValueError(f"{raw!r} is not a number")
    return raw
