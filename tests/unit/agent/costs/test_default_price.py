from __future__ import annotations

from decimal import Decimal

import pytest

from agent.costs.default_price import DEFAULT_PRICE, check, default_price
from agent.variables.checks import ValueRefused
from tests.unit.agent.hardware import MemorySettings


@pytest.mark.parametrize(
    "text",
    [
        "0.30",
        '{"chargingPrice": {"kWhPrice": "NaN"}}',
        '{"chargingPrice": {"hourPrice": 1e9}}',
        '{"chargingPrice": {"flatFee": 0.00000000001}}',
    ],
)
def test_what_is_no_price_is_refused_and_never_counted_with(text: str) -> None:
    with pytest.raises(ValueRefused):
        check(text)
    settings = MemorySettings(**{DEFAULT_PRICE.replace(".", "__"): text})
    assert default_price(settings).charging_price is None


def test_a_price_is_read_to_the_last_digit() -> None:
    text = '{"priceText": "0.10", "chargingPrice": {"kWhPrice": 0.1, "flatFee": "0.123456789"}}'
    check(text)
    read = default_price(MemorySettings(TariffCostCtrlr__DefaultPrice=text))
    assert read.charging_price is not None
    assert read.charging_price.read().kwh == Decimal("0.1")
    assert read.charging_price.read().flat == Decimal("0.123456789")


def test_no_price_is_no_mistake() -> None:
    check("")
    assert default_price(MemorySettings()).price_text == ""
