"""What the emulated signing meters have in common, so that a rig need not know which is which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.emulated.signing.signer import Signer
from drivers.profiles.point import Point
from drivers.profiles.values import Value

SIGNING_S: Final = 0.2
"""How long a meter computes before its record is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningMeterParts:
    """What a signing unit knows of the meter that it sits in."""

    signer: Signer
    serial_number: str
    energy_mwh: Callable[[], int]
    """The energy register now."""
    now_s: Callable[[], float]
    """A clock that never jumps."""
    signing_s: float = SIGNING_S


class SigningUnit(Protocol):
    """The part of a meter that signs: what its registers show, and what writing them does."""

    def value_of(self, point: Point) -> Value | None:
        """Return what a point shows; None for one that is not of this unit."""

    def change(self, point: Point, value: Value) -> None:
        """Carry out the write of one point; those that are not of this unit do nothing."""

    def cut_power(self) -> None:
        """Lose what the device does not keep without power; it is back at once."""


def as_hex(text: str) -> str:
    """Return a text's bytes as the hexadecimal digits that a point of type bytes shows."""
    return text.encode().hex()
