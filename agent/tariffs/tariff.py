"""A tariff as the backend sets it, free of any OCPP version.

Structs and not dataclasses: what a tariff does not have takes no room in the state that is stored with it.
Stored as JSON: add members with a default only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from agent.costs.records import PersonalText

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EvseKind = Literal["AC", "DC"]

DAYS: tuple[Day, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all parts of a tariff."""


class Conditions(Record, frozen=True, kw_only=True):
    """When a price holds: all that is said must be so; lower bounds are inclusive, upper ones are not.

    Times of day and dates are local. Energies are in Wh, powers in W, currents in A over all phases, times in
    s. The last two are of fixed prices only, as no bound on usage is.
    """

    from_time: time | None = None
    to_time: time | None = None
    days: tuple[Day, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    evse_kind: EvseKind | None = None
    min_energy: Decimal | None = None
    max_energy: Decimal | None = None
    min_current: Decimal | None = None
    max_current: Decimal | None = None
    min_power: Decimal | None = None
    max_power: Decimal | None = None
    min_time: int | None = None
    max_time: int | None = None
    min_charging_time: int | None = None
    max_charging_time: int | None = None
    min_idle_time: int | None = None
    max_idle_time: int | None = None
    payment_brand: str | None = None
    payment_recognition: str | None = None

    @property
    def is_of_calendar(self) -> bool:
        """Whether the time alone can make them hold or not."""
        return bool(self.from_time or self.to_time or self.days or self.from_date or self.to_date)


ALWAYS = Conditions()


class Element(Record, frozen=True, kw_only=True):
    """One price without tax: for a kWh, for a minute, or as it is; and when it holds."""

    price: Decimal
    conditions: Conditions = ALWAYS


class TaxRate(Record, frozen=True, kw_only=True):
    """A tax in percent; those of a higher stack are on top of price and lower stacks."""

    kind: str
    percent: Decimal
    stack: int = 0


class Prices(Record, frozen=True, kw_only=True):
    """What one kind of usage costs: the first element whose conditions hold (I12.FR.34)."""

    elements: tuple[Element, ...]
    taxes: tuple[TaxRate, ...] = ()


class Bound(Record, frozen=True, kw_only=True):
    """The least or the most that a transaction costs: without tax, with tax, or both."""

    excl_tax: Decimal | None = None
    incl_tax: Decimal | None = None
    taxes: tuple[TaxRate, ...] = ()


class Tariff(Record, frozen=True, kw_only=True):
    """A tariff. `valid_from` None is at once; what has no price is free.

    `problem`: why nobody can calculate with it, where what the backend sent makes no sense.
    """

    id: str
    currency: str
    description: tuple[PersonalText, ...] = ()
    valid_from: datetime | None = None
    energy: Prices | None = None
    charging_time: Prices | None = None
    idle_time: Prices | None = None
    fixed_fee: Prices | None = None
    reservation_time: Prices | None = None
    reservation_fixed: Prices | None = None
    min_cost: Bound | None = None
    max_cost: Bound | None = None
    problem: str | None = None

    @property
    def parts(self) -> Iterator[Prices]:
        """Every list of prices that it has."""
        every = (
            self.energy,
            self.charging_time,
            self.idle_time,
            self.fixed_fee,
            self.reservation_time,
            self.reservation_fixed,
        )
        return (prices for prices in every if prices is not None)

    @property
    def usage_conditions(self) -> Iterator[Conditions]:
        """The conditions of prices that can change during a transaction."""
        for prices in (self.energy, self.charging_time, self.idle_time):
            if prices is not None:
                yield from (element.conditions for element in prices.elements)

    @property
    def has_conditions(self) -> bool:
        """Whether any price depends on anything."""
        return any(element.conditions != ALWAYS for prices in self.parts for element in prices.elements)

    @property
    def most_elements(self) -> int:
        """The most prices that one kind of usage has."""
        return max((len(prices.elements) for prices in self.parts), default=0)
