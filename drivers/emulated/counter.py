"""A device's energy counter: counts what passes, overflows like its register, and can be reset. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.profiles.codec import IntegerCodec
from drivers.profiles.point import Point

FLOAT_ENDS_MWH: Final = 1_000_000 * 1_000_000
"""A million kWh: a display that counts to 999999.9 goes on at 0."""


@dataclass(slots=True, kw_only=True)
class Counter:
    """What a meter has counted; `passed_mwh` is what has passed through it since the rig was opened."""

    start_mwh: int
    """What it stood at when nothing had passed."""
    ends_mwh: int | None = None
    """Where it begins at 0 again."""

    def shows_mwh(self, passed_mwh: int) -> int:
        """Return what it shows (mWh)."""
        total_mwh = self.start_mwh + passed_mwh
        return total_mwh if self.ends_mwh is None else total_mwh % self.ends_mwh

    def set(self, shows_mwh: int, passed_mwh: int) -> None:
        """Make it show something else from now on."""
        self.start_mwh = shows_mwh - passed_mwh


def end_of(point: Point, factor: Decimal = Decimal(1)) -> int | None:
    """Return where a register's count ends (mWh): at 2^n for an integer, at a million kWh for a float.

    None if that is further than anything counts.
    """
    codec = point.codec
    if not isinstance(codec, IntegerCodec):
        return FLOAT_ENDS_MWH
    counts = 1 << (codec.bits - 1 if codec.signed else codec.bits)
    return int(counts * point.scale * factor * point.unit_factor) if codec.bits <= 48 else None
