"""What can be true at a meter, by the fuse and the wires in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_MOST_V: Final = Decimal(330)
"""277 V, the highest nominal voltage against neutral that vehicles are charged with, and a fifth more."""
_NOMINAL_V: Final = 230
_OVER_CURRENT: Final = Decimal("1.6")
"""A fuse of type gG or a B-curve breaker carries this much of its rating for seconds to minutes."""
_STRAY_A: Final = Decimal(5)
_MOST_DC_V: Final = Decimal(1600)
_LEAST_DC_V: Final = Decimal(20)
"""Vehicles on direct current have batteries from some tens to 1500 V, with a margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these a value is not unusual but impossible."""

    most_a: Decimal
    most_w: Decimal
    """Of all phases together."""
    most_v: Decimal = _MOST_V
    """Of a phase against neutral."""


def limits_of(limit_a: int, phases: int, meter_limit_kw: float | None = None) -> Limits:
    """Return the limits of an EVSE's meter.

    `meter_limit_kw` is the power that can flow through the meter, where it is more than the EVSE's own.
    """
    most_a = limit_a * _OVER_CURRENT + _STRAY_A
    if meter_limit_kw is None:
        return Limits(most_a=most_a, most_w=most_a * phases * _MOST_V)
    most_w = Decimal(str(meter_limit_kw)) * 1000
    return Limits(most_a=max(most_a, most_w / _NOMINAL_V), most_w=most_w)


def dc_limits_of(limit_a: int, phases: int, meter_limit_kw: float | None = None) -> Limits:
    """Return the limits of a meter of direct current whose supply is fed by so many amperes of each phase."""
    if meter_limit_kw is None:
        most_w = (limit_a * _OVER_CURRENT + _STRAY_A) * phases * _MOST_V
    else:
        most_w = Decimal(str(meter_limit_kw)) * 1000
    return Limits(most_a=most_w / _LEAST_DC_V + _STRAY_A, most_w=most_w, most_v=_MOST_DC_V)
