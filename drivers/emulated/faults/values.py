"""Faults of what registers show: well coded, and not true."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import ClassVar, Final

from drivers.emulated.faults.fault import ValueFault
from drivers.profiles.codec import words_of
from drivers.profiles.point import Point
from drivers.profiles.values import Value

TEXTS: Final = frozenset({"string", "bytes", "char_low"})
NAN: Final = {"float32": (0x7FC0, 0x0000), "float64": (0x7FF8, 0, 0, 0)}
COUNTED: Final = ("Energy.Active.Import.Register", "Energy.Active.Export.Register")
NOISE_STEP: Final = Decimal("0.000001")

Memory = MutableMapping[str, "Value | None"]


@dataclass(frozen=True, slots=True)
class Frozen(ValueFault):
    """Values stay as they were when it began; the device answers as always."""

    name: ClassVar[str] = "frozen"

    def value(self, point: Point, value: Value | None, memory: Memory, rng: Random) -> Value | None:
        """Return the value that was first seen."""
        del rng
        return memory.setdefault(point.name, value)


@dataclass(frozen=True, slots=True)
class SignFlip(ValueFault):
    """Powers and currents have the wrong sign, as with a current transformer the wrong way round."""

    name: ClassVar[str] = "sign-flip"

    def touches(self, point: Point) -> bool:
        """Concern powers and currents."""
        return point.measurand is not None and point.measurand.startswith(("Power.Active", "Current"))

    def value(self, point: Point, value: Value | None, memory: Memory, rng: Random) -> Value | None:
        """Negate numbers."""
        del point, memory, rng
        return -value if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Noise(ValueFault):
    """Values jump around the truth by up to a fraction of it; counters do not."""

    fraction: float = 0.05
    name: ClassVar[str] = "noise"

    def __post_init__(self) -> None:
        """Refuse noise without size (ValueError)."""
        if not 0 < self.fraction <= 100:
            raise ValueError(f"a fraction of {self.fraction} is not between 0 and 100")

    def touches(self, point: Point) -> bool:
        """Concern what is measured and does not count."""
        return point.measurand is not None and point.measurand not in COUNTED

    def value(self, point: Point, value: Value | None, memory: Memory, rng: Random) -> Value | None:
        """Move numbers, differently every time."""
        del point, memory
        if not isinstance(value, Decimal):
            return value
        return (value * Decimal(1 + self.fraction * rng.uniform(-1, 1))).quantize(NOISE_STEP)


@dataclass(frozen=True, slots=True)
class WordSwap(ValueFault):
    """Registers of a value come in the wrong order."""

    name: ClassVar[str] = "word-swap"

    def touches(self, point: Point) -> bool:
        """Concern measured values that take several registers."""
        return point.measurand is not None and point.count > 1 and point.type not in TEXTS

    def words(self, point: Point, words: tuple[int, ...]) -> tuple[int, ...]:
        """Turn the order round."""
        del point
        return words[::-1]


@dataclass(frozen=True, slots=True)
class Sentinel(ValueFault):
    """Registers hold the device's own pattern for "no value"; without one, NaN or all ones."""

    name: ClassVar[str] = "sentinel"

    def words(self, point: Point, words: tuple[int, ...]) -> tuple[int, ...]:
        """Replace the registers."""
        if point.sentinels:
            pattern = words_of(point.sentinels[0], len(words))
        else:
            pattern = NAN.get(point.type, (0xFFFF,) * len(words))
        return pattern if point.word_order == "big" else pattern[::-1]
