"""TariffType: a tariff as OCPP 2.1 writes it, and as the station calculates with it."""

from __future__ import annotations

from datetime import UTC, date, time
from decimal import Decimal
from itertools import starmap

from msgspec.structs import replace

from agent.costs.records import PersonalText
from agent.tariffs.tariff import ALWAYS, Bound, Conditions, Element, Prices, Tariff, TaxRate
from ocppj.messages import v21

_BOUNDS = (
    "min_time",
    "max_time",
    "min_charging_time",
    "max_charging_time",
    "min_idle_time",
    "max_idle_time",
)
_MEASURED = ("min_energy", "max_energy", "min_current", "max_current", "min_power", "max_power")
_LONGEST_DAY = 24


def read(tariff: v21.TariffType) -> Tariff:
    """Return a tariff in the station's own terms, with a `problem` if it makes no sense (I07.FR.05)."""
    try:
        return _read(tariff)
    except ValueError as error:
        return Tariff(id=tariff.tariff_id, currency=tariff.currency, problem=str(error))


def _read(tariff: v21.TariffType) -> Tariff:
    return Tariff(
        id=tariff.tariff_id,
        currency=tariff.currency,
        description=tuple(map(_text, tariff.description or ())),
        valid_from=None if tariff.valid_from is None else tariff.valid_from.astimezone(UTC),
        energy=_energy(tariff.energy),
        charging_time=_time(tariff.charging_time),
        idle_time=_time(tariff.idle_time),
        fixed_fee=_fixed(tariff.fixed_fee),
        reservation_time=_time(tariff.reservation_time),
        reservation_fixed=_fixed(tariff.reservation_fixed),
        min_cost=_bound(tariff.min_cost),
        max_cost=_bound(tariff.max_cost),
    )


def rates(taxes: tuple[TaxRate, ...]) -> tuple[v21.TaxRateType, ...] | None:
    """Return tax rates as this version writes them; none are no member."""
    return tuple(v21.TaxRateType(type=one.kind, tax=one.percent, stack=one.stack) for one in taxes) or None


def _text(text: v21.MessageContentType) -> PersonalText:
    """Return a description; what is to be drawn as a code is shown as the address that it is."""
    shown = "URI" if text.format == "QRCODE" else text.format
    return PersonalText(text=text.content, format=shown, language=text.language)


def _energy(priced: v21.TariffEnergyType | None) -> Prices | None:
    if priced is None:
        return None
    return _prices([(one.price_kwh, one.conditions) for one in priced.prices], priced.tax_rates)


def _time(priced: v21.TariffTimeType | None) -> Prices | None:
    if priced is None:
        return None
    return _prices([(one.price_minute, one.conditions) for one in priced.prices], priced.tax_rates)


def _fixed(priced: v21.TariffFixedType | None) -> Prices | None:
    if priced is None:
        return None
    return _prices([(one.price_fixed, one.conditions) for one in priced.prices], priced.tax_rates)


def _prices(
    elements: list[tuple[Decimal, v21.TariffConditionsType | v21.TariffConditionsFixedType | None]],
    taxes: tuple[v21.TaxRateType, ...] | None,
) -> Prices:
    return Prices(elements=tuple(starmap(_element, elements)), taxes=_taxes(taxes))


def _element(
    price: Decimal, conditions: v21.TariffConditionsType | v21.TariffConditionsFixedType | None
) -> Element:
    return Element(price=price, conditions=ALWAYS if conditions is None else _conditions(conditions))


def _conditions(said: v21.TariffConditionsType | v21.TariffConditionsFixedType) -> Conditions:
    common = Conditions(
        from_time=_time_of_day(said.start_time_of_day),
        to_time=_time_of_day(said.end_time_of_day),
        days=said.day_of_week or (),
        from_date=_date(said.valid_from_date),
        to_date=_date(said.valid_to_date),
        evse_kind=said.evse_kind,
    )
    if isinstance(said, v21.TariffConditionsFixedType):
        brand, recognition = said.payment_brand, said.payment_recognition
        return replace(common, payment_brand=brand, payment_recognition=recognition)
    bounds = {name: getattr(said, name) for name in _BOUNDS}
    return replace(common, **bounds, **{name: _exact(getattr(said, name)) for name in _MEASURED})


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _time_of_day(text: str | None) -> time | None:
    """Return a time such as 18:00; 24:00 is the midnight that ends the day."""
    if text is None:
        return None
    hour, _, minute = text.partition(":")
    if text == f"{_LONGEST_DAY}:00":
        return time()
    if not (len(hour) == len(minute) == 2 and hour.isdigit() and minute.isdigit()):
        raise ValueError(f"{text} is no time of day such as 18:00")
    return time(int(hour), int(minute))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _bound(price: v21.PriceType | None) -> Bound | None:
    if price is None:
        return None
    return Bound(excl_tax=price.excl_tax, incl_tax=price.incl_tax, taxes=_taxes(price.tax_rates))


def _taxes(taxes: tuple[v21.TaxRateType, ...] | None) -> tuple[TaxRate, ...]:
    return tuple(TaxRate(kind=one.type, percent=one.tax, stack=one.stack or 0) for one in taxes or ())
