"""A tariff and a cost in the words that a driver reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from agent.costs.records import PersonalText
from agent.display.messages import is_same_language
from agent.tariffs.details import CostDetails
from agent.tariffs.tariff import Prices, Tariff
from agent.tariffs.taxes import payable, taxed

_FREE: Final = "free of charge"
_PRECISE: Final = Decimal("0.0001")


def described(tariff: Tariff, languages: Sequence[str] = ()) -> PersonalText:
    """Return the tariff's description in the language that the driver prefers, else one of its numbers."""
    for wanted in languages:
        for text in tariff.description:
            if text.language is not None and is_same_language(text.language, wanted):
                return text
    return tariff.description[0] if tariff.description else PersonalText(text=in_numbers(tariff))


def in_numbers(tariff: Tariff) -> str:
    """Return the prices of a tariff with tax, such as 0.36 EUR/kWh + 1.20 EUR."""
    parts = (
        (tariff.fixed_fee, ""),
        (tariff.energy, "/kWh"),
        (tariff.charging_time, "/min"),
        (tariff.idle_time, "/min idle"),
    )
    said = [f"{found}{unit}" for prices, unit in parts if (found := _range(prices, tariff.currency))]
    return " + ".join(said) or _FREE


def amount(cost: CostDetails) -> str:
    """Return what is to be paid, such as 3.20 EUR."""
    return f"{payable(cost.payable, cost.currency):f} {cost.currency}"


def _range(prices: Prices | None, currency: str) -> str:
    """Return the lowest and the highest of some prices, "" if they are all zero."""
    if prices is None:
        return ""
    found = [taxed(element.price, prices.taxes) for element in prices.elements]
    lowest, highest = (_price(one, currency) for one in (min(found), max(found)))
    if highest == lowest:
        return f"{lowest} {currency}" if any(found) else ""
    return f"{lowest}-{highest} {currency}"


def _price(price: Decimal, currency: str) -> str:
    """Return a price in whole cents if that is exact, else more precisely."""
    in_cents = payable(price, currency)
    return f"{in_cents if in_cents == price else price.quantize(_PRECISE).normalize():f}"
