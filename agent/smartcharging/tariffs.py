"""What energy costs a vehicle that plans by price (ISO 15118): handed on as it came."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

CostKind = Literal["CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One kind of cost: `amount` times 10 to the `exponent`."""

    kind: CostKind
    amount: int
    exponent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """What it costs from this power (W) on."""

    start_w: Decimal
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEntry:
    """What it costs from `start_s` on."""

    start_s: int
    duration_s: int | None = None
    level: int | None = None
    consumptions: tuple[Consumption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesTariff:
    """The prices along a schedule (SalesTariffType)."""

    id: int
    entries: tuple[PriceEntry, ...]
    description: str | None = None
    levels: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOffer:
    """What goes with a schedule to a vehicle that speaks ISO 15118-20, unread.

    `prices`: an absolutePriceSchedule or priceLevelSchedule as JSON, under its name. `power_tolerance`: by
    how much the vehicle may miss its own plan, in the schedule's unit.
    """

    prices: str | None = None
    power_tolerance: Decimal | None = None
    signature_id: int | None = None
    digest: str | None = None
