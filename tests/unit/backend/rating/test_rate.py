from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from backend.rating.money import FREE, Price, RoundingMode, RoundingPolicy, RoundingScope
from backend.rating.rate import Activity, Period, rate
from backend.rating.tariff import Tariff, load_tariff

START = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
CENTS = RoundingPolicy()
EXACT = RoundingPolicy(decimals=6)


def tariff(*components: dict[str, Any], **members: Any) -> Tariff:
    elements = [{"price_components": list(components)}]
    return load_tariff(json.dumps({"id": "T", "currency": "EUR", "elements": elements, **members}))


def price(dimension: str, amount: float, step_size: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": dimension, "price": amount, "step_size": step_size, **more}


def lasting(minutes: float, activity: Activity = Activity.CHARGING, energy_wh: int = 0) -> Period:
    return Period(START, START + timedelta(minutes=minutes), activity, Decimal(energy_wh))


def test_withheld_time_is_neither_charging_nor_parking() -> None:
    """A vehicle that waits for the grid owes no idle fee (OCPI 2.2.1 with the correction of 2026)."""
    rating = rate(
        tariff(price("TIME", 6), price("PARKING_TIME", 12)),
        [lasting(10), lasting(30, Activity.WITHHELD)],
        CENTS,
    )
    assert rating.total == Price(Decimal("1.00"), Decimal("1.00"))
    assert [line.dimension for line in rating.lines] == ["TIME"]


def test_idle_time_is_not_billed_as_charging() -> None:
    rating = rate(tariff(price("TIME", 6)), [lasting(10), lasting(600, Activity.PARKING)], CENTS)
    assert rating.total.excl_vat == Decimal("1.00")


def test_free_parking_does_not_absorb_the_time_step() -> None:
    """Periods that cost nothing are not counted for step_size."""
    rating = rate(
        tariff(price("TIME", 6, step_size=600), price("PARKING_TIME", 0, step_size=600)),
        [lasting(11), lasting(1, Activity.PARKING)],
        CENTS,
    )
    assert {line.dimension: line.billed for line in rating.lines} == {
        "TIME": Decimal(1200),
        "PARKING_TIME": Decimal(600),
    }


def test_energy_step_is_taken_once_per_session() -> None:
    rating = rate(
        tariff(price("ENERGY", 1, step_size=1000)),
        [lasting(10, energy_wh=400), lasting(10, energy_wh=400)],
        CENTS,
    )
    assert rating.lines[0].measured == Decimal(800)
    assert rating.lines[0].billed == Decimal(1000)
    assert rating.lines[0].billed_units == Decimal(1)


def test_energy_fed_back_is_credited_as_measured() -> None:
    rating = rate(tariff(price("ENERGY", 0.5, step_size=1000)), [lasting(60, energy_wh=-1500)], CENTS)
    assert rating.total.excl_vat == Decimal("-0.75")


def test_clock_change_does_not_change_the_quantity() -> None:
    """02:30 to 03:30 on the last Sunday of October is one hour on a wall in Berlin and two hours of time."""
    berlin = ZoneInfo("Europe/Berlin")
    start, end = datetime(2026, 10, 25, 2, 30, tzinfo=berlin), datetime(2026, 10, 25, 3, 30, tzinfo=berlin)
    rating = rate(tariff(price("TIME", 3)), [Period(start, end, Activity.CHARGING, Decimal(0))], CENTS)
    assert rating.total.excl_vat == Decimal("6.00")


def test_five_minutes_are_not_a_rounded_hour() -> None:
    """0.0834 h at 6.60 would be 0.5504."""
    assert rate(tariff(price("TIME", 6.6)), [lasting(5)], EXACT).total.excl_vat == Decimal("0.55")


def test_dimension_without_a_component_is_free() -> None:
    rating = rate(tariff(price("ENERGY", 0.5)), [lasting(600, Activity.PARKING)], CENTS)
    assert rating.lines == ()
    assert rating.total == FREE.rounded(CENTS)


def test_first_element_with_the_dimension_wins() -> None:
    document = {
        "id": "T",
        "currency": "EUR",
        "elements": [
            {"price_components": [price("ENERGY", 0.4)]},
            {"price_components": [price("ENERGY", 0.1), price("FLAT", 1)]},
        ],
    }
    rating = rate(load_tariff(json.dumps(document)), [lasting(10, energy_wh=10_000)], CENTS)
    assert rating.total.excl_vat == Decimal("5.00")
    assert rating.subtotal("ENERGY").excl_vat == Decimal("4.00")
    assert rating.subtotal("FLAT").excl_vat == Decimal("1.00")


def test_absent_vat_stays_apart_from_zero_vat() -> None:
    rating = rate(tariff(price("FLAT", 1), price("ENERGY", 1, vat=0)), [lasting(1, energy_wh=1000)], CENTS)
    assert {line.dimension: line.vat_percent for line in rating.lines} == {"FLAT": None, "ENERGY": Decimal(0)}


def test_limit_without_vat_takes_the_ratio_of_the_session() -> None:
    rating = rate(
        tariff(price("ENERGY", 1, vat=20), max_price={"excl_vat": 10}), [lasting(1, energy_wh=50_000)], CENTS
    )
    assert rating.total == Price(Decimal("10.00"), Decimal("12.00"))
    assert rating.adjustment == Price(Decimal("-40.00"), Decimal("-48.00"))


def test_minimum_of_a_session_that_cost_nothing() -> None:
    rating = rate(tariff(price("ENERGY", 1, vat=20), min_price={"excl_vat": 2}), [], CENTS)
    assert rating.total == Price(Decimal("2.00"), Decimal("2.00"))


def test_rounding_per_line_and_per_total_differ_and_both_are_kept() -> None:
    components = (price("TIME", 0.3), price("PARKING_TIME", 0.3))
    periods = [lasting(1), lasting(1, Activity.PARKING)]
    per_line = rate(tariff(*components), periods, RoundingPolicy(scope=RoundingScope.LINE))
    per_total = rate(tariff(*components), periods, RoundingPolicy(scope=RoundingScope.TOTAL))
    assert (per_line.total.excl_vat, per_total.total.excl_vat) == (Decimal("0.02"), Decimal("0.01"))


def test_half_even_is_kept_apart_from_half_up() -> None:
    periods = [lasting(1, energy_wh=125)]
    even = rate(tariff(price("ENERGY", 1)), periods, RoundingPolicy(mode=RoundingMode.HALF_EVEN))
    up = rate(tariff(price("ENERGY", 1)), periods, RoundingPolicy(mode=RoundingMode.HALF_UP))
    assert (even.total.excl_vat, up.total.excl_vat) == (Decimal("0.12"), Decimal("0.13"))


parts = st.lists(
    st.builds(
        lasting,
        st.integers(0, 3000),
        st.sampled_from(list(Activity)),
        st.integers(0, 100_000),
    ),
    max_size=6,
)


@given(parts, st.integers(0, 3600), st.decimals(0, 10, places=4))
def test_billed_is_never_below_measured_nor_a_whole_step_above(
    periods: list[Period], step: int, amount: Decimal
) -> None:
    rated = rate(
        tariff(
            price("ENERGY", float(amount), step),
            price("TIME", float(amount), step),
            price("PARKING_TIME", 1, step),
        ),
        periods,
        EXACT,
    )
    for line in rated.lines:
        assert line.measured <= line.billed < line.measured + max(step, 1)


@given(parts, parts)
def test_a_longer_session_never_costs_less(before: list[Period], more: list[Period]) -> None:
    prices = tariff(price("ENERGY", 0.3, 100), price("TIME", 1.2, 60), price("FLAT", 0.5, vat=19))
    short, long = rate(prices, before, CENTS).total, rate(prices, before + more, CENTS).total
    assert short.excl_vat <= long.excl_vat
    assert short.incl_vat <= long.incl_vat
