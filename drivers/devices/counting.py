"""What a profile says of an energy register as a counter: how fine it is, and where it begins again."""

from __future__ import annotations

import math
from decimal import Decimal

from drivers.profiles.codec import AccumulatorCodec, BcdCodec, FloatCodec, IntegerCodec
from drivers.profiles.point import Point

MANTISSA_BITS = {32: 24, 64: 53}


def step_mwh(point: Point, energy_mwh: Decimal, factor: Decimal) -> int | None:
    """Return how far the register's next count is from this one, in mWh and at least 1; None if not known.

    `factor` is what other registers of the device multiply this one by.
    """
    unit_mwh = _unit_mwh(point, factor)
    match point.codec:
        case IntegerCodec() | AccumulatorCodec() | BcdCodec():
            step = unit_mwh
        case FloatCodec(bits=bits):
            _, exponent = math.frexp(float(energy_mwh / unit_mwh))
            step = unit_mwh * Decimal(2) ** (exponent - MANTISSA_BITS[bits])
        case _:
            return None
    return max(1, math.ceil(step))


def wraps_at_mwh(point: Point, factor: Decimal) -> int | None:
    """Return the energy at which the register, once full, begins at 0 again; None if it has no such end."""
    match point.codec:
        case IntegerCodec(bits=bits, signed=signed):
            counts = 1 << (bits - 1 if signed else bits)
        case AccumulatorCodec(bits=bits):
            counts = 1 << bits
        case BcdCodec(digits=digits):
            counts = 10**digits
        case _:
            return None
    return int(counts * _unit_mwh(point, factor))


def _unit_mwh(point: Point, factor: Decimal) -> Decimal:
    """Return how many mWh the register's number 1 is."""
    return abs(point.scale * factor * point.unit_factor)
