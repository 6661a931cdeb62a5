from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.conditions import Condition, version
from drivers.profiles.values import Value


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1.2.1", (1, 2, 1)),
        ("V1.10-b2", (1, 10)),
        ("1.2.0", (1, 2)),
        ("0", ()),
        ("REV 3", (3,)),
        ("none", None),
        ("", None),
    ],
)
def test_a_version_is_the_first_number_with_dots(text: str, parts: tuple[int, ...] | None) -> None:
    assert version(text) == parts


@pytest.mark.parametrize(
    ("value", "wanted", "holds"),
    [
        (Decimal(5), Decimal("5.0"), True),
        (Decimal(5), Decimal(6), False),
        ("isoCHA425HV-4", "isoCHA425HV*", True),
        ("isocha425HV", "isoCHA425HV*", False),
        ("RX7", "RX?", True),
        ("[RX]7", "[RX]*", True),
        ("R7", "[RX]*", False),
        ("lit", "lit", True),
        (True, True, True),
        (True, Decimal(2), False),
        (None, Decimal(0), False),
    ],
)
def test_a_value_is_one_of_those_wanted(value: Value | None, wanted: Value, holds: bool) -> None:
    assert Condition(point="p", values=(Decimal(99), wanted)).holds(value) is holds


@pytest.mark.parametrize(
    ("value", "low", "high", "holds"),
    [
        ("1.10", "1.9", None, True),
        ("1.9", "1.10", None, False),
        ("1.2.0", "1.2", "1.2", True),
        ("1.2.1", None, "1.2", False),
        ("beta", "1", None, False),
        (Decimal(17), Decimal(17), None, True),
        (Decimal(17), None, Decimal(16), False),
        (Decimal(17), Decimal(16), Decimal(18), True),
        ("17", Decimal(16), None, False),
        (True, Decimal(0), None, False),
        (None, Decimal(0), None, False),
    ],
)
def test_a_value_is_not_outside_the_bounds(
    value: Value | None, low: Value | None, high: Value | None, holds: bool
) -> None:
    assert Condition(point="p", at_least=low, at_most=high).holds(value) is holds


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=4), st.lists(st.integers(0, 30), min_size=1, max_size=4)
)
def test_of_two_versions_one_is_at_least_the_other(one: list[int], other: list[int]) -> None:
    first, second = (".".join(map(str, parts)) for parts in (one, other))
    up, down = (Condition(point="p", at_least=a).holds(b) for a, b in ((first, second), (second, first)))
    assert up or down
    assert (up and down) is (version(first) == version(second))


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition(point="mode", values=("auto", "off")), "mode is auto or off"),
        (Condition(point="fw", at_least="1.2", at_most="2"), "fw is at least 1.2 and at most 2"),
        (Condition(point="fw", at_most=Decimal(16)), "fw is at most 16"),
    ],
)
def test_a_condition_can_be_told_to_people(condition: Condition, text: str) -> None:
    assert str(condition) == text
