"""Physical values: what can be told exactly is, anything else is never told as more than it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.v2g_message.physical import WrongUnit, amount_of, physical

VALUES = st.integers(-32768, 32767)
MULTIPLIERS = st.integers(-3, 3)
LARGEST = Decimal(32767000)


@given(VALUES, MULTIPLIERS)
def test_what_can_be_told_is_told_exactly(value: int, multiplier: int) -> None:
    amount = Decimal(value).scaleb(multiplier)
    told = physical(amount, "V")
    assert amount_of(told, "V") == amount
    assert -32768 <= told["Value"] <= 32767
    assert -3 <= told["Multiplier"] <= 3


@given(st.decimals(-LARGEST, LARGEST, places=6))
def test_anything_else_is_told_a_little_nearer_to_zero(amount: Decimal) -> None:
    told = physical(amount, "A")
    back = amount_of(told, "A")
    assert abs(back) <= abs(amount)
    assert abs(amount - back) < max(Decimal("0.001"), abs(amount) / 3276)
    assert (back < 0) <= (amount < 0)


@given(st.decimals(LARGEST + 1000, LARGEST * 1000, places=2), st.sampled_from([1, -1]))
def test_what_is_too_large_is_the_largest_that_there_is(amount: Decimal, sign: int) -> None:
    told = physical(sign * amount, "W")
    assert told == {"Multiplier": 3, "Unit": "W", "Value": 32767 if sign > 0 else -32768}


@pytest.mark.parametrize(
    ("amount", "multiplier", "value"),
    [
        ("230", 0, 230),
        ("16.5", -1, 165),
        ("0", 0, 0),
        ("50000", 1, 5000),
        ("398.25", -1, 3982),  # two decimals take a larger integer than there is
    ],
)
def test_of_several_ways_the_plainest(amount: str, multiplier: int, value: int) -> None:
    assert physical(Decimal(amount), "V") == {"Multiplier": multiplier, "Unit": "V", "Value": value}


def test_another_unit_is_refused_and_none_at_all_is_taken() -> None:
    with pytest.raises(WrongUnit, match="in A, expected in V"):
        amount_of({"Multiplier": 0, "Unit": "A", "Value": 1}, "V")
    assert amount_of({"Multiplier": -1, "Value": 15}, "V") == Decimal("1.5")
