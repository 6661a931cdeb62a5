"""Price a charging session (OCPI 2.2.1, tariffs and CDRs modules).

Quantities come in exact, as Wh and timestamps: hours at four decimals, as OCPI prints them, would bill 0.5502
for 0.55.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import Enum

import msgspec

from backend.rating.money import ARITHMETIC, FREE, Price, RoundingPolicy, RoundingScope, with_vat
from backend.rating.tariff import Dimension, PriceComponent, PriceLimit, Tariff

WH_PER_KWH = Decimal(1000)
SECONDS_PER_HOUR = Decimal(3600)
MICROSECOND = timedelta(microseconds=1)
UNIT: dict[Dimension, Decimal] = {
    "ENERGY": WH_PER_KWH,
    "TIME": SECONDS_PER_HOUR,
    "PARKING_TIME": SECONDS_PER_HOUR,
    "FLAT": Decimal(1),
}
"""How much of the measured quantity (Wh, s, sessions) one price is for."""


class Activity(Enum):
    """What the vehicle did; decides which dimension the time counts for.

    OCPI corrected PARKING_TIME in 2026: it is time in which the vehicle does not ask for power. Time in which
    the operator withholds power from a vehicle that asks for it is neither charging nor parking: it is free.
    """

    CHARGING = "charging"
    PARKING = "parking"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the session with one activity. `energy_wh` was delivered in it (negative: fed back)."""

    start: datetime
    end: datetime
    activity: Activity
    energy_wh: Decimal

    @property
    def seconds(self) -> Decimal:
        """Real elapsed time: within one zone Python subtracts wall times, and those jump with summer time."""
        elapsed = self.end.astimezone(UTC) - self.start.astimezone(UTC)
        return Decimal(elapsed // MICROSECOND).scaleb(-6)


class CostLine(msgspec.Struct, frozen=True, kw_only=True):
    """One priced dimension of the session. Quantities are Wh for ENERGY, s for times, sessions for FLAT."""

    dimension: Dimension
    measured: Decimal
    billed: Decimal
    price: Decimal
    vat_percent: Decimal | None
    cost: Price

    @property
    def billed_units(self) -> Decimal:
        """The billed quantity in the unit of the price: kWh, h or sessions."""
        return ARITHMETIC.divide(self.billed, UNIT[self.dimension])


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """What a session costs, rounded by the policy. `adjustment` is what min_price or max_price changed."""

    currency: str
    policy: RoundingPolicy
    lines: tuple[CostLine, ...]
    adjustment: Price
    total: Price

    def subtotal(self, dimension: Dimension) -> Price:
        """Return the cost of one dimension."""
        total = FREE
        for line in self.lines:
            if line.dimension == dimension:
                total += line.cost
        return total.rounded(self.policy)


class Quantities(msgspec.Struct, frozen=True):
    """What a session adds up to; with unrestricted tariffs nothing else matters to its price."""

    energy_wh: Decimal
    charging_s: Decimal
    parking_s: Decimal


def rate(tariff: Tariff, periods: Iterable[Period], policy: RoundingPolicy) -> Rating:
    """Price the periods of one session by the tariff that held at its start."""
    return rate_quantities(tariff, add_up(periods), policy)


def rate_quantities(tariff: Tariff, quantities: Quantities, policy: RoundingPolicy) -> Rating:
    """Price what a session adds up to, finished or so far."""
    lines = tuple(_lines(tariff, quantities, policy))
    exact = FREE
    for line in lines:
        exact += line.cost
    limited = _limit(exact, tariff.min_price, tariff.max_price)
    return Rating(
        currency=tariff.currency,
        policy=policy,
        lines=lines,
        adjustment=FREE.rounded(policy) if limited is exact else (limited - exact).rounded(policy),
        total=limited.rounded(policy),
    )


def add_up(periods: Iterable[Period]) -> Quantities:
    """Add up the energy and the times of the periods."""
    energy_wh = charging_s = parking_s = Decimal(0)
    for period in periods:
        energy_wh = ARITHMETIC.add(energy_wh, period.energy_wh)
        if period.activity is Activity.CHARGING:
            charging_s += period.seconds
        elif period.activity is Activity.PARKING:
            parking_s += period.seconds
    return Quantities(energy_wh, charging_s, parking_s)


def _lines(tariff: Tariff, quantities: Quantities, policy: RoundingPolicy) -> Iterable[CostLine]:
    measured: tuple[tuple[Dimension, Decimal], ...] = (
        ("FLAT", Decimal(1)),
        ("ENERGY", quantities.energy_wh),
        ("TIME", quantities.charging_s),
        ("PARKING_TIME", quantities.parking_s),
    )
    parking = tariff.component("PARKING_TIME")
    parking_is_billed = parking is not None and bool(parking.price) and bool(quantities.parking_s)
    for dimension, quantity in measured:
        component = tariff.component(dimension)
        if component is None or not quantity:
            continue
        # Where parking is billed, its step rounds the parking time and the charging time stays as measured.
        stepped = dimension != "FLAT" and not (dimension == "TIME" and parking_is_billed)
        billed = _step_up(quantity, component.step_size) if stepped else quantity
        yield _line(component, quantity, billed, policy)


def _line(component: PriceComponent, measured: Decimal, billed: Decimal, policy: RoundingPolicy) -> CostLine:
    # Multiply first: dividing seconds by 3600 first would not be exact.
    amount = ARITHMETIC.divide(ARITHMETIC.multiply(component.price, billed), UNIT[component.type])
    cost = with_vat(amount, component.vat)
    return CostLine(
        dimension=component.type,
        measured=measured,
        billed=billed,
        price=component.price,
        vat_percent=component.vat,
        cost=cost.rounded(policy) if policy.scope is RoundingScope.LINE else cost,
    )


def _step_up(quantity: Decimal, step: int) -> Decimal:
    """Round a quantity up to whole steps; step 0 means none, and energy fed back is not rounded."""
    if step == 0 or quantity < 0:
        return quantity
    steps = ARITHMETIC.divide(quantity, Decimal(step)).to_integral_value(rounding=ROUND_CEILING)
    return ARITHMETIC.multiply(steps, Decimal(step))


def _limit(cost: Price, low: PriceLimit | None, high: PriceLimit | None) -> Price:
    if low is not None:
        cost = Price(max(cost.excl_vat, low.excl_vat), max(cost.incl_vat, _incl_vat(low, cost)))
    if high is not None:
        cost = Price(min(cost.excl_vat, high.excl_vat), min(cost.incl_vat, _incl_vat(high, cost)))
    return cost


def _incl_vat(limit: PriceLimit, cost: Price) -> Decimal:
    """Return the limit with VAT; one that does not state it takes the session's own ratio."""
    if limit.incl_vat is not None:
        return limit.incl_vat
    if not cost.excl_vat:
        return limit.excl_vat
    return ARITHMETIC.divide(ARITHMETIC.multiply(limit.excl_vat, cost.incl_vat), cost.excl_vat)
