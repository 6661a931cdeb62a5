"""Whether a price holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from msgspec import Struct

from agent.tariffs.tariff import ALWAYS, DAYS, Conditions, EvseKind, Prices, Tariff

_MIDNIGHT: Final = time()
_MWH_PER_WH: Final = 1000
_MS_PER_S: Final = 1000


class Circumstances(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What does not change during a transaction: kind of EVSE, and how a card pays."""

    evse_kind: EvseKind = "AC"
    payment_brand: str | None = None
    payment_recognition: str | None = None


class Usage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a transaction has used so far. Time is charging or idle, as long as a vehicle is there."""

    energy_mwh: int = 0
    charging_ms: int = 0
    idle_ms: int = 0

    @property
    def time_ms(self) -> int:
        """Charging and idle together."""
        return self.charging_ms + self.idle_ms


class Flow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes on: energy flows (`is_charging`), the vehicle stands there idle, or there is none (None)."""

    is_charging: bool | None = None
    power_w: Decimal | None = None
    current_a: Decimal | None = None


NOTHING: Final = Usage()
NO_FLOW: Final = Flow()


def first_that_holds(
    prices: Prices | None,
    local: datetime,
    about: Circumstances,
    usage: Usage = NOTHING,
    flow: Flow = NO_FLOW,
) -> int | None:
    """Return which of the prices holds, None if none does: then this usage is free (I12.FR.33, I12.FR.34)."""
    for number, element in enumerate(() if prices is None else prices.elements):
        if holds(element.conditions, local, about, usage, flow):
            return number
    return None


def holds(
    conditions: Conditions,
    local: datetime,
    about: Circumstances,
    usage: Usage = NOTHING,
    flow: Flow = NO_FLOW,
) -> bool:
    """Return whether all conditions hold at this local time; what nobody measures holds for no bound."""
    if conditions == ALWAYS:
        return True
    return (
        _is_the_time(conditions, local)
        and _is_so(conditions.evse_kind, about.evse_kind)
        and _is_so(conditions.payment_brand, about.payment_brand)
        and _is_so(conditions.payment_recognition, about.payment_recognition)
        and all(_is_within(*bounds) for bounds in _bounds(conditions, usage, flow))
    )


def depends_on_calendar(tariff: Tariff) -> bool:
    """Return whether time alone can change a price during a transaction."""
    return any(conditions.is_of_calendar for conditions in tariff.usage_conditions)


def energy_steps_mwh(tariff: Tariff) -> frozenset[int]:
    """Return the energies at which a price may change."""
    return frozenset(
        int(bound * _MWH_PER_WH)
        for conditions in tariff.usage_conditions
        for bound in (conditions.min_energy, conditions.max_energy)
        if bound is not None
    )


def time_steps_ms(tariff: Tariff, usage: Usage, flow: Flow) -> Iterator[int]:
    """Yield after how many more milliseconds of this a price may change by the time that was used."""
    if flow.is_charging is None:
        return
    own_ms = usage.charging_ms if flow.is_charging else usage.idle_ms
    for one in tariff.usage_conditions:
        own = (one.min_charging_time, one.max_charging_time)
        own = own if flow.is_charging else (one.min_idle_time, one.max_idle_time)
        for used_ms, bounds in ((usage.time_ms, (one.min_time, one.max_time)), (own_ms, own)):
            yield from (bound * _MS_PER_S - used_ms for bound in bounds if bound is not None)


def local_time(at: datetime, zone: tzinfo) -> datetime:
    """Return a time as the clock on the wall shows it."""
    return at.astimezone(zone)


def _is_the_time(conditions: Conditions, local: datetime) -> bool:
    day = local.date()
    return (
        _is_of_day(conditions, local.time())
        and (not conditions.days or DAYS[day.weekday()] in conditions.days)
        and (conditions.from_date is None or day >= conditions.from_date)
        and (conditions.to_date is None or day < conditions.to_date)
    )


def _is_of_day(conditions: Conditions, clock: time) -> bool:
    """Return whether this time of day is meant; an end that is no later than the start is of the next day."""
    begin, end = conditions.from_time or _MIDNIGHT, conditions.to_time or _MIDNIGHT
    if begin < end:
        return begin <= clock < end
    return begin == end or clock >= begin or clock < end


def _is_so(wanted: str | None, found: str | None) -> bool:
    return wanted is None or (found is not None and wanted.casefold() == found.casefold())


Limit = Decimal | int | None


def _bounds(
    conditions: Conditions, usage: Usage, flow: Flow
) -> Iterator[tuple[Limit, Limit, Decimal | int | None]]:
    """Yield the lower and upper bound of each quantity, and how much of it there is."""
    wh = Decimal(usage.energy_mwh) / _MWH_PER_WH
    yield conditions.min_energy, conditions.max_energy, wh
    yield conditions.min_current, conditions.max_current, flow.current_a
    yield conditions.min_power, conditions.max_power, flow.power_w
    yield conditions.min_time, conditions.max_time, _seconds(usage.time_ms)
    yield conditions.min_charging_time, conditions.max_charging_time, _seconds(usage.charging_ms)
    yield conditions.min_idle_time, conditions.max_idle_time, _seconds(usage.idle_ms)


def _seconds(ms: int) -> Decimal:
    return Decimal(ms) / _MS_PER_S


def _is_within(lowest: Limit, highest: Limit, value: Decimal | int | None) -> bool:
    """Return whether a quantity is within bounds; negative bounds count away from zero (discharging)."""
    if lowest is None and highest is None:
        return True
    if value is None:
        return False
    is_enough = lowest is None or (value <= lowest if lowest < 0 else value >= lowest)
    return is_enough and (highest is None or (value > highest if highest < 0 else value < highest))
