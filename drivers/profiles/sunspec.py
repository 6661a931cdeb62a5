"""Finds a SunSpec model in a device: the walk along its map, without any IO.

A map begins with "SunS" at one of a few addresses. After it come models, each an id, a length and as many
registers; 0xFFFF ends the map. The owner reads what `wants` says and gives the registers to `take`, until
`found` is set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.profiles.links import SunSpec
from drivers.profiles.model import ADDRESSES

MARK: Final = (0x5375, 0x6E53)
""""SunS"."""
END: Final = 0xFFFF
HEADER: Final = 2
"""Registers of the mark, and of a model's id and length."""
MOST_MODELS: Final = 100
"""A map with more is none."""


class SunSpecError(Exception):
    """The device has no such model, or no map that can be walked; the message says what was there instead."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Holding registers to read."""

    address: int
    count: int


class ModelWalk:
    """One search for one model."""

    def __init__(self, where: SunSpec) -> None:
        self._where = where
        self._bases = list(where.bases)
        self._at = self._bases.pop(0)
        self._in_map = False
        self._seen: list[int] = []
        self.found: int | None = None
        """The address of the model's id register, once it is known."""

    @property
    def wants(self) -> Chunk:
        """What to read next, while nothing is found."""
        return Chunk(self._at, HEADER)

    def take(self, registers: Sequence[int] | None) -> None:
        """Go on with the registers that were wanted; None if the device says that it has none there.

        Raises:
            SunSpecError: If there is no map, no such model in it, or something that is no map.
        """
        if registers is not None and len(registers) != HEADER:
            raise ValueError(f"{HEADER} registers were wanted, not {len(registers)}")
        if self._in_map:
            self._next_model(registers)
        elif registers is not None and tuple(registers) == MARK:
            self._in_map = True
            self._at += HEADER
        elif self._bases:
            self._at = self._bases.pop(0)
        else:
            raise SunSpecError(f"no SunSpec map at {' or '.join(map(str, self._where.bases))}")

    def _next_model(self, registers: Sequence[int] | None) -> None:
        if registers is None:
            raise SunSpecError(f"the SunSpec map breaks off at {self._at}, after {self._models()}")
        model, length = registers
        if model == self._where.model:
            self.found = self._at
            return
        if model == END:
            raise SunSpecError(f"no SunSpec model {self._where.model}, only {self._models()}")
        self._seen.append(model)
        self._at += HEADER + length
        if length == 0 or len(self._seen) > MOST_MODELS or self._at + HEADER > ADDRESSES:
            raise SunSpecError(f"the SunSpec map has no end: it goes on with {self._models()}")

    def _models(self) -> str:
        """Return the models met last, for a complaint."""
        shown = [str(model) for model in self._seen[-20:]]
        return f"model {', '.join(shown)}" if shown else "no model"
