"""What a session costs between two words of the backend (California pricing requirements). Pure, exact.

The backend says what was due at a moment and for what it charges from there; the station goes on counting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_WH_PER_KWH: Final = 1000
_HOUR: Final = timedelta(hours=1)
_HYSTERESIS: Final = Decimal("0.05")
"""By what part of the threshold the power must leave it again before it counts as crossed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingPrice:
    """What charging costs: for each kWh, for each hour, and once."""

    kwh: Decimal = Decimal(0)
    hour: Decimal = Decimal(0)
    flat: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePrice:
    """What standing here without charging costs for each hour after a grace period."""

    hour: Decimal = Decimal(0)
    grace: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The prices that hold from a moment on."""

    at: datetime
    charging: ChargingPrice
    idle: IdlePrice = IdlePrice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What was due at a moment and a count of the meter, and the prices from there on.

    `idle_since` is when the backend began to call it idle, None while it charges.
    """

    at: datetime
    meter_wh: int
    due: Decimal
    charging: ChargingPrice = ChargingPrice()
    idle: IdlePrice = IdlePrice()
    idle_since: datetime | None = None
    next_period: Period | None = None


def following(before: Anchor | None, anchor: Anchor) -> Anchor:
    """Return an anchor that came after another: who was idle already has used up some of the grace."""
    if before is None or before.idle_since is None or anchor.idle_since is None:
        return anchor
    return replace(anchor, idle_since=before.idle_since)


def due_at(anchor: Anchor, now: datetime, meter_wh: int) -> Decimal:
    """Return what is due now; the prices of the next period hold once `turned` has been asked."""
    if anchor.idle_since is not None:
        begin = max(anchor.at, anchor.idle_since + anchor.idle.grace)
        return anchor.due + anchor.idle.hour * _hours(begin, now)
    energy = Decimal(max(0, meter_wh - anchor.meter_wh)) / _WH_PER_KWH
    return anchor.due + anchor.charging.kwh * energy + anchor.charging.hour * _hours(anchor.at, now)


def turned(anchor: Anchor, now: datetime, meter_wh: int) -> Anchor:
    """Return the anchor of the next period once it has begun: what was due then, and its prices."""
    period = anchor.next_period
    if period is None or now < period.at:
        return anchor
    due = due_at(anchor, period.at, meter_wh)
    return replace(
        anchor,
        at=period.at,
        meter_wh=meter_wh,
        due=due if anchor.idle_since is not None else due + period.charging.flat,
        charging=period.charging,
        idle=period.idle,
        next_period=None,
    )


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """Return an amount with so many decimals, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _hours(begin: datetime, end: datetime) -> Decimal:
    lasting = max(timedelta(), end - begin)
    return Decimal(lasting // timedelta(microseconds=1)) / Decimal(_HOUR // timedelta(microseconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """When the backend wants meter values besides the usual ones; power is crossed both ways."""

    at: datetime | None = None
    energy_kwh: Decimal | None = None
    power_kw: Decimal | None = None
    statuses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there was to be seen of a session, as far as triggers go."""

    at: datetime
    energy_kwh: Decimal
    power_kw: Decimal | None
    status: str
    is_above: bool | None = None
    """Whether the power was last above the threshold; None if it is not known."""


def crossed(triggers: Triggers, before: Seen | None, now: Seen) -> tuple[bool, Seen]:
    """Return whether meter values are due, and what was seen, for the next time."""
    is_above = _is_above(triggers.power_kw, now.power_kw, None if before is None else before.is_above)
    now = replace(now, is_above=is_above)
    if before is None:
        return False, now
    is_due = (
        (triggers.at is not None and before.at < triggers.at <= now.at)
        or (triggers.energy_kwh is not None and before.energy_kwh < triggers.energy_kwh <= now.energy_kwh)
        or (before.is_above is not None and is_above is not before.is_above)
        or (now.status != before.status and now.status in triggers.statuses)
    )
    return is_due, now


def _is_above(limit: Decimal | None, power: Decimal | None, before: bool | None) -> bool | None:
    if limit is None or power is None:
        return before
    if before is None:
        return power >= limit
    return power > limit * (1 - _HYSTERESIS) if before else power >= limit * (1 + _HYSTERESIS)
