from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agent.technician.errors import TechnicianError
from agent.technician.values import shown, typed, unit_of
from drivers.profiles.values import Value
from tests.profiles import shipped_profile

SDM = shipped_profile("eastron-sdm630")
PHOENIX = shipped_profile("phoenix-em-cp-pp-eth")
ENERGY = SDM.point("energy_import")
BITS = replace(SDM.point("power"), bits={0: "door", 3: "relay"}, unit=None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (True, "on"),
        (False, "off"),
        ("B", "B"),
        (frozenset[str](), "none"),
        (frozenset({"b", "a"}), "a, b"),
        (Decimal(0), "0"),
        (Decimal("0E+3"), "0"),
        (Decimal(12_345_678_901), "12345.678901"),
        (Decimal(1_500_000), "1.5"),
    ],
)
def test_values_are_shown_in_the_unit_of_the_profile(value: Value | None, text: str) -> None:
    assert shown(ENERGY, value) == text
    assert unit_of(ENERGY) == "kWh"


def test_what_is_typed_is_in_the_unit_of_the_profile() -> None:
    assert typed(ENERGY, "1.5") == Decimal(1_500_000)
    assert typed(PHOENIX.point("max_current"), "16") == Decimal(16)
    assert typed(PHOENIX.point("enable"), "on") is True
    assert typed(PHOENIX.point("pilot"), "B") == "B"
    assert typed(BITS, "door, relay") == frozenset({"door", "relay"})


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("max_current", "much", "is a number, not 'much'"),
        ("enable", "yes", "is on or off, not 'yes'"),
        ("pilot", "X", "is one of A"),
    ],
)
def test_what_no_point_can_be_is_told(name: str, text: str, problem: str) -> None:
    with pytest.raises(TechnicianError, match=problem):
        typed(PHOENIX.point(name), text)


def test_a_bit_that_is_not_there_is_told() -> None:
    with pytest.raises(TechnicianError, match="window: no such bit"):
        typed(BITS, "window")
