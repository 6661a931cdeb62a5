from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.rating.tariff import TariffError, TariffRestrictionsUnsupported, dump_tariff, load_tariff

ENERGY = {"type": "ENERGY", "price": 0.25, "vat": 10.0, "step_size": 1}


def document(**members: Any) -> str:
    base: dict[str, Any] = {"id": "T1", "currency": "EUR", "elements": [{"price_components": [ENERGY]}]}
    return json.dumps(base | members)


def test_prices_keep_their_digits() -> None:
    raw = document().replace("0.25", "0.1000000000000000055")
    component = load_tariff(raw).component("ENERGY")
    assert component is not None
    assert component.price == Decimal("0.1000000000000000055")


def test_dump_is_loaded_again_unchanged() -> None:
    tariff = load_tariff(
        document(min_price={"excl_vat": 0.5, "incl_vat": 0.55}, tariff_alt_url="https://x.example")
    )
    dumped = dump_tariff(tariff)
    assert load_tariff(dumped) == tariff
    assert json.loads(dumped)["elements"][0]["price_components"][0]["price"] == 0.25


def test_restrictions_are_refused_and_named() -> None:
    elements = [
        {"price_components": [ENERGY]},
        {"price_components": [ENERGY], "restrictions": {"max_kwh": 10}},
    ]
    with pytest.raises(TariffRestrictionsUnsupported, match=r"elements\[1\].restrictions \(max_kwh\)"):
        load_tariff(document(elements=elements))


def test_empty_restrictions_restrict_nothing() -> None:
    load_tariff(document(elements=[{"price_components": [ENERGY], "restrictions": {}}]))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"currency": "euro"}, "currency"),
        ({"elements": []}, "elements"),
        ({"elements": [{"price_components": [{**ENERGY, "step_sise": 1}]}]}, "step_sise"),
        ({"elements": [{"price_components": [{**ENERGY, "step_size": -1}]}]}, "step_size"),
        ({"elements": [{"price_components": [{**ENERGY, "type": "POWER"}]}]}, "POWER"),
        ({"elements": [{"price_components": [ENERGY, ENERGY]}]}, "more than one price for ENERGY"),
        ({"min_price": {"excl_vat": 2}, "max_price": {"excl_vat": 1}}, "above max_price"),
        ({"start_date_time": "2026-01-01T00:00:00"}, "time zone"),
        ({"tax_included": "YES"}, "tax_included"),
    ],
)
def test_wrong_documents_are_refused_with_the_member(members: dict[str, Any], message: str) -> None:
    with pytest.raises(TariffError, match=message):
        load_tariff(document(**members))


def test_not_json_is_refused() -> None:
    with pytest.raises(TariffError, match="not an OCPI"):
        load_tariff(b"{")


def test_validity_starts_inclusive_and_ends_exclusive() -> None:
    tariff = load_tariff(
        document(start_date_time="2026-01-01T00:00:00Z", end_date_time="2026-02-01T00:00:00Z")
    )
    assert tariff.valid_at(datetime(2026, 1, 1, tzinfo=UTC))
    assert not tariff.valid_at(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert not tariff.valid_at(datetime(2026, 2, 1, tzinfo=UTC))


def test_unpriced_dimensions_are_listed() -> None:
    assert load_tariff(document()).unpriced == ("TIME", "PARKING_TIME", "FLAT")
