"""The price of drivers whom the backend tells none: TariffCostCtrlr.DefaultPrice, which is JSON."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from agent.costs.pricing import ChargingPrice
from agent.variables.checks import ValueRefused
from agent.variables.model import DeviceModel

DEFAULT_PRICE: Final = "TariffCostCtrlr.DefaultPrice"


class PriceMembers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """ChargingPrice as it is written."""

    kwh_price: Decimal = msgspec.field(default=Decimal(0), name="kWhPrice")
    hour_price: Decimal = Decimal(0)
    flat_fee: Decimal = Decimal(0)

    def read(self) -> ChargingPrice:
        """Return it as everything else in the agent has it."""
        return ChargingPrice(kwh=self.kwh_price, hour=self.hour_price, flat=self.flat_fee)


class DefaultPrice(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a driver reads, online and offline, and what the station counts with while it is offline."""

    price_text: str = ""
    price_text_offline: str = ""
    charging_price: PriceMembers | None = None


def default_price(settings: DeviceModel) -> DefaultPrice:
    """Return what is set; an empty one if nothing is."""
    return _read(settings.text(DEFAULT_PRICE))


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
def _read(text: str) -> DefaultPrice:
    return msgspec.json.decode(text, type=DefaultPrice) if text else DefaultPrice()
