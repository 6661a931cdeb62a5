"""What a session costs so far, asked at every event: `rate`, with the preparation done once."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from backend.rating.money import ARITHMETIC, RoundingPolicy, RoundingScope, with_vat
from backend.rating.rate import Quantities, rate_quantities
from backend.rating.tariff import Dimension, Tariff

WH_PER_KWH = 1000
US_PER_SECOND = 1_000_000
US_PER_HOUR = 3600 * US_PER_SECOND
MICROSECONDS = Decimal(US_PER_SECOND)
ONE = Decimal(1)


class _Part(NamedTuple):
    """The price of one dimension: per `unit` of whole Wh or µs, billed in whole steps."""

    price: Decimal
    step: int
    unit: int
    vat_factor: Decimal


class RunningCost:
    """The cost with VAT by one tariff and one rounding; always what `rate` says."""

    def __init__(self, tariff: Tariff, policy: RoundingPolicy) -> None:
        self.policy = policy
        self._tariff = tariff
        self._is_plain = (
            policy.scope is RoundingScope.TOTAL and tariff.min_price is None and tariff.max_price is None
        )
        flat = tariff.component("FLAT")
        self._fixed = Decimal(0) if flat is None else with_vat(flat.price, flat.vat).incl_vat
        self._energy = _part(tariff, "ENERGY", WH_PER_KWH, 1)
        self._time = _part(tariff, "TIME", US_PER_HOUR, US_PER_SECOND)
        self._unstepped_time = None if self._time is None else self._time._replace(step=0)
        self._parking = _part(tariff, "PARKING_TIME", US_PER_HOUR, US_PER_SECOND)
        self._parking_absorbs_steps = self._parking is not None and bool(self._parking.price)

    def incl_vat(self, energy_wh: int, charging_us: int, parking_us: int) -> Decimal:
        """Return the cost of that much energy (Wh, not negative), charging and parking (µs)."""
        if not self._is_plain:
            return self._rated(energy_wh, charging_us, parking_us)
        time = self._unstepped_time if parking_us and self._parking_absorbs_steps else self._time
        total = self._fixed
        for part, quantity in ((self._energy, energy_wh), (time, charging_us), (self._parking, parking_us)):
            if part is None or not quantity:
                continue
            price, step, unit, vat_factor = part
            billed = -(-quantity // step) * step if step else quantity
            amount = ARITHMETIC.divide(ARITHMETIC.multiply(price, billed), unit)
            total = ARITHMETIC.add(total, ARITHMETIC.multiply(amount, vat_factor))
        return self.policy.round(total)

    def _rated(self, energy_wh: int, charging_us: int, parking_us: int) -> Decimal:
        quantities = Quantities(Decimal(energy_wh), charging_us / MICROSECONDS, parking_us / MICROSECONDS)
        return rate_quantities(self._tariff, quantities, self.policy).total.incl_vat


def _part(tariff: Tariff, dimension: Dimension, unit: int, step_unit: int) -> _Part | None:
    component = tariff.component(dimension)
    if component is None:
        return None
    vat_factor = with_vat(ONE, component.vat).incl_vat
    return _Part(component.price, component.step_size * step_unit, unit, vat_factor)
