"""RationalNumber: exact both ways, and limits are never told larger."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.iso20.rational import ZERO, decimal, optional, rational, rounded_down

NUMBERS = st.builds(
    lambda value, exponent: {"Value": value, "Exponent": exponent},
    st.integers(-32768, 32767),
    st.integers(-128, 127),
)


@given(NUMBERS)
def test_what_was_told_is_told_again_exactly(number: dict[str, int]) -> None:
    value = decimal(number)
    again = rational(value)
    assert decimal(again) == value
    assert -32768 <= again["Value"] <= 32767
    assert -128 <= again["Exponent"] <= 127


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4))
def test_any_number_is_told_as_it_is_or_nearer_to_zero(value: Decimal) -> None:
    told = decimal(rational(value))
    assert abs(told) <= abs(value)
    assert abs(value) - abs(told) <= abs(value) / 3276
    assert told == 0 or (told > 0) == (value > 0)


def test_whole_numbers_have_no_exponent_where_there_is_room() -> None:
    assert rational(Decimal(11000)) == {"Exponent": 0, "Value": 11000}
    assert rational(Decimal("1E+2")) == {"Exponent": 0, "Value": 100}
    assert rational(Decimal(400000)) == {"Exponent": 2, "Value": 4000}
    assert rational(Decimal(0)) == ZERO
    assert rational(Decimal("1E-300")) == ZERO


@pytest.mark.parametrize("value", ["1E+140", "NaN", "Infinity"])
def test_what_cannot_be_told(value: str) -> None:
    with pytest.raises(ValueError, match="to tell"):
        rational(Decimal(value))


def test_what_is_not_there() -> None:
    assert optional(None) is None
    assert optional({"Value": 5, "Exponent": 1}) == 50


def test_limits_are_rounded_down() -> None:
    assert rounded_down(Decimal("15.99")) == Decimal("15.9")
