"""The price of drivers whom the backend tells none: TariffCostCtrlr.DefaultPrice, which is JSON."""

from __future__ import annotations

import logging
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from agent.costs.pricing import ChargingPrice
from agent.variables.checks import ValueRefused
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

DEFAULT_PRICE: Final = "TariffCostCtrlr.DefaultPrice"
HIGHEST_PRICE: Final = 10**7
_FINEST: Final = 9


def check_amount(amount: Decimal, highest: int) -> None:
    """Refuse an amount that is no number, or too large or too fine to be counted with exactly.

    Raises:
        ValueError: If it is one.
    """
    if not amount.is_finite() or abs(amount) >= highest or amount != round(amount, _FINEST):
        raise ValueError(f"{amount} is no amount below {highest} with {_FINEST} decimals at most")


class PriceMembers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """ChargingPrice as it is written."""

    kwh_price: Decimal = msgspec.field(default=Decimal(0), name="kWhPrice")
    hour_price: Decimal = Decimal(0)
    flat_fee: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what nothing can cost."""
        for price in (self.kwh_price, self.hour_price, self.flat_fee):
            check_amount(price, HIGHEST_PRICE)

    def read(self) -> ChargingPrice:
        """Return it as everything else in the agent has it."""
        return ChargingPrice(kwh=self.kwh_price, hour=self.hour_price, flat=self.flat_fee)


class DefaultPrice(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a driver reads, online and offline, and what the station counts with while it is offline."""

    price_text: str = ""
    price_text_offline: str = ""
    charging_price: PriceMembers | None = None


def default_price(settings: DeviceModel) -> DefaultPrice:
    """Return what is set; an empty one if nothing is, or what cannot be read."""
    return _readable(settings.text(DEFAULT_PRICE))


def check(text: str) -> None:
    """Refuse what is no such JSON.

    Raises:
        ValueRefused: With the reason.
    """
    try:
        _read(text)
    except msgspec.DecodeError as error:
        raise ValueRefused(f"no default price: {error}") from error


@lru_cache(maxsize=1)
def _readable(text: str) -> DefaultPrice:
    try:
        return _read(text)
    except msgspec.DecodeError as error:  # only the station file can bring one
        log.error("%s is not used: %s", DEFAULT_PRICE, error)
        return DefaultPrice()


def _read(text: str) -> DefaultPrice:
    return msgspec.json.decode(text, type=DefaultPrice) if text else DefaultPrice()
