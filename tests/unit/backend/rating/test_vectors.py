"""Priced sessions after the examples of OCPI 2.2.1, as numbers: those whose tariff has no restrictions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.rating.money import RoundingPolicy
from backend.rating.rate import Activity, Period, Rating, rate
from backend.rating.tariff import Dimension, load_tariff

START = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text())
BILLED: dict[str, tuple[Dimension, Decimal]] = {
    "ENERGY_kWh": ("ENERGY", Decimal(1000)),
    "TIME_min": ("TIME", Decimal(60)),
    "PARKING_TIME_min": ("PARKING_TIME", Decimal(60)),
}


def periods_of(vector: dict[str, Any]) -> list[Period]:
    periods, at = [], START
    for part in vector["periods"]:
        end = at + timedelta(minutes=part["minutes"])
        energy_wh = Decimal(part["kwh"]) * 1000
        periods.append(Period(at, end, Activity(part["activity"]), energy_wh))
        at = end
    return periods


def rated(vector: dict[str, Any]) -> Rating:
    document: dict[str, Any] = {
        "id": vector["name"],
        "currency": vector["currency"],
        "elements": [{"price_components": vector["prices"]}],
        **{name: vector[name] for name in ("min_price", "max_price") if name in vector},
    }
    tariff = load_tariff(json.dumps(document))
    return rate(tariff, periods_of(vector), RoundingPolicy(decimals=vector["decimals"]))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_published_example_costs_what_it_says(vector: dict[str, Any]) -> None:
    rating = rated(vector)
    assert rating.total.excl_vat == Decimal(vector["excl_vat"])
    if "incl_vat" in vector:
        assert rating.total.incl_vat == Decimal(vector["incl_vat"])


@pytest.mark.parametrize(
    "vector", [each for each in VECTORS if "billed" in each], ids=lambda vector: str(vector["name"])
)
def test_published_example_bills_the_quantity_it_says(vector: dict[str, Any]) -> None:
    billed = {line.dimension: line.billed for line in rated(vector).lines}
    for name, quantity in vector["billed"].items():
        dimension, unit = BILLED[name]
        assert billed[dimension] == Decimal(quantity) * unit


def test_there_are_eighteen_of_them() -> None:
    assert len(VECTORS) == 18
