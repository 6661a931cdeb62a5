from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from agent.csms.v21.tariff import rates, read
from agent.tariffs.tariff import ALWAYS, Bound, Conditions, TaxRate
from ocppj import codec
from ocppj.messages import v21
from ocppj.versions import Version

WHOLE = b"""{"evseId": 0, "tariff": {"tariffId": "T", "currency": "EUR",
"validFrom": "2026-03-09T12:00:00+01:00",
"description": [{"format": "UTF8", "language": "en", "content": "cheap"},
  {"format": "QRCODE", "content": "https://x"}],
"energy": {"prices": [{"priceKwh": 0.1, "conditions": {"startTimeOfDay": "08:00", "endTimeOfDay": "24:00",
  "dayOfWeek": ["Monday"], "validFromDate": "2026-01-01", "validToDate": "2027-01-01", "evseKind": "AC",
  "minEnergy": 0.5, "maxPower": 11000, "minTime": 60, "maxIdleTime": 5}}, {"priceKwh": 0.30}],
  "taxRates": [{"type": "VAT", "tax": 19}, {"type": "city", "tax": 0.5, "stack": 1}]},
"chargingTime": {"prices": [{"priceMinute": 0.01}]}, "idleTime": {"prices": [{"priceMinute": 0.02}]},
"fixedFee": {"prices": [{"priceFixed": 1,
  "conditions": {"paymentBrand": "VISA", "paymentRecognition": "CC"}}]},
"reservationTime": {"prices": [{"priceMinute": 0.03}]}, "reservationFixed": {"prices": [{"priceFixed": 2}]},
"minCost": {"exclTax": 1.5, "taxRates": [{"type": "VAT", "tax": 19}]}, "maxCost": {"inclTax": 50}}}"""


def test_a_whole_tariff() -> None:
    """Money is exact: it never was a binary fraction."""
    request = codec.decode_request(Version.V21, "SetDefaultTariff", WHOLE)
    assert isinstance(request, v21.SetDefaultTariffRequest)
    found = read(request.tariff)
    assert (found.id, found.currency, found.problem) == ("T", "EUR", None)
    assert found.valid_from == datetime(2026, 3, 9, 11, tzinfo=UTC)
    assert [(one.format, one.text) for one in found.description] == [("UTF8", "cheap"), ("URI", "https://x")]
    assert found.energy is not None
    assert [one.price for one in found.energy.elements] == [Decimal("0.1"), Decimal("0.30")]
    assert found.energy.elements[0].conditions == Conditions(
        from_time=time(8),
        to_time=time(0),
        days=("Monday",),
        from_date=date(2026, 1, 1),
        to_date=date(2027, 1, 1),
        evse_kind="AC",
        min_energy=Decimal("0.5"),
        max_power=Decimal(11000),
        min_time=60,
        max_idle_time=5,
    )
    assert found.energy.elements[1].conditions == ALWAYS
    vat = TaxRate(kind="VAT", percent=Decimal(19))
    city = TaxRate(kind="city", percent=Decimal("0.5"), stack=1)
    assert found.energy.taxes == (vat, city)
    assert found.fixed_fee is not None
    card = Conditions(payment_brand="VISA", payment_recognition="CC")
    assert found.fixed_fee.elements[0].conditions == card
    others = (found.charging_time, found.idle_time, found.reservation_time, found.reservation_fixed)
    said = [one.elements[0].price for one in others if one]
    assert said == [Decimal(number) for number in ("0.01", "0.02", "0.03", "2")]
    assert found.min_cost == Bound(excl_tax=Decimal("1.5"), taxes=(vat,))
    assert found.max_cost == Bound(incl_tax=Decimal(50))


@pytest.mark.parametrize(
    "conditions",
    [
        {"start_time_of_day": "24:30"},
        {"end_time_of_day": "8:00"},
        {"start_time_of_day": "noon"},
        {"valid_from_date": "31.12.2026"},
    ],
)
def test_what_makes_no_sense_is_a_problem(conditions: dict[str, Any]) -> None:
    """I07.FR.05."""
    price = v21.TariffEnergyPriceType(price_kwh=Decimal(1), conditions=v21.TariffConditionsType(**conditions))
    found = read(v21.TariffType(tariff_id="T", currency="EUR", energy=v21.TariffEnergyType(prices=(price,))))
    assert found.id == "T"
    assert found.problem


def test_no_taxes_are_no_member() -> None:
    assert rates(()) is None
